"""The files of finished bid logs, and who is asked to write them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from starbid.domain.auction import Bid

Part = dict[str, str]
"""What the store of files says of a part of a file that was handed in; to be given back when the file is finished."""


@dataclass(frozen=True, slots=True)
class LogFile:
    """A finished log: its content, or where it is large a link to it that holds for some minutes."""

    content: bytes = b""
    link: str = ""


@dataclass(frozen=True, slots=True)
class LogProgress:
    """How far a log has been written: the parts handed in, and the number and hash of the last entry in them.

    `deciding` are the rows so far that decide what is opened.
    """

    upload: str
    parts: tuple[Part, ...]
    number: int
    head: str
    deciding: tuple[Bid, ...]


class UploadGone(Exception):
    """A file that was being written in parts is not known any more: it was finished, or given up."""


class LogFiles(Protocol):
    """A private store of files. A log is written once: of several writers the first one's stays."""

    def find(self, auction_id: str, most: int) -> LogFile | None:
        """With its content up to `most` bytes, with a link where it is larger; None where there is none."""

    def exists(self, auction_id: str) -> bool: ...

    def write(self, auction_id: str, content: bytes) -> None:
        """A whole file at once."""

    def begin(self, auction_id: str) -> str:
        """The name under which the parts of a file are handed in."""

    def add(self, auction_id: str, upload: str, number: int, content: bytes) -> Part:
        """A part, numbered from 1 on; 5 MiB or more, but for the last. Safe to repeat. Raises UploadGone."""

    def finish(self, auction_id: str, upload: str, parts: tuple[Part, ...]) -> None:
        """Put the parts together; nothing happens where the log is there. Raises UploadGone."""

    def save_progress(self, auction_id: str, progress: LogProgress) -> str:
        """Keep it for some days; answers its name."""

    def progress(self, auction_id: str, name: str) -> LogProgress | None: ...


class LogRequests(Protocol):
    """The queue before the writer of logs."""

    def ask(self, auction_id: str, step: str = "") -> None:
        """Have the log of a lot that has ended written; `step` is the progress to go on from."""
