"""The SQLite files of the local run: damage is told by name, and never written over."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from local.database import DamagedDatabase, open_database
from local.state import State
from local.telegram.store import Store

SCHEMA = "CREATE TABLE IF NOT EXISTS notes (key TEXT PRIMARY KEY, value TEXT NOT NULL);"


def _kept(path: Path, value: str) -> None:
    state = State(path)
    state.set_note("a", value)
    state.close()


def _files(directory: Path) -> dict[str, bytes | None]:
    return {path.name: path.read_bytes() if path.is_file() else None for path in directory.iterdir()}


def _noise(path: Path) -> None:
    path.write_bytes(b"garbage" * 1000)


def _short_noise(path: Path) -> None:
    path.write_bytes(b"x")


def _emptied(path: Path) -> None:
    path.write_bytes(b"")


def _truncated(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:5000])


def _a_page_of_zeros(path: Path) -> None:
    whole = path.read_bytes()
    path.write_bytes(whole[:4096] + b"\0" * 4096 + whole[8192:])


def _another_database(path: Path) -> None:
    path.unlink()
    with sqlite3.connect(path) as database:
        database.execute("CREATE TABLE bookmarks (a)")
    database.close()


def _a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def _removed(path: Path) -> None:
    path.unlink()


DAMAGES = (
    *(_noise, _short_noise, _emptied, _truncated, _a_page_of_zeros, _another_database, _a_folder, _removed),
)  # fmt: skip


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("kind", [State, Store])
def test_a_damaged_file_is_refused_by_name_and_left_alone(
    tmp_path: Path, damage: Callable[[Path], None], kind: type[State | Store]
) -> None:
    path = tmp_path / "local.sqlite3"
    for _ in range(2):
        kind(path).close()
    damage(path)
    before = _files(tmp_path)
    with pytest.raises(DamagedDatabase) as refused:
        kind(path)
    assert str(path) in str(refused.value)
    assert f"copy {path}.former to {path}" in str(refused.value)
    assert _files(tmp_path) == before


def test_a_garbage_file_without_a_former_one_is_refused_too(tmp_path: Path) -> None:
    path = tmp_path / "local.sqlite3"
    _noise(path) if path.exists() else path.write_bytes(b"garbage")
    with pytest.raises(DamagedDatabase, match=r"local\.sqlite3 is damaged .* another folder to start over"):
        State(path)
    assert path.read_bytes() == b"garbage"


def test_what_was_there_at_the_start_before_can_be_taken_back(tmp_path: Path) -> None:
    path = tmp_path / "local.sqlite3"
    _kept(path, "first")
    _kept(path, "second")
    _noise(path)
    shutil.copy(tmp_path / "local.sqlite3.former", path)
    state = State(path)
    assert state.note("a") == "first"
    state.close()


def test_nobody_else_may_read_them(tmp_path: Path) -> None:
    path = tmp_path / "new" / "local.sqlite3"
    _kept(path, "first")
    state = State(path)
    state.set_note("a", "b")
    assert len(list(path.parent.iterdir())) == 4  # with the former, -wal and -shm
    assert {one.stat().st_mode & 0o777 for one in path.parent.iterdir()} == {0o600}
    assert path.parent.stat().st_mode & 0o777 == 0o700
    state.close()


def test_each_commit_is_on_the_disk_before_it_counts(tmp_path: Path) -> None:
    database = open_database(tmp_path / "a", SCHEMA, "notes")
    assert database.execute("PRAGMA synchronous").fetchone() == (2,)
    assert database.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    database.close()


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(DamagedDatabase, match="file"):
        State(tmp_path / "file" / "local.sqlite3")
