"""Opens the SQLite files of the local run: complete after a crash or a power cut, and never mistaken for empty."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from local.files import former_of, sync_directory


class DamagedDatabase(Exception):
    """A file is damaged or unusable; the message names it and says what to do."""


def open_database(path: Path | None, schema: str, table: str) -> sqlite3.Connection:
    """A connection that threads may share, in autocommit mode. `table` is one that every such file contains.

    An existing file is checked, and its content is copied to `.former` next to it. None stores nothing at all.
    Raises DamagedDatabase, and has changed nothing then.
    """
    if path is None:
        return _connect(":memory:", schema)
    with _naming(path):
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if was_kept(path):
            _check(path, table)
            _keep_former(path)
        else:
            _create(path, schema)
        return _connect(path, schema)


def was_kept(path: Path) -> bool:
    """Whether there is, or was, such a file."""
    return any(one.exists() for one in (path, former_of(path), path.with_name(f"{path.name}-wal")))


def look_into(path: Path, table: str) -> list[tuple[Any, ...]]:
    """Check an existing file without changing it; returns the rows of `table`. Raises DamagedDatabase."""
    with _naming(path):
        return _check(path, table)


@contextmanager
def _naming(path: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise DamagedDatabase(_words(path, str(error))) from error
    except OSError as error:
        raise DamagedDatabase(f"{error.filename or path} cannot be used ({error.strerror})") from error


def _connect(path: Path | str, schema: str) -> sqlite3.Connection:
    database = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
    database.execute("PRAGMA journal_mode = WAL")
    database.execute("PRAGMA synchronous = FULL")
    database.executescript(schema)
    return database


def _create(path: Path, schema: str) -> None:
    """Under another name first: a file of this name always has its tables, so an empty one has lost them."""
    part = _private(path.with_name(f"{path.name}.tmp"))
    with closing(sqlite3.connect(part)) as database:
        database.executescript(schema)
    part.replace(path)
    sync_directory(path.parent)


def _check(path: Path, table: str) -> list[tuple[Any, ...]]:
    if not path.is_file():
        raise DamagedDatabase(_words(path, "it is a folder" if path.exists() else "it is missing"))
    if path.stat().st_size == 0:
        raise DamagedDatabase(_words(path, "it is empty"))
    siblings = [path.with_name(f"{path.name}-{what}") for what in ("wal", "shm")]
    made = [one for one in siblings if not one.exists()]  # even a read-only open makes them
    try:
        return _rows_once_checked(path, table)
    finally:
        for one in made:
            one.unlink(missing_ok=True)


def _rows_once_checked(path: Path, table: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as database:
        found = [row[0] for row in database.execute("PRAGMA quick_check(1)")]
        if found != ["ok"]:
            raise DamagedDatabase(_words(path, str(found[0] if found else "it cannot be checked")))
        if not database.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (table,)).fetchone():
            raise DamagedDatabase(_words(path, "it is a database of something else"))
        return database.execute(f"SELECT * FROM {table}").fetchall()  # noqa: S608 - a name of ours


def _keep_former(path: Path) -> None:
    part = _private(path.with_name(f"{path.name}.tmp"))
    with closing(sqlite3.connect(path)) as database, closing(sqlite3.connect(part)) as copy:
        copy.execute("PRAGMA synchronous = OFF")  # a copy damaged by a power cut was not needed
        database.backup(copy)
    part.replace(former_of(path))


def _private(path: Path) -> Path:
    """An empty file that others cannot read, replacing any other."""
    path.unlink(missing_ok=True)
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    return path


def _words(path: Path, what: str) -> str:
    former = former_of(path)
    way = "Set DATA_DIR to another folder to start over."
    if former.exists():
        way = (
            f"To go back to when the run before started, delete {path}-wal and {path}-shm and copy {former} to {path}; "
            "or set DATA_DIR to another folder to start over."
        )
    return f"{path} is damaged ({what}). Nothing was changed. {way}"
