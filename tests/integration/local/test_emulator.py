"""The emulator keeps tables, pictures and unread stream records, however its owner ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import boto3
import pytest

from local.emulator import Emulator, EmulatorError
from local.state import State
from local.streams import StreamReader, sequence
from tests.support.emulator import REGION
from tests.support.stack import ROOT

TABLE = {
    "TableName": "things",
    "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
    "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
    "BillingMode": "PAY_PER_REQUEST",
    "StreamSpecification": {"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"},
}
OWNER = """
import sys, time
from pathlib import Path
from local.emulator import Emulator
print(Emulator(Path(sys.argv[1])).endpoint, flush=True)
time.sleep(600)
"""


def _client(service: str, endpoint: str) -> Any:
    keys = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}
    return boto3.client(service, endpoint_url=endpoint, region_name=REGION, **keys)


def _owner(data_dir: Path) -> tuple[subprocess.Popen[str], str]:
    process = subprocess.Popen(
        [sys.executable, "-c", OWNER, str(data_dir)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert process.stdout
    return process, process.stdout.readline().strip()


def _fill(endpoint: str) -> None:
    pictures = _client("s3", endpoint)
    pictures.create_bucket(Bucket="pictures", CreateBucketConfiguration={"LocationConstraint": REGION})
    pictures.put_object(Bucket="pictures", Key="a/b.webp", Body=b"picture", ContentType="image/webp")
    tables = _client("dynamodb", endpoint)
    tables.create_table(**TABLE)
    for number in range(3):
        tables.put_item(TableName="things", Item={"id": {"S": str(number)}, "raw": {"B": b"\x00\xff"}})


def _is_saved(state: Path) -> bool:
    """All that `_fill` made: the first save may have come while it was at it."""
    marks = {"s3.json": "'pictures'", "dynamodb.json": '"2": '}
    return all((state / name).exists() and mark in (state / name).read_text() for name, mark in marks.items())


def _check(endpoint: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert _client("dynamodb", endpoint).scan(TableName="things")["Count"] == 3
    picture = _client("s3", endpoint).get_object(Bucket="pictures", Key="a/b.webp")
    assert (picture["Body"].read(), picture["ContentType"]) == (b"picture", "image/webp")
    assert len(_read(endpoint, State(None), monkeypatch)) == 3


def _read(endpoint: str, state: State, monkeypatch: pytest.MonkeyPatch, limit: int = 10) -> list[Any]:
    for name, value in {"AWS_ACCESS_KEY_ID": "t", "AWS_SECRET_ACCESS_KEY": "t", "AWS_DEFAULT_REGION": REGION}.items():
        monkeypatch.setenv(name, value)
    reader = StreamReader(state, "test", "things", endpoint)
    found = reader.read(limit)
    if found is None:
        return []
    reader.commit(found[0], found[1][-1])
    return found[1]


def test_everything_is_there_after_the_owner_and_its_group_were_killed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner, endpoint = _owner(tmp_path)
    _fill(endpoint)
    os.killpg(owner.pid, signal.SIGKILL)
    owner.wait()
    again = Emulator(tmp_path)  # waits until the one before has saved
    try:
        _check(again.endpoint, monkeypatch)
    finally:
        again.stop()


def test_a_sudden_death_of_the_emulator_itself_costs_seconds_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = Emulator(tmp_path)
    _fill(first.endpoint)
    until = time.monotonic() + 20
    while not _is_saved(tmp_path / "aws" / "state") and time.monotonic() < until:
        time.sleep(0.1)
    first._process.kill()
    first.stop()
    again = Emulator(tmp_path)
    try:
        _check(again.endpoint, monkeypatch)
    finally:
        again.stop()


def test_starting_stopping_and_starting_again_takes_little_time(tmp_path: Path) -> None:
    began = time.monotonic()
    for _ in range(2):
        emulator = Emulator(tmp_path)
        assert emulator.is_alive()
        emulator.stop()
        assert not emulator.is_alive()
    assert time.monotonic() - began < 10


def test_reading_a_stream_goes_on_behind_what_was_done_also_after_a_restart(
    emulator: Emulator, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    tables = _client("dynamodb", emulator.endpoint)
    tables.create_table(**TABLE)
    for number in range(5):
        tables.put_item(TableName="things", Item={"id": {"S": str(number)}, "raw": {"B": b"\x00\xff"}})
    path = tmp_path / "local.sqlite3"
    first = _read(emulator.endpoint, State(path), monkeypatch, limit=3)
    second = _read(emulator.endpoint, State(path), monkeypatch, limit=3)
    third = _read(emulator.endpoint, State(path), monkeypatch, limit=3)
    tables.delete_table(TableName="things")
    assert [len(first), len(second), len(third)] == [3, 2, 0]
    assert sequence(first[-1]) < sequence(second[0])
    image = first[0]["dynamodb"]["NewImage"]
    assert image["raw"] == {"B": "AP8="}
    assert first[0]["eventSourceARN"].startswith(f"arn:aws:dynamodb:{REGION}:")
    assert isinstance(first[0]["dynamodb"]["ApproximateCreationDateTime"], float)


def test_a_missing_emulator_is_told_with_what_to_do(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("STARBID_EMULATOR", str(tmp_path))
    with pytest.raises(EmulatorError, match=r"make \.venv-emulator"):
        Emulator(None)


def test_an_emulator_that_does_not_start_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    python = tmp_path / "python"
    python.write_text("#!/bin/sh\nexit 3\n")
    python.chmod(0o700)
    monkeypatch.setenv("STARBID_EMULATOR", str(tmp_path))
    with pytest.raises(EmulatorError, match=r"did not start; see .*emulator\.log"):
        Emulator(tmp_path / "data")
