"""The directory that the local run's data lives in: for one run at a time, private, and with all its parts."""

from __future__ import annotations

import fcntl
import os
import time
from pathlib import Path
from typing import TextIO

from local.files import make_private, open_private
from local.state import State

STATE = Path("local.sqlite3")
TABLES = Path("aws/state/dynamodb.json")
CHATS = Path("telegram/telegram.sqlite3")
LOCK_SECONDS = 6.0
"""A run that ends takes about so long."""

_OURS = ("local.sqlite3", "lock", "emulator.log", "aws", "telegram", "failed")


class DataDirError(Exception):
    """The directory cannot be used; the message names it, or what is wrong in it."""


def lock_data(data_dir: Path) -> TextIO:
    """Keep other runs off the data; one that is just ending is waited for. Raises DataDirError."""
    try:
        data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = os.fdopen(open_private(data_dir / "lock"), "w")
    except OSError as error:
        raise DataDirError(f"DATA_DIR {data_dir} cannot be written to ({error.strerror})") from error
    until = time.monotonic() + LOCK_SECONDS
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return lock
        except OSError as error:
            if time.monotonic() > until:
                lock.close()
                raise DataDirError(f"another run uses {data_dir}; set DATA_DIR to another directory") from error
            time.sleep(0.05)


def open_state(data_dir: Path) -> State:
    """Clock, queues and secrets, and a look whether what belongs with them is there.

    Raises DataDirError and DamagedDatabase.
    """
    for name in _OURS:
        make_private(data_dir / name)
    if (data_dir / TABLES).exists() and not list(data_dir.glob(f"{STATE.name}*")):
        raise _missing(data_dir / STATE)
    state = State(data_dir / STATE)
    for part in (TABLES, CHATS):
        if state.note(_note(part)) and not list((data_dir / part).parent.glob(f"{part.name}*")):
            state.close()
            raise _missing(data_dir / part)
    return state


def note_kept(state: State, part: Path) -> None:
    """From now on a part of the data is there: without it the rest would contradict what people were told."""
    state.set_note(_note(part), "1")


def _note(part: Path) -> str:
    return f"kept.{part}"


def _missing(part: Path) -> DataDirError:
    return DataDirError(
        f"{part} is missing, and what else is in the data directory needs it. Nothing was changed. "
        "Put it back, or set DATA_DIR to another folder to begin anew."
    )
