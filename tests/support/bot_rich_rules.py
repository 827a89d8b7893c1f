"""Limits of rich messages, as https://core.telegram.org/bots/api#rich-message-limits tells them, and what no type of
aiogram can express.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

MOST = {"characters": 32_768, "blocks": 500, "levels": 16, "media": 50, "columns": 20}
STYLES = {"danger", "success", "primary", "link"}
_WITHOUT_CAPTION = {"type", "media", "has_spoiler"}


def check_rich(rich: dict[str, Any], *, require: Callable[..., None], check_keyboard: Callable[..., None]) -> None:
    """An InputRichMessage whose types are right already."""
    require(len({"html", "markdown", "blocks"} & set(rich)) == 1, "exactly one kind of content", sorted(rich))
    require("blocks" in rich, "ours is made of blocks, never of markup", sorted(rich))
    found = list(_blocks(rich["blocks"], 1))
    require(bool(found), "a rich message says something", rich)
    rows = sum(len(block["cells"]) for block, _ in found if block["type"] == "table")
    require(len(found) + rows <= MOST["blocks"], "too many blocks", len(found) + rows)
    require(max(level for _, level in found) <= MOST["levels"], "nested too deep", rich)
    require(sum(block["type"] == "photo" for block, _ in found) <= MOST["media"], "too many photos", len(found))
    texts = [text for block, _ in found for text in _texts(block)]
    require(all(text.strip() for text in texts), "a text is empty", texts)
    require(sum(map(len, texts)) <= MOST["characters"], "too long", sum(map(len, texts)))
    for block, _ in found:
        _check_block(block, require, check_keyboard)


def _check_block(block: dict[str, Any], require: Callable[..., None], check_keyboard: Callable[..., None]) -> None:
    match block["type"]:
        case "slideshow":
            require(bool(block["blocks"]), "a slideshow shows something", block)
            require(all(each["type"] == "photo" for each in block["blocks"]), "our slideshows have photos", block)
        case "photo":
            require(set(block["photo"]) <= _WITHOUT_CAPTION, "what stands at the photo itself is ignored", block)
        case "table":
            require(all(1 <= len(row) <= MOST["columns"] for row in block["cells"]), "columns", block)
            require(bool(block["cells"]) and len({len(row) for row in block["cells"]}) == 1, "an even table", block)
        case "buttons":
            require(1 <= len(block["buttons"]) <= 8, "a row has 1 to 8 buttons", block)
            require(all(one.get("style", "link") in STYLES for one in block["buttons"]), "a style", block)
            check_keyboard([block["buttons"]])


def _blocks(blocks: list[dict[str, Any]], level: int) -> Iterator[tuple[dict[str, Any], int]]:
    for block in blocks:
        yield block, level
        yield from _blocks(block.get("blocks", []), level + 1)


def _texts(block: dict[str, Any]) -> Iterator[str]:
    """Those of a block itself."""
    given = [block[name] for name in ("text", "summary", "caption") if name in block]
    given += [one["text"] for one in block.get("buttons", ())]
    given += [cell["text"] for row in block.get("cells", ()) for cell in row if "text" in cell]
    for text in given:
        yield from said(text)


def said(text: Any) -> Iterator[str]:
    """The words of a RichText."""
    if isinstance(text, str):
        yield text
    elif isinstance(text, list):
        for each in text:
            yield from said(each)
    else:
        yield from said(text["text"])
