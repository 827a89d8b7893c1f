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


DICTIONARY = BUILD / "WordFormsLayer" / "python"
FOUND = """
import sys
from starbid.storage.catalogue.terms import index_terms, query_terms
import notifier.projection

assert "pymorphy3" not in sys.modules, "imported before a lot is listed"
assert set(query_terms("сумок детям")) <= index_terms("Сумка", "Для ребёнка")
print("all there")
"""
CONVERTER = BUILD / "AssistantLayer" / "python"
SHOWN = """
import sys
from starbid.telegram.markdown import TelegramMarkdown

assert "telegramify_markdown" not in sys.modules, "imported before an answer is shown"
(part,) = TelegramMarkdown().parts(r"**all** `there` $\\sqrt{4}$", 4096)
assert (part.text, len(part.marks)) == ("all there √4\u0305", 3), part
assert not {"PIL", "aiohttp", "asyncio", "telegram"} & set(sys.modules)
print("all there")
"""
PUSH = BUILD / "PushLayer" / "python"
ENCRYPTED = """
import sys
from starbid.bootstrap import app
import notifier.sender

assert "cryptography" not in sys.modules, "imported before a browser is told something"
from starbid.domain.base64url import to_bytes
from starbid.domain.push_addresses import PushAddress
from starbid.further.push.encryption import encrypted
from starbid.further.push.vapid import Vapid, new_keys

private, public = new_keys()
assert len(encrypted(b"{}", PushAddress("https://push.example.net/a", to_bytes(public), bytes(16)))) == 105
Vapid(private, public, "mailto:push@example.net")
print("all there")
"""
built = pytest.mark.skipif(not LAYER.is_dir() and "CI" not in os.environ, reason="not built: make build")


def ran(tmp_path: Path, paths: list[Path], *program: object) -> subprocess.CompletedProcess[str]:
    """A program in a Python that has the Lambda's packages and `paths`."""
    interpreter = python()
    if interpreter is None:
        pytest.skip("no Python 3.13 here")
    packages = Path(boto3.__file__).parent.parent
    for name in RUNTIME:
        (tmp_path / name).symlink_to(packages / name)
    environment = {
        "PYTHONPATH": ":".join(map(str, (*paths, tmp_path))),
        "AWS_DEFAULT_REGION": "eu-central-1",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
    }
    command = [interpreter, "-S", "-s", *map(str, program)]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


@built
def test_nothing_that_was_left_out_of_the_layer_is_missed(tmp_path: Path) -> None:
    functions = sorted(BUILD.glob("*Function"))
    ours = sorted({path.parent.name for function in functions for path in function.glob("*/__init__.py")})
    done = ran(tmp_path, [*functions, LAYER, PUSH], PROGRAM, "starbid", *ours)
    assert done.stdout.strip().endswith("all there"), done.stderr


@built
def test_the_projector_finds_its_dictionary_in_its_own_layer(tmp_path: Path) -> None:
    done = ran(tmp_path, [BUILD / "ProjectorFunction", LAYER, DICTIONARY], "-c", FOUND)
    assert done.stdout.strip() == "all there", done.stderr


@built
def test_the_layer_of_all_functions_has_no_dictionary() -> None:
    assert not list(LAYER.glob("pymorphy3*"))
    assert sum(path.stat().st_size for path in DICTIONARY.rglob("*")) < 16_000_000


@pytest.mark.skipif(not CONVERTER.is_dir() and "CI" not in os.environ, reason="not built: make build")
def test_answers_are_shown_with_the_layer_of_the_helper(tmp_path: Path) -> None:
    done = ran(tmp_path, [LAYER, CONVERTER], "-c", SHOWN)
    assert done.stdout.strip() == "all there", done.stderr
    assert sum(path.stat().st_size for path in CONVERTER.rglob("*")) < 4_000_000


@pytest.mark.skipif(not PUSH.is_dir() and "CI" not in os.environ, reason="not built: make build")
def test_messages_to_browsers_are_encrypted_with_the_layer_of_the_sender(tmp_path: Path) -> None:
    done = ran(tmp_path, [BUILD / "SenderFunction", LAYER, PUSH], "-c", ENCRYPTED)
    assert done.stdout.strip() == "all there", done.stderr
    assert sum(path.stat().st_size for path in PUSH.rglob("*")) < 17_000_000
