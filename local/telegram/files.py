"""Files that went through the chats, kept in a folder of the data directory."""

from __future__ import annotations

import re
import secrets
import sqlite3
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from local.files import replace_file
from local.telegram.errors import bad_request
from local.telegram.images import Picture, look
from local.telegram.store import Store

MAX_PHOTO_BYTES = 10_000_000
MAX_DOCUMENT_BYTES = 50_000_000
MAX_SIDES = 10_000
MAX_RATIO = 20
SAFE_NAME = re.compile(r"[^\w.\- ]+")


class Kind(StrEnum):
    """What a file was sent as; the value is its folder. By its id it can be sent as the same only."""

    PHOTO = "photos"
    DOCUMENT = "documents"
    VIDEO = "videos"
    ANIMATION = "animations"
    AUDIO = "music"
    VOICE = "voice"
    STICKER = "stickers"


AS_DOCUMENT = (Kind.DOCUMENT, Kind.ANIMATION)
"""What `sendDocument` takes by its id."""


@dataclass(frozen=True)
class StoredFile:
    """A kept file; `path` is relative to the folder and is the Bot API's `file_path`, `size` what it claims to have."""

    file_id: str
    unique_id: str
    path: str
    name: str
    mime: str
    size: int
    width: int | None
    height: int | None

    @property
    def kind(self) -> Kind:
        return Kind(self.path.partition("/")[0])

    def ids(self) -> dict[str, Any]:
        """The fields that every kind of Bot API file has."""
        return {"file_id": self.file_id, "file_unique_id": self.unique_id, "file_size": self.size}

    def photo(self) -> list[dict[str, Any]]:
        """The file as the sizes of a Bot API photo."""
        return [{**self.ids(), "width": self.width, "height": self.height}]

    def document(self) -> dict[str, Any]:
        """The file as a Bot API `Document`."""
        return {**self.ids(), "file_name": self.name, "mime_type": self.mime}


class Files:
    """Keeps files and finds them again."""

    def __init__(self, store: Store, folder: Path) -> None:
        self._store = store
        self._folder = folder
        for kind in Kind:
            (folder / kind).mkdir(mode=0o700, parents=True, exist_ok=True)

    def add(self, kind: Kind, name: str, mime: str, data: bytes, pretended: int | None = None) -> StoredFile:
        """Keep a file, which may claim to have more or fewer bytes. Raises `ApiError` 400 for what Telegram would not
        take as such a one.
        """
        if kind is Kind.PHOTO:
            picture = _picture(data)
            return self._keep(kind, f"photo.{picture.ending}", picture.mime, data, picture, pretended)
        if not data:
            raise bad_request("file must be non-empty")
        if len(data) > MAX_DOCUMENT_BYTES:
            raise bad_request("file is too big")
        safe = SAFE_NAME.sub("_", Path(name).name).strip(". ")[:100] or "file"
        return self._keep(kind, safe, mime or "application/octet-stream", data, None, pretended)

    def _keep(
        self, kind: Kind, name: str, mime: str, data: bytes, picture: Picture | None, pretended: int | None
    ) -> StoredFile:
        width, height = (picture.width, picture.height) if picture else (None, None)
        size = len(data) if pretended is None else pretended
        unique = secrets.token_urlsafe(9)
        path = f"{kind}/file_{self._store.count('file')}{Path(name).suffix}"
        file = StoredFile(f"AgAC{secrets.token_urlsafe(24)}", unique, path, name, mime, size, width, height)
        replace_file(self._folder / path, data)
        sql = "INSERT INTO files VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
        self._store.run(sql, file.file_id, unique, path, name, mime, file.size, width, height)
        return file

    def find(self, file_id: str) -> StoredFile | None:
        """The file with this id, if there is one."""
        return _stored(self._store.row("SELECT * FROM files WHERE file_id = ?", file_id))

    def find_path(self, path: str) -> StoredFile | None:
        """The file at this `file_path`, if there is one."""
        return _stored(self._store.row("SELECT * FROM files WHERE path = ?", path))

    def read(self, file: StoredFile) -> bytes:
        """The bytes of a kept file."""
        return (self._folder / file.path).read_bytes()


def _picture(data: bytes) -> Picture:
    if len(data) > MAX_PHOTO_BYTES:
        raise bad_request(f"file is too big: {len(data)} bytes, a photo has {MAX_PHOTO_BYTES} at most")
    picture = look(data)
    if picture is None:
        raise bad_request("IMAGE_PROCESS_FAILED")
    width, height = picture.width, picture.height
    if width + height > MAX_SIDES or max(width, height) > MAX_RATIO * min(width, height):
        raise bad_request("PHOTO_INVALID_DIMENSIONS")
    return picture


def _stored(row: sqlite3.Row | None) -> StoredFile | None:
    return StoredFile(**{key: row[key] for key in row.keys()}) if row else None  # noqa: SIM118 (sqlite3.Row)
