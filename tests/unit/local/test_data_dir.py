"""Every part of the data is checked before any of it is written."""

from __future__ import annotations

import fcntl
import json
import threading
from pathlib import Path

import pytest

from local import data_dir
from local.data_dir import CHATS, STATE, TABLES, DataDirError, note_kept, open_state
from local.database import DamagedDatabase
from local.emulator_store import ChangeLog, Store
from local.telegram.store import Store as Chats


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    """What a run leaves behind."""
    state = open_state(tmp_path)
    for part in (TABLES, CHATS):
        (tmp_path / part).parent.mkdir(parents=True)
        note_kept(state, part)
    state.close()
    Chats(tmp_path / CHATS).close()
    directory = (tmp_path / TABLES).parent
    ChangeLog(directory, 1).close()
    Store(directory).save(1, json.dumps({"tables": {"a": 1}}))
    (tmp_path / "aws" / "lock").touch()
    return tmp_path


def _content(directory: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in directory.rglob("*") if path.is_file()}


def test_what_is_whole_is_opened(kept: Path) -> None:
    open_state(kept).close()
    assert (kept / "local.sqlite3.former").exists()


@pytest.mark.parametrize("name", [STATE, TABLES, CHATS, "aws/state/s3.json", "aws/s3/b/k.meta.json"])
def test_where_one_part_is_damaged_no_other_is_written(kept: Path, name: str | Path) -> None:
    (kept / name).parent.mkdir(parents=True, exist_ok=True)
    (kept / name).write_bytes(b"garbage")
    before = _content(kept)
    with pytest.raises((DataDirError, DamagedDatabase), match=str(kept / name)):
        open_state(kept)
    assert _content(kept) == before


@pytest.mark.parametrize("name", [STATE, TABLES, CHATS])
def test_where_one_part_is_missing_no_other_is_written(kept: Path, name: Path) -> None:
    (kept / name).unlink()
    before = _content(kept)
    with pytest.raises((DataDirError, DamagedDatabase), match="missing"):
        open_state(kept)
    assert _content(kept) == before


def test_an_emulator_that_still_saves_is_waited_for(kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with (kept / "aws" / "lock").open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        monkeypatch.setattr(data_dir, "SAVE_SECONDS", 0.0)
        with pytest.raises(DataDirError, match="another run's AWS emulator"):
            open_state(kept)
        monkeypatch.setattr(data_dir, "SAVE_SECONDS", 10.0)
        whole = (kept / TABLES).read_bytes()
        (kept / TABLES).write_bytes(b"half of i")

        def finish() -> None:
            (kept / TABLES).write_bytes(whole)
            fcntl.flock(lock, fcntl.LOCK_UN)

        saving = threading.Timer(0.2, finish)
        saving.start()
        open_state(kept).close()
        saving.join()
