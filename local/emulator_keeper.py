"""Holds each answer of the emulator back until its changes are on the disk.

Requests are answered one at a time on one event loop, so the order of the log is the order of the changes. A read waits
too: nobody may see what a power cut could undo.
"""

from __future__ import annotations

import asyncio
import contextlib
import importlib
import json
import os
import sys
from collections.abc import Awaitable, Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from local.emulator_memory import Memory
from local.emulator_store import (
    ChangeLog,
    DamagedStore,
    Store,
    buckets_path,
    check_objects,
    damaged_buckets,
    read_buckets,
)
from local.files import write_whole

MOST_LOG_BYTES = 16 * 1024 * 1024
"""A longer log is made into a save."""

_READS = ("Get", "Query", "Scan", "BatchGet", "Describe", "List", "TransactGet")
_ROWS = ("PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem", "TransactWriteItems")
"""Actions whose whole effect is rows and stream records."""
_STRUCTURE = ("CreateTable", "DeleteTable", "UpdateTimeToLive", "TagResource", "UntagResource")
"""Actions that change the structure of tables. Any other action that writes is refused: it would not be stored."""

Handler = Callable[..., Awaitable[Any]]


class Keeper:
    """Keeps a `Memory` in a directory. `load` comes first, `finish` last.

    `tell` hears the names of the tables whose streams have grown, once that is kept and before it is answered.
    """

    def __init__(self, directory: Path, memory: Memory, tell: Callable[[Iterable[str]], None]) -> None:
        self._directory = directory
        self._memory = memory
        self._tell = tell
        self._store = Store(directory, memory.hook)
        self._log: ChangeLog | None = None
        self._number = 0
        self._buckets_path = buckets_path(directory)
        self._buckets = ""
        self._waiting: list[str] = []
        self._written: asyncio.Future[None] | None = None

    def load(self) -> None:
        """Restore what was stored. Raises DamagedStore; nothing is written then."""
        self._directory.mkdir(parents=True, exist_ok=True)
        memory, kept = self._memory, self._store.load()
        check_objects(self._directory)
        self._load_buckets()
        try:
            if kept.payload is not None:
                memory.put_back(kept.payload)
            for change in kept.changes:
                memory.repeat(change)
        except Exception as error:
            raise DamagedStore(f"{self._directory} holds what cannot be understood ({error!r})") from error
        self._number = kept.number
        with _ending_where_disk_fails():
            if kept.is_bare:
                self._log = ChangeLog(self._directory, kept.number)
            else:
                self._save()
        memory.note()
        self._take_hold()

    def finish(self) -> None:
        """Save everything. No request may come any more."""
        self._write()
        if self._log and self._log.size:
            with _ending_where_disk_fails():
                self._save()

    def _take_hold(self) -> None:
        streams: Any = importlib.import_module("ministack.services.dynamodb_streams")
        for module in (self._memory.dynamodb, streams):
            module.handle_request = self._keeping(module.handle_request)
        self._memory.s3.handle_request = self._keeping_buckets(self._memory.s3.handle_request)

    def _keeping(self, handle: Handler) -> Handler:
        async def handle_and_keep(method: str, path: str, headers: dict[str, str], body: bytes, query: Any) -> Any:
            action = headers.get("x-amz-target", "").rpartition(".")[2]
            if not action.startswith(_READS) and action not in (*_ROWS, *_STRUCTURE):
                return _refusal(action)
            answer = await handle(method, path, headers, body, query)
            if action in _STRUCTURE:
                self._memory.note_structure()
            self._note(self._memory.take_change())
            if self._written is not None:
                await asyncio.shield(self._written)
            return answer

        return handle_and_keep

    def _keeping_buckets(self, handle: Handler) -> Handler:
        """Objects are written as files at once; settings of buckets are saved when they change."""

        async def handle_and_keep(method: str, *arguments: Any, **named: Any) -> Any:
            answer = await handle(method, *arguments, **named)
            if method not in ("GET", "HEAD"):
                text = self._memory.text({"__ministack_format__": 2, "payload": self._memory.buckets()})
                if text != self._buckets:
                    with _ending_where_disk_fails():
                        write_whole(self._buckets_path, text)
                    self._buckets = text
            return answer

        return handle_and_keep

    def _note(self, change: str) -> None:
        """A request's change is one text, so it is in the log completely or not at all."""
        if change:
            self._waiting.append(change)
            if self._written is None:
                loop = asyncio.get_running_loop()
                self._written = loop.create_future()
                loop.call_soon(self._write)

    def _write(self) -> None:
        """Writes everything that waits, with one `fsync` for all requests of the same moment."""
        written, self._written = self._written, None
        with _ending_where_disk_fails():
            if self._log and self._waiting:
                self._log.write(self._waiting)
                self._waiting = []
                if grown := self._memory.take_grown():
                    self._tell(grown)
            if self._log and self._log.size > MOST_LOG_BYTES:
                self._save()
        if written is not None:
            written.set_result(None)

    def _save(self) -> None:
        """Saves everything and starts a new log. Nothing may be waiting. Raises OSError."""
        if self._log:
            self._log.close()
        self._number += 1
        self._log = ChangeLog(self._directory, self._number)
        self._store.save(self._number, self._memory.text(self._memory.tables()))

    def _load_buckets(self) -> None:
        kept = read_buckets(self._directory, self._memory.hook)
        if kept is None:
            return
        try:
            self._memory.s3.load_persisted_state(kept)
        except Exception as error:
            what = f"{self._buckets_path} holds what cannot be understood"
            raise damaged_buckets(self._directory, what) from error


def _refusal(action: str) -> tuple[int, dict[str, str], bytes]:
    code = "UnknownOperationException"
    body = {"__type": code, "message": f"{action or 'No action'} is not among what the local run keeps."}
    return 400, {"Content-Type": "application/x-amz-json-1.0", "x-amzn-errortype": code}, json.dumps(body).encode()


@contextlib.contextmanager
def _ending_where_disk_fails() -> Iterator[None]:
    """A change that cannot be stored is not confirmed: the emulator stops."""
    try:
        yield
    except OSError as error:
        print(f"The store cannot be written ({error}): the emulator ends.", file=sys.stderr, flush=True)
        os._exit(3)
