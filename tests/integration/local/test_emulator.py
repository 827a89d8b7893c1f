"""The emulator keeps tables, pictures and unread stream records, however its owner ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from local.emulator import Emulator, EmulatorError
from local.state import State
from local.streams import sequence
from tests.support.emulator import REGION, client
from tests.support.stack import ROOT
from tests.support.things import TABLE, check, fill, read

OWNER = """
import sys, time
from pathlib import Path
from local.emulator import Emulator
print(Emulator(Path(sys.argv[1])).endpoint, flush=True)
time.sleep(600)
"""


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


def test_everything_is_there_after_the_owner_and_its_group_were_killed(tmp_path: Path) -> None:
    owner, endpoint = _owner(tmp_path)
    fill(endpoint)
    os.killpg(owner.pid, signal.SIGKILL)
    owner.wait()
    again = Emulator(tmp_path)  # waits until the one before has saved
    try:
        check(again.endpoint)
    finally:
        again.stop()


def test_it_starts_stops_and_starts_again(tmp_path: Path) -> None:
    for _ in range(2):
        emulator = Emulator(tmp_path)
        assert emulator.is_alive()
        emulator.stop()
        assert not emulator.is_alive()


def test_reading_a_stream_goes_on_behind_what_was_done_also_after_a_restart(emulator: Emulator, tmp_path: Path) -> None:
    tables = client("dynamodb", emulator.endpoint)
    tables.create_table(**TABLE)
    for number in range(5):
        tables.put_item(TableName="things", Item={"id": {"S": str(number)}, "raw": {"B": b"\x00\xff"}})
    path = tmp_path / "local.sqlite3"
    first = read(emulator.endpoint, State(path), limit=3)
    second = read(emulator.endpoint, State(path), limit=3)
    third = read(emulator.endpoint, State(path), limit=3)
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
