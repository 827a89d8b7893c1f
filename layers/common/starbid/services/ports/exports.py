"""The files of exports."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

FilePart = Mapping[str, str | int]
"""What the store of files says of a part that was handed in, with its number; to be given back at the end."""


class ExportFiles(Protocol):
    """A private store of files, which deletes them after a day. Each call is safe to repeat."""

    def write(self, name: str, content: bytes) -> None:
        """A whole file at once."""

    def begin(self, name: str) -> str:
        """The name under which the parts of a file are handed in."""

    def add(self, name: str, upload: str, number: int, content: bytes) -> FilePart:
        """A part; 5 MiB or more, but for the last. Numbers go up, and may leave some out. Raises UploadGone."""

    def finish(self, name: str, upload: str, parts: tuple[FilePart, ...]) -> None:
        """Put the parts together. Raises UploadGone where that has been done, or they were given up."""

    def size(self, name: str) -> int | None:
        """In bytes; None where there is no such file."""

    def make_workbook(self, rows: str, name: str) -> None:
        """A workbook of the file `rows`: a JSON array of texts and numbers a line, names of columns in the first."""

    def link(self, name: str, saved_as: str) -> str:
        """To fetch it by, for fifteen minutes."""
