"""What a person attaches to a message: pictures, videos, voice messages, files, albums of them; a place, a contact, a
poll, a sticker.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from local.telegram.content import MAX_ALBUM, MAX_CAPTION, caption
from local.telegram.context import Context
from local.telegram.entities import units
from local.telegram.errors import ApiError, PageError
from local.telegram.files import Kind, StoredFile
from local.telegram.params import Upload
from local.telegram.people import Person

MOST_PRETENDED = 4_000_000_000
"""Bytes: what a person can send to Telegram at most."""
FRAME = {"width": 1280, "height": 720}
"""Of every video: its content is not looked at."""
SECONDS = 7
NAMES = {"first_name": "Vera", "phone_number": "+79160000000"}
PLACE = {"latitude": 55.751244, "longitude": 37.618423}


@dataclass(frozen=True)
class Attached:
    """A file that somebody attaches. `pretended`: the bytes that it claims to have, None for those that it has."""

    kind: Kind
    upload: Upload
    pretended: int | None = None


def contents(context: Context, items: Sequence[Attached], words: str) -> list[dict[str, Any]]:
    """The content of a message for each, the caption under the first; all are looked at before the first is sent.
    Several are an album.
    """
    if units(words.strip()) > MAX_CAPTION:
        raise PageError(400, f"A caption has {MAX_CAPTION} characters at most.")
    if len(items) > 1:
        _check_album({item.kind for item in items}, len(items))
    first, *rest = [_content(context, item) for item in items]
    group = {"media_group_id": new_album()} if rest else {}
    return [{**group, **first, **caption(words, "", [])}, *({**group, **each} for each in rest)]


def new_album() -> str:
    return str(secrets.randbits(60))


def _check_album(kinds: set[Kind], count: int) -> None:
    if count > MAX_ALBUM:
        raise PageError(400, f"An album has 2 to {MAX_ALBUM} pictures.")
    if not (kinds <= {Kind.PHOTO, Kind.VIDEO} or kinds in ({Kind.DOCUMENT}, {Kind.AUDIO})):
        raise PageError(400, "An album has photos and videos, or files, or music.")


def _content(context: Context, item: Attached) -> dict[str, Any]:
    if item.pretended is not None and not 1 <= item.pretended <= MOST_PRETENDED:
        raise PageError(400, "A file has up to 4 GB.")
    try:
        file = context.files.add(item.kind, item.upload.name, item.upload.mime, item.upload.data, item.pretended)
    except ApiError as error:
        words = "picture: PNG, JPEG or WebP, up to 10 MB." if item.kind is Kind.PHOTO else "file."
        raise PageError(400, f"Telegram would not take this {words}") from error
    return _FIELDS[item.kind](file)


def _animation(file: StoredFile) -> dict[str, Any]:
    """For programs that know no animations the file comes along."""
    return {"animation": {**file.document(), **FRAME, "duration": SECONDS}, "document": file.document()}


def _voice(file: StoredFile) -> dict[str, Any]:
    return {"voice": {**file.ids(), "duration": SECONDS, "mime_type": file.mime}}


_FIELDS: dict[Kind, Callable[[StoredFile], dict[str, Any]]] = {
    Kind.PHOTO: lambda file: {"photo": file.photo()},
    Kind.DOCUMENT: lambda file: {"document": file.document()},
    Kind.VIDEO: lambda file: {"video": {**file.document(), **FRAME, "duration": SECONDS}},
    Kind.AUDIO: lambda file: {"audio": {**file.document(), "duration": SECONDS}},
    Kind.ANIMATION: _animation,
    Kind.VOICE: _voice,
}


def other(context: Context, person: Person, what: str) -> dict[str, Any]:
    """The content of a message without a file: `location`, `contact` (the person's own), `poll`, `sticker`."""
    match what:
        case "location":
            return {"location": PLACE}
        case "contact":
            return {"contact": {**NAMES, "first_name": person.first_name, "user_id": person.id}}
        case "poll":
            return {"poll": _poll()}
        case "sticker":
            return {"sticker": _sticker(context)}
    raise PageError(400, "Send a location, a contact, a poll or a sticker.")


def _poll() -> dict[str, Any]:
    options = [{"persistent_id": text, "text": text, "voter_count": 0} for text in ("Yes", "No")]
    flags = {"is_closed": False, "is_anonymous": True, "allows_multiple_answers": False, "allows_revoting": True}
    question = {"id": str(secrets.randbits(60)), "question": "Shall we?", "options": options, "total_voter_count": 0}
    return {**question, **flags, "members_only": False, "type": "regular"}


def _sticker(context: Context) -> dict[str, Any]:
    file = context.files.add(Kind.STICKER, "sticker.webp", "image/webp", b"sticker")
    flags = {"type": "regular", "is_animated": False, "is_video": False}
    return {**file.ids(), **flags, "width": 512, "height": 512, "emoji": "👍"}
