"""Pictures and files of a message: what one needs to fetch them later. What cannot be read counts as not sent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from starbid.telegram.fields import MAX_KEY, Wrong, clean, count_of, object_of, text_of

MOST_BYTES = 5 * 1024 * 1024
"""Of a picture that is of use to us."""

MOST_NAME = 1024
"""Characters of a name or a type: longer ones are not Telegram's."""
MEDIA = ("video", "animation", "audio")


@dataclass(frozen=True, slots=True)
class Photo:
    """A picture in the largest of its sizes that has no more than MOST_BYTES. `unique_id` is the same for every bot and
    at all times; `size` in bytes, None where it is not told.
    """

    file_id: str
    unique_id: str
    size: int | None


@dataclass(frozen=True, slots=True)
class Document:
    """A file as it was sent: its name, MIME type and size in bytes where they are told. The sender's program says so:
    do not trust it.
    """

    file_id: str
    name: str | None
    type: str | None
    size: int | None


@dataclass(frozen=True, slots=True)
class Media:
    """Moving pictures or sound: `form` is `video`, `animation` or `audio`; the rest as of a Document."""

    form: str
    file: Document


def photo_of(message: dict[str, Any]) -> Photo | None:
    """The Bot API sends the sizes in no order that it promises. Where all are too large, the smallest."""
    sizes = message.get("photo")
    readable = [(_area(size), photo) for size in sizes if (photo := _photo(size))] if isinstance(sizes, list) else []
    fitting = [each for each in readable if (each[1].size or 0) <= MOST_BYTES]
    if fitting:
        return max(fitting, key=lambda each: each[0])[1]
    return min(readable, key=lambda each: each[0])[1] if readable else None


def document_of(message: dict[str, Any]) -> Document | None:
    return _file(message, "document")


def media_of(message: dict[str, Any]) -> Media | None:
    found = ((form, _file(message, form)) for form in MEDIA if form in message)
    return next((Media(form, file) for form, file in found if file), None)


def _file(message: dict[str, Any], field: str) -> Document | None:
    try:
        file = object_of(message, field)
        file_id = text_of(file, "file_id", MAX_KEY)
    except Wrong:
        return None
    name, kind = (clean(text)[:MOST_NAME] if isinstance(text, str) else None
                  for text in (file.get("file_name"), file.get("mime_type")))  # fmt: skip
    return Document(file_id, name, kind, count_of(file, "file_size"))


def _photo(size: Any) -> Photo | None:
    if not isinstance(size, dict):
        return None
    try:
        file_id, unique_id = text_of(size, "file_id", MAX_KEY), text_of(size, "file_unique_id", MAX_KEY)
    except Wrong:
        return None
    return Photo(file_id, unique_id, count_of(size, "file_size"))


def _area(size: Any) -> int:
    return (count_of(size, "width") or 0) * (count_of(size, "height") or 0) if isinstance(size, dict) else 0
