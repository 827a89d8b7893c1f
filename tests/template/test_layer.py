"""The layer that `make build` made, in a Python that has nothing else: what was left out of it is not missed."""

import os
import subprocess
from pathlib import Path

import boto3
import pytest

ROOT = Path(__file__).resolve().parents[2]
LAYER = ROOT / ".aws-sam" / "build" / "CommonLayer" / "python"
RUNTIME = ("botocore", "jmespath", "dateutil", "six.py")
PROGRAM = """
import io
from PIL import Image, ImageCms, ImageDraw
for kind in ("PNG", "JPEG", "WEBP"):
    buffer = io.BytesIO()
    picture = Image.new("RGB", (64, 64), "red")
    ImageDraw.Draw(picture).rectangle((1, 1, 9, 9), fill="blue")
    picture.save(buffer, kind)
    with Image.open(io.BytesIO(buffer.getvalue()), formats=["PNG", "JPEG", "WEBP"]) as again:
        again.load()
        again.convert("RGB").save(io.BytesIO(), "JPEG")
srgb = ImageCms.createProfile("sRGB")
ImageCms.profileToProfile(picture, srgb, srgb)
from starbid.observability import count, logger
logger("test").info("a line")
count("test", "Things")
import starbid.bootstrap, starbid.storage.store, starbid.telegram.messenger
from starbid.storage.clients import MODELS, client
assert MODELS.is_dir()
for service in ("dynamodb", "s3", "scheduler", "sqs", "ssm"):
    client(service)
print("all there")
"""


def python() -> str | None:
    found = subprocess.run([ROOT / "scripts/find-python", "3.13"], capture_output=True, text=True, check=False)
    return found.stdout.strip() or None


@pytest.mark.skipif(not LAYER.is_dir() and "CI" not in os.environ, reason="not built: make build")
def test_the_built_layer_decodes_pictures_logs_and_makes_its_clients(tmp_path):
    interpreter = python()
    if interpreter is None:
        pytest.skip("no Python 3.13 here")
    packages = Path(boto3.__file__).parent.parent
    for name in RUNTIME:
        (tmp_path / name).symlink_to(packages / name)
    environment = {
        "PYTHONPATH": f"{LAYER}:{tmp_path}",
        "AWS_DEFAULT_REGION": "eu-central-1",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
    }
    ran = subprocess.run(
        [interpreter, "-S", "-s", "-c", PROGRAM], env=environment, capture_output=True, text=True, check=False
    )
    assert ran.stdout.strip().endswith("all there"), ran.stderr
