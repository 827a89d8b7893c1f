"""The data directory of the local run: for one run at a time, private, and complete."""

from __future__ import annotations

import fcntl
import os
import time
from contextlib import nullcontext
from pathlib import Path
from typing import TextIO

from local.database import look_into, was_kept
from local.emulator_store import DamagedStore, check_store
from local.files import make_private, open_private
from local.state import State

STATE = Path("local.sqlite3")
TABLES = Path("aws/state/dynamodb.json")
CHATS = Path("telegram/telegram.sqlite3")
LOCK_SECONDS = 6.0
"""A run needs about this long to end."""
SAVE_SECONDS = 15.0
"""An emulator whose run died may need this long to save."""

_OURS = ("local.sqlite3", "lock", "emulator.log", "aws", "telegram", "failed")


class DataDirError(Exception):
    """The directory cannot be used; the message names it, or the problem in it."""


def lock_data(data_dir: Path) -> TextIO:
    """Keep other runs off the data; wait for one that is just ending. Raises DataDirError."""
    try:
        data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = os.fdopen(open_private(data_dir / "lock"), "w")
    except OSError as error:
        raise DataDirError(f"DATA_DIR {data_dir} cannot be written to ({error.strerror})") from error
    if not _is_locked(lock, LOCK_SECONDS):
        lock.close()
        raise DataDirError(f"another run uses {data_dir}; set DATA_DIR to another directory")
    return lock


def _is_locked(file: TextIO, seconds: float) -> bool:
    """Lock a file, waiting for other owners; False if they keep it longer."""
    until = time.monotonic() + seconds
    while True:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
        except OSError:
            if time.monotonic() > until:
                return False
            time.sleep(0.05)


def open_state(data_dir: Path) -> State:
    """Clock, queues and secrets. Every part of the data is checked first: if one is refused, none has changed.

    Raises DataDirError and DamagedDatabase.
    """
    _check_all(data_dir)
    for name in _OURS:
        make_private(data_dir / name)
    return State(data_dir / STATE)


def _check_all(data_dir: Path) -> None:
    if (data_dir / TABLES).exists() and not list(data_dir.glob(f"{STATE.name}*")):
        raise _missing(data_dir / STATE)
    kept = {key for key, _ in look_into(data_dir / STATE, "notes")} if was_kept(data_dir / STATE) else set()
    for part in (TABLES, CHATS):
        if _note(part) in kept and not list((data_dir / part).parent.glob(f"{part.name}*")):
            raise _missing(data_dir / part)
    if was_kept(data_dir / CHATS):
        look_into(data_dir / CHATS, "people")
    _check_tables((data_dir / TABLES).parent)


def _check_tables(directory: Path) -> None:
    """Nothing is read while an emulator whose run died is still saving."""
    lock = directory.parent / "lock"
    with lock.open() if lock.is_file() else nullcontext() as file:
        if file and not _is_locked(file, SAVE_SECONDS):
            raise DataDirError(f"another run's AWS emulator uses {directory.parent}; set DATA_DIR to another directory")
        try:
            check_store(directory)
        except DamagedStore as error:
            raise DataDirError(str(error)) from error


def note_kept(state: State, part: Path) -> None:
    """From now on this part of the data must exist: without it the rest would be inconsistent."""
    state.set_note(_note(part), "1")


def _note(part: Path) -> str:
    return f"kept.{part}"


def _missing(part: Path) -> DataDirError:
    return DataDirError(
        f"{part} is missing, and what else is in the data directory needs it. Nothing was changed. "
        "Put it back, or set DATA_DIR to another folder to start over."
    )
