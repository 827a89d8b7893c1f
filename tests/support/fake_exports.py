"""The files of exports in memory."""

from __future__ import annotations

from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

from starbid.services.ports import FilePart, UploadGone
from starbid.storage.workbook import write_workbook

from .failing import Failing

LEAST_PART = 5 * 1024 * 1024


class FakeExportFiles(Failing):
    """Implements `ports.ExportFiles`, with S3's rules: a part has at least 5 MiB, except the last."""

    def __init__(self) -> None:
        super().__init__()
        self.files: dict[str, bytes] = {}
        self.uploads: dict[str, dict[int, bytes]] = {}
        self._names = count(1)

    def write(self, name: str, content: bytes) -> None:
        with self._deed():
            self.files[name] = content

    def begin(self, name: str) -> str:
        with self._deed():
            upload = f"upload{next(self._names)}"
            self.uploads[upload] = {}
        return upload

    def add(self, name: str, upload: str, number: int, content: bytes) -> FilePart:
        with self._deed():
            self._parts(upload)[number] = content
        return {"PartNumber": number, "ETag": f"{number}:{hash(content)}"}

    def finish(self, name: str, upload: str, parts: tuple[FilePart, ...]) -> None:
        with self._deed():
            held = self._parts(upload)
            numbers = [int(part["PartNumber"]) for part in parts]
            assert numbers == sorted(set(numbers))
            assert [part["ETag"] for part in parts] == [f"{number}:{hash(held[number])}" for number in numbers]
            assert all(len(held[number]) >= LEAST_PART for number in numbers[:-1])
            self.files[name] = b"".join(held[number] for number in numbers)
            del self.uploads[upload]

    def size(self, name: str) -> int | None:
        return len(self.files[name]) if name in self.files else None

    def make_workbook(self, rows: str, name: str) -> None:
        with self._deed(), TemporaryDirectory() as folder:
            path = Path(folder) / "book.xlsx"
            write_workbook(self.files[rows].splitlines(), path)
            self.files[name] = path.read_bytes()

    def link(self, name: str, saved_as: str) -> str:
        return f"https://exports.example/{name}?saved_as={saved_as}"

    def _parts(self, upload: str) -> dict[int, bytes]:
        if upload not in self.uploads:
            raise UploadGone
        return self.uploads[upload]
