"""The built layer, in a Python that has nothing else: nothing is missing."""

import os
import subprocess
from pathlib import Path

import boto3
import pytest

ROOT = Path(__file__).resolve().parents[2]
BUILD = ROOT / ".aws-sam" / "build"
LAYER = BUILD / "CommonLayer" / "python"
RUNTIME = ("botocore", "jmespath", "dateutil", "six.py")
"""Packages of the Lambda runtime, besides urllib3, which the layer has too."""
PROGRAM = Path(__file__).with_name("in_layer.py")


def python() -> str | None:
    found = subprocess.run([ROOT / "scripts/find-python", "3.13"], capture_output=True, text=True, check=False)
    return found.stdout.strip() or None


@pytest.mark.skipif(not LAYER.is_dir() and "CI" not in os.environ, reason="not built: make build")
def test_nothing_that_was_left_out_of_the_layer_is_missed(tmp_path: Path) -> None:
    interpreter = python()
    if interpreter is None:
        pytest.skip("no Python 3.13 here")
    packages = Path(boto3.__file__).parent.parent
    for name in RUNTIME:
        (tmp_path / name).symlink_to(packages / name)
    functions = sorted(BUILD.glob("*Function"))
    ours = sorted({path.parent.name for function in functions for path in function.glob("*/__init__.py")})
    environment = {
        "PYTHONPATH": ":".join(map(str, (*functions, LAYER, tmp_path))),
        "AWS_DEFAULT_REGION": "eu-central-1",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
    }
    ran = subprocess.run(
        [interpreter, "-S", "-s", PROGRAM, "starbid", *ours],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.stdout.strip().endswith("all there"), ran.stderr
