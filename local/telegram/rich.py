"""Rich messages (Bot API 10.1 to 10.3), given as blocks: what Telegram accepts of them, and how bots see them then.

Blocks of lists, quotations, maps, formulas and media other than photos are refused here: our bot sends none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from local.telegram.content import read_file
from local.telegram.context import Context
from local.telegram.errors import ApiError, bad_request
from local.telegram.keyboards import check_action
from local.telegram.params import Params

MAX_CHARACTERS = 32_768
MAX_BLOCKS = 500
MAX_DEPTH = 16
MAX_MEDIA = 50
MAX_COLUMNS = 20
MAX_IN_ROW = 8
STYLED = ("bold", "italic", "underline", "strikethrough", "spoiler", "code", "marked")
STYLES = ("danger", "success", "primary", "link")
ACTIONS = ("url", "callback_data", "web_app", "copy_text", "disabled")
Raw = dict[str, Any]


def read_rich(context: Context, params: Params) -> Raw:
    """The `rich_message` of a call as part of a message. Raises ApiError 400."""
    raw = params.json("rich_message")
    if not isinstance(raw, dict):
        raise _refusal("object expected as rich message")
    if [name for name in ("html", "markdown", "blocks") if raw.get(name) is not None] != ["blocks"]:
        raise _refusal("exactly one of html, markdown and blocks is used; here it is blocks")
    reading = _Reading(context, params)
    blocks = reading.blocks(raw["blocks"], 1)
    if not blocks:
        raise bad_request("message text is empty")
    return {"rich_message": {"blocks": blocks, **({"is_rtl": True} if raw.get("is_rtl") is True else {})}}


def buttons_of(body: Raw) -> Iterator[Raw]:
    """All buttons in the content of a message."""
    yield from _buttons(body.get("rich_message", {}).get("blocks", []))


def _buttons(blocks: list[Raw]) -> Iterator[Raw]:
    for block in blocks:
        yield from block.get("buttons", [])
        yield from _buttons(block.get("blocks", []))


class _Reading:
    """One message, its limits counted over all of it."""

    def __init__(self, context: Context, params: Params) -> None:
        self._context, self._params = context, params
        self._characters = self._count = self._media = 0
        self._kinds: dict[str, Callable[[Raw, int], Raw]] = {
            "paragraph": lambda raw, depth: {"text": self._text(raw, "text", depth)},
            "footer": lambda raw, depth: {"text": self._text(raw, "text", depth)},
            "divider": lambda _raw, _depth: {},
            "heading": self._heading,
            "table": self._table,
            "details": self._details,
            "buttons": self._button_row,
            "photo": self._photo,
            "slideshow": self._slideshow,
        }

    def blocks(self, raw: Any, depth: int) -> list[Raw]:
        return [self._block(each, depth) for each in _list(raw, "blocks")]

    def _block(self, raw: Any, depth: int) -> Raw:
        self._add_blocks(1, depth)
        kind = raw.get("type") if isinstance(raw, dict) else None
        read = self._kinds.get(kind) if isinstance(kind, str) else None
        if read is None:
            raise _refusal(f"block of unsupported type {str(kind)[:40]}")
        return {"type": kind, **read(raw, depth)}

    def _add_blocks(self, number: int, depth: int) -> None:
        self._count += number
        if self._count > MAX_BLOCKS:
            raise _refusal("too many blocks")
        if depth > MAX_DEPTH:
            raise _refusal("blocks are nested too deep")

    def _text(self, around: Raw, name: str, depth: int) -> Any:
        """A text that must say something."""
        before = self._characters
        text = self._rich_text(around.get(name), depth)
        if self._characters == before:
            raise _refusal(f"field {name} is empty")
        return text

    def _rich_text(self, raw: Any, depth: int) -> Any:
        if depth > MAX_DEPTH:
            raise _refusal("texts are nested too deep")
        if isinstance(raw, str):
            self._characters += len(raw)
            if self._characters > MAX_CHARACTERS:
                raise _refusal("text is too long")
            return raw
        if isinstance(raw, list):
            return [self._rich_text(each, depth + 1) for each in raw]
        if isinstance(raw, dict) and raw.get("type") in STYLED:
            return {"type": raw["type"], "text": self._rich_text(raw.get("text"), depth + 1)}
        raise _refusal("can't parse RichText")

    def _heading(self, raw: Raw, depth: int) -> Raw:
        size = raw.get("size")
        if type(size) is not int or not 1 <= size <= 6:
            raise _refusal("size of a heading is 1 to 6")
        return {"text": self._text(raw, "text", depth), "size": size}

    def _table(self, raw: Raw, depth: int) -> Raw:
        rows = _list(raw.get("cells"), "cells")
        self._add_blocks(len(rows), depth)
        cells = [[self._cell(cell, depth) for cell in _list(row, "cells", MAX_COLUMNS)] for row in rows]
        if not cells or not all(cells):
            raise _refusal("a table has cells")
        flags = {name: True for name in ("is_bordered", "is_striped", "is_compact") if raw.get(name) is True}
        caption = {"caption": self._text(raw, "caption", depth)} if "caption" in raw else {}
        return {"cells": cells, **flags, **caption}

    def _cell(self, raw: Any, depth: int) -> Raw:
        places = (raw.get("align"), raw.get("valign")) if isinstance(raw, dict) else (None, None)
        if places[0] not in ("left", "center", "right") or places[1] not in ("top", "middle", "bottom"):
            raise _refusal("can't parse RichBlockTableCell")
        text = {"text": self._rich_text(raw["text"], depth + 1)} if "text" in raw else {}
        head = {"is_header": True} if raw.get("is_header") is True else {}
        return {"align": places[0], "valign": places[1], **text, **head}

    def _details(self, raw: Raw, depth: int) -> Raw:
        summary = self._text(raw, "summary", depth)
        is_open = {"is_open": True} if raw.get("is_open") is True else {}
        return {"summary": summary, "blocks": self.blocks(raw.get("blocks"), depth + 1), **is_open}

    def _button_row(self, raw: Raw, depth: int) -> Raw:
        row = _list(raw.get("buttons"), "buttons", MAX_IN_ROW)
        if not row:
            raise _refusal("a row has 1 to 8 buttons")
        return {"buttons": [self._button(each, depth) for each in row]}

    def _button(self, raw: Any, depth: int) -> Raw:
        if not isinstance(raw, dict) or not isinstance(raw.get("text"), str):
            raise _refusal("can't parse RichMessageButton")
        actions = [name for name in ACTIONS if raw.get(name) is not None]
        if len(actions) != 1 or raw.get("style", "primary") not in STYLES:
            raise bad_request("BUTTON_TYPE_INVALID")
        check_action(actions[0], raw[actions[0]], self._context.site_url)
        style = {"style": raw["style"]} if "style" in raw else {}
        return {"text": self._text(raw, "text", depth), actions[0]: raw[actions[0]], **style}

    def _photo(self, raw: Raw, _depth: int) -> Raw:
        self._media += 1
        if self._media > MAX_MEDIA:
            raise _refusal("too many media")
        media = raw.get("photo")
        if not isinstance(media, dict) or media.get("type") != "photo" or not isinstance(media.get("media"), str):
            raise _refusal("can't parse InputMediaPhoto")
        return {"photo": read_file(self._context, self._params, "photo", media["media"], None).photo()}

    def _slideshow(self, raw: Raw, depth: int) -> Raw:
        blocks = self.blocks(raw.get("blocks"), depth + 1)
        if not blocks or any(block["type"] != "photo" for block in blocks):
            raise _refusal("a slideshow has media")
        return {"blocks": blocks}


def _list(raw: Any, name: str, most: int = MAX_BLOCKS) -> list[Any]:
    if not isinstance(raw, list):
        raise _refusal(f"field {name} must be an Array")
    if len(raw) > most:
        raise _refusal(f"field {name} has too many items")
    return raw


def _refusal(reason: str) -> ApiError:
    return bad_request(f"can't parse rich message: {reason}")
