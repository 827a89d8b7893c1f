"""The files of bid logs and their writer's queue, in memory."""

from __future__ import annotations

from itertools import count

from starbid.services.ports import LogFile, LogProgress, Part, UploadGone

from .failing import Failing

LEAST_PART = 5 * 1024 * 1024


class FakeLogFiles(Failing):
    """Files by lot, with S3's rules: an existing log stays, a part has at least 5 MiB, except the last."""

    def __init__(self) -> None:
        super().__init__()
        self.files: dict[str, bytes] = {}
        self.uploads: dict[str, dict[int, bytes]] = {}
        self.steps: dict[tuple[str, str], LogProgress] = {}
        self.writes = 0
        self._names = count(1)

    def find(self, auction_id: str, most: int) -> LogFile | None:
        content = self.files.get(auction_id)
        if content is None:
            return None
        return LogFile(content) if len(content) <= most else LogFile(link=f"https://logs.example/{auction_id}.json")

    def exists(self, auction_id: str) -> bool:
        with self._deed():
            return auction_id in self.files

    def write(self, auction_id: str, content: bytes) -> None:
        with self._deed():
            self._keep(auction_id, content)

    def begin(self, auction_id: str) -> str:
        with self._deed():
            upload = f"upload{next(self._names)}"
            self.uploads[upload] = {}
        return upload

    def add(self, auction_id: str, upload: str, number: int, content: bytes) -> Part:
        with self._deed():
            self._parts(upload)[number] = content
        return {"ETag": f"{number}:{len(content)}"}

    def finish(self, auction_id: str, upload: str, parts: tuple[Part, ...]) -> None:
        with self._deed():
            held = self._parts(upload)
            assert parts == tuple({"ETag": f"{number}:{len(held[number])}"} for number in range(1, len(parts) + 1))
            assert all(len(held[number]) >= LEAST_PART for number in range(1, len(parts)))
            self._keep(auction_id, b"".join(held[number] for number in range(1, len(parts) + 1)))
            del self.uploads[upload]

    def save_progress(self, auction_id: str, progress: LogProgress) -> str:
        with self._deed():
            name = f"{progress.number}-{progress.upload}"
            self.steps[auction_id, name] = progress
        return name

    def progress(self, auction_id: str, name: str) -> LogProgress | None:
        return self.steps.get((auction_id, name))

    def _parts(self, upload: str) -> dict[int, bytes]:
        if upload not in self.uploads:
            raise UploadGone
        return self.uploads[upload]

    def _keep(self, auction_id: str, content: bytes) -> None:
        if auction_id not in self.files:
            self.files[auction_id] = content
            self.writes += 1


class FakeLogRequests(Failing):
    """`asked` are the messages: lot and step."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[tuple[str, str]] = []

    def ask(self, auction_id: str, step: str = "") -> None:
        with self._deed():
            self.asked.append((auction_id, step))
