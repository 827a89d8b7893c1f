"""Files that a seller hands over: as Telegram tells of them, and a lot that waits for them."""

from __future__ import annotations

from itertools import count
from typing import Any

from starbid.domain.delivered_files import DeliveredFile, FileKind

_numbers = count(1)
MOVING = {"width": 90, "height": 67, "duration": 3}


def document(name: str | None = "name.zip", size: int = 3_200_000, **more: Any) -> dict[str, Any]:
    """The field `document` of a message, each time of another file."""
    number = next(_numbers)
    named = {"file_name": name} if name is not None else {}
    file = {"file_id": f"doc{number}", "file_unique_id": f"doc{number}", "file_size": size, **named, **more}
    return {"document": {"mime_type": "application/zip", **file}}


def photo(file_id: str | None = None) -> dict[str, Any]:
    name = file_id or f"photo{next(_numbers)}"
    return {"photo": [{"file_id": name, "file_unique_id": name, "file_size": 50_000, "width": 90, "height": 67}]}


def moving(kind: str) -> dict[str, Any]:
    """A video or audio; an animation, which comes as a document as well."""
    number = next(_numbers)
    file = {"file_id": f"{kind}{number}", "file_unique_id": f"{kind}{number}", "file_size": 900_000}
    if kind == "audio":
        return {"audio": file | {"duration": 3, "file_name": "song.mp3", "mime_type": "audio/mpeg"}}
    shown = {kind: file | MOVING | {"file_name": f"{kind}.mp4", "mime_type": "video/mp4"}}
    return shown | ({"document": file} if kind == "animation" else {})


def zipped(file_id: str = "doc", size: int | None = 3_200_000, name: str = "name.zip") -> DeliveredFile:
    return DeliveredFile(file_id, FileKind.DOCUMENT, name, "application/zip", size)
