"""Keeps the emulator's tables on disk: a save of everything, and a log of what changed since.

A directory has `dynamodb.json` (the numbered save), `changes-<number>.log` (the changes after that save) and
`dynamodb.json.former` with its log. A change counts once its line is on the disk (`fsync`), so neither a crash nor a
power cut loses what was confirmed. Replaying the former save's log leads to the save and beyond it: copying the former
save over a damaged one loses nothing. A damaged file is never read as empty and never overwritten.
"""

from __future__ import annotations

import json
import os
import re
import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from local.files import former_of, open_private, sync_directory, write_whole

_LOG = re.compile(r"changes-([0-9]{1,18})\.log")
_START_OVER = "To start over, set DATA_DIR to another folder."
_UNFINISHED = re.compile(rb"(?:[0-9a-f]{0,8}|[0-9a-f]{8} (?:\[[^\0]*)?)\0*", re.DOTALL)
"""A line's beginning, and the zeros that a power cut may leave after it."""
_HEAD = re.compile(rb'\{"__ministack_format__": 3, "number": ([0-9]{1,18}), "crc32": ([0-9]{1,10}), "payload": ')
"""The exact beginning of a save. A single `}` ends it; the checksum covers number and payload."""
Hook = Callable[[dict[str, Any]], Any]
_sync_data: Callable[[int], None] = getattr(os, "fdatasync", os.fsync)


class DamagedStore(Exception):
    """A file is damaged; the message names it and says what to do."""


class ChangeLog:
    """The log after one save. Each line is a checksum and a JSON list of changes confirmed together.

    The first line says which log it is, which tells a file that lost its content from one that never had any.
    """

    def __init__(self, directory: Path, number: int) -> None:
        """Starts a log, or continues one without changes. Raises OSError."""
        self.path = log_path(directory, number)
        self.size = 0
        self._descriptor = open_private(self.path, os.O_APPEND)
        if os.fstat(self._descriptor).st_size == 0:
            self._put(_line(_name(number)))
        os.fsync(self._descriptor)
        sync_directory(directory)

    def write(self, changes: list[str]) -> None:
        """Returns once these changes, each JSON, are on the disk. Raises OSError."""
        line = _line(f"[{','.join(changes)}]".encode())
        self.size += len(line)
        self._put(line)
        _sync_data(self._descriptor)

    def _put(self, line: bytes) -> None:
        while line:
            line = line[os.write(self._descriptor, line) :]

    def close(self) -> None:
        os.close(self._descriptor)


def log_path(directory: Path, number: int) -> Path:
    return directory / f"changes-{number}.log"


def _name(number: int) -> bytes:
    return b'["after save %d"]' % number


def _line(text: bytes) -> bytes:
    return b"%08x %b\n" % (zlib.crc32(text), text)


@dataclass(frozen=True, slots=True)
class Log:
    """A log's content. It `is_begun` once it has its first line, and `is_whole` if no line is unfinished."""

    changes: list[Any]
    is_begun: bool
    is_whole: bool


def read_log(directory: Path, number: int, hook: Hook | None = None) -> Log:
    """The changes in order. An unfinished last line was never confirmed and is left out.

    Raises DamagedStore.
    """
    path = log_path(directory, number)
    *lines, rest = _read(path).split(b"\n")
    changes: list[Any] = []
    for index, line in enumerate(lines, start=1):
        text = line[9:]
        if line != _line(text)[:-1] or (index == 1 and text != _name(number)):
            raise _damaged_log(path, index)
        changes += json.loads(text, object_hook=hook) if index > 1 else []
    if not _UNFINISHED.fullmatch(rest):
        raise _damaged_log(path, len(lines) + 1)
    return Log(changes, is_begun=bool(lines), is_whole=not rest)


def _damaged_log(path: Path, line: int) -> DamagedStore:
    return DamagedStore(
        f"{path} is damaged in line {line}. Nothing was changed. What follows was confirmed, but rests on what that "
        f"line said: to go on with what came before it, cut the file off there. {_START_OVER}"
    )


@dataclass(frozen=True, slots=True)
class Kept:
    """A store's content: the last number in use, the save (None if there never was one), and the changes after it. It
    `is_bare` if there is only the save, and its log can be started."""

    number: int
    payload: Any
    changes: list[Any]
    is_bare: bool


