"""Which streams of the emulator have grown: asking each of them all the time would cost more than the rest of a run."""

from __future__ import annotations

import os
import select
import threading
from collections import Counter
from collections.abc import Callable
from typing import IO

GROWN = "grown"
"""Begins a line of the emulator; the names of tables follow. The line is written before the writes are answered."""


class StreamNews:
    """Reads the emulator's lines. `woken` is called with the name of each table whose stream has grown.

    `pipe` is a raw one, as the output of a process without a buffer.
    """

    def __init__(self, pipe: IO[bytes]) -> None:
        self.woken: Callable[[str], None] = lambda _table: None
        self._pipe = pipe
        os.set_blocking(pipe.fileno(), False)
        self._lock = threading.Lock()
        self._begun = b""
        self._counts = Counter[str]()
        self._thread = threading.Thread(target=self._listen, daemon=True, name="stream-news")
        self._thread.start()

    def count(self, table: str) -> int:
        """How often the table's stream was told to have grown; writes that were answered before are counted."""
        self._collect()
        return self._counts[table]

    def join(self) -> None:
        """Wait for the last line. The emulator has ended."""
        self._thread.join()

    def _listen(self) -> None:
        is_open = True
        while is_open:
            select.select([self._pipe], [], [])
            is_open = self._collect()

    def _collect(self) -> bool:
        """False once the emulator has ended."""
        tables: list[str] = []
        with self._lock:
            while part := self._pipe.read(65_536):
                *lines, self._begun = (self._begun + part).split(b"\n")
                tables += [table for line in lines for table in _tables(line.decode())]
            self._counts.update(tables)
        for table in set(tables):
            self.woken(table)
        return part is None


def _tables(line: str) -> list[str]:
    word, *tables = line.split()
    return tables if word == GROWN else []
