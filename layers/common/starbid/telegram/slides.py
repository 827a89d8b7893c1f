"""The photos of a rich message (Bot API 10.1), as Telegram tells them: to be shown again by their ids."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

MOST = 50
"""As many as a rich message has."""


def slides_of(message: dict[str, Any]) -> tuple[str, ...] | None:
    """The file ids of its photos in their order, wherever they stand; None where it is no rich message."""
    rich = message.get("rich_message")
    return tuple(_photos(rich.get("blocks"))) if isinstance(rich, dict) else None


def _photos(blocks: Any) -> Iterator[str]:
    """Of the message itself and of a slideshow in it: that is where ours stand."""
    for block in _objects(blocks):
        if block.get("type") == "slideshow":
            yield from (found for each in _objects(block.get("blocks")) if (found := _photo(each)))
        elif found := _photo(block):
            yield found


def _objects(value: Any) -> list[dict[str, Any]]:
    return [each for each in value[:MOST] if isinstance(each, dict)] if isinstance(value, list) else []


def _photo(block: dict[str, Any]) -> str | None:
    """The largest size of a photo is the last."""
    sizes = _objects(block.get("photo")) if block.get("type") == "photo" else []
    file_id = sizes[-1].get("file_id") if sizes else None
    return file_id if isinstance(file_id, str) else None