class Store:
    """One directory's save and logs. `hook` turns the save's JSON objects back into Python objects."""

    def __init__(self, directory: Path, hook: Hook | None = None) -> None:
        self._directory = directory
        self._hook = hook
        self._saved: int | None = None
        self.path = directory / "dynamodb.json"

    def load(self) -> Kept:
        """Reads, and writes nothing. Raises DamagedStore."""
        logs = self._logs()
        if not self.path.exists() and not self._was_used(logs):
            return Kept(max(logs, default=0), None, [], is_bare=False)
        number, payload = self._read_save()
        self._saved = number
        last = max([*logs, number])
        read = [self._read_log(one, number) for one in range(number if number in logs else max(number, 1), last + 1)]
        changes = [change for log in read for change in log.changes]
        return Kept(
            last, payload, changes, is_bare=last == number and not changes and all(log.is_whole for log in read)
        )

    def save(self, number: int, payload: str) -> None:
        """Store JSON as the save of this number, whose log exists. Delete logs that the former save does not need."""
        checksum = _checksum(number, payload.encode())
        head = f'{{"__ministack_format__": 3, "number": {number}, "crc32": {checksum}, "payload": '
        write_whole(self.path, f"{head}{payload}}}")
        for old in self._logs():
            if self._saved is not None and old < self._saved:
                log_path(self._directory, old).unlink(missing_ok=True)
        self._saved = number

    def _logs(self) -> list[int]:
        names = (_LOG.fullmatch(path.name) for path in self._directory.glob("*"))
        return sorted(int(match[1]) for match in names if match)

    def _was_used(self, logs: Iterable[int]) -> bool:
        siblings = [former_of(self.path), buckets_path(self._directory)]
        changes = (read_log(self._directory, number).changes for number in logs)
        return any(path.exists() for path in siblings) or any(changes)

    def _read_save(self) -> tuple[int, Any]:
        """Nothing is used before its checksum is verified."""
        try:
            text = _read(self.path)
            head = _HEAD.match(text)
            if not head or not text.endswith(b"}"):
                raise DamagedStore(f"{self.path} is damaged, or of a version before the first release")
            number, body = int(head[1]), text[head.end() : -1]
            if _checksum(number, body) != int(head[2]):
                raise DamagedStore(f"{self.path} does not have the checksum it was written with")
            payload = _parsed(self.path, body, self._hook)
        except DamagedStore as error:
            raise self._damage(str(error)) from error
        if not isinstance(payload, dict) or "tables" not in payload:
            raise self._damage(f"{self.path} is no save of tables")
        return number, payload

    def _read_log(self, number: int, save: int) -> Log:
        """Each log up to the last exists, and that of the save was started before the save was made."""
        path = log_path(self._directory, number)
        if not path.exists():
            raise DamagedStore(f"{path} is missing: it holds what changed. {_START_OVER}")
        log = read_log(self._directory, number, self._hook)
        if number == save and not log.is_begun:
            raise _damaged_log(path, 1)
        return log

    def _damage(self, what: str) -> DamagedStore:
        former = former_of(self.path)
        way = "There is no former save."
        if former.exists():
            way = f"The save before it is kept: copy {former} to {self.path}; the logs next to it hold the rest."
        return DamagedStore(f"{what}. Nothing was changed. {way} {_START_OVER}")


def read_buckets(directory: Path, hook: Hook | None = None) -> Any:
    """The settings of buckets; None if nothing was stored. Raises DamagedStore."""
    path = buckets_path(directory)
    if not path.exists():
        return None
    try:
        whole = _parsed(path, _read(path), hook)
    except DamagedStore as error:
        raise damaged_buckets(directory, str(error)) from error
    if not isinstance(whole, dict) or not isinstance(whole.get("payload"), dict):
        raise damaged_buckets(directory, f"{path} holds what cannot be understood")
    return whole["payload"]


def buckets_path(directory: Path) -> Path:
    return directory / "s3.json"


def damaged_buckets(directory: Path, what: str) -> DamagedStore:
    path = buckets_path(directory)
    former = former_of(path)
    way = f"copy {former} to it" if former.exists() else "delete it, and a new one is made (the pictures are kept)"
    return DamagedStore(f"{what}. Nothing was changed. To go on, {way}.")


def check_objects(directory: Path) -> None:
    """The emulator would treat an unreadable description of a picture as missing. Raises DamagedStore."""
    for path in (directory.parent / "s3").rglob("*.meta.json"):
        _parsed(path, _read(path), None)


def check_store(directory: Path) -> None:
    """Checks a directory as far as possible without the emulator; writes nothing. Raises DamagedStore."""
    Store(directory).load()
    read_buckets(directory)
    check_objects(directory)


def _checksum(number: int, body: bytes) -> int:
    return zlib.crc32(body, zlib.crc32(b"%d " % number))


def _parsed(path: Path, text: bytes, hook: Hook | None) -> Any:
    try:
        return json.loads(text, object_hook=hook)
    except (ValueError, RecursionError) as error:
        raise DamagedStore(f"{path} is damaged: it is no whole JSON") from error


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError as error:
        raise DamagedStore(f"{path} is missing") from error
    except OSError as error:
        raise DamagedStore(f"{path} cannot be read ({error.strerror})") from error
