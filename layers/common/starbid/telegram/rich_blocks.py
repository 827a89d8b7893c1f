"""Blocks of a rich message (Bot API 10.1 to 10.3) as they are sent. A text is always plain: nothing in it is markup."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from starbid.telegram.keyboards import Button, Keyboard

Block = dict[str, Any]
Text = str | dict[str, Any]
Cells = Sequence[Text]


@dataclass(frozen=True, slots=True)
class RichCard:
    """A rich message but for its photos. `keyboard` stands below it: a press on any button brings that along."""

    blocks: tuple[Block, ...]
    keyboard: Keyboard

    def message(self, shown: Sequence[str]) -> dict[str, Any]:
        """An InputRichMessage, its photos first. Names, links and commands that somebody has written into a text stay
        plain text.
        """
        return {"blocks": [*photos(shown), *self.blocks], "skip_entity_detection": True}


def bold(text: str) -> Text:
    return {"type": "bold", "text": text}


def heading(text: str, size: int) -> Block:
    """`size` from 1, the largest, to 6."""
    return {"type": "heading", "text": text, "size": size}


def paragraph(text: Text) -> Block:
    return {"type": "paragraph", "text": text}


def table(rows: Iterable[Cells], head: Cells = ()) -> Block:
    """The first column is set to the left, the others to the right."""
    cells = [_row(head, is_header=True)] if head else []
    return {"type": "table", "cells": [*cells, *(_row(row) for row in rows)], "is_striped": True, "is_compact": True}


def _row(cells: Cells, *, is_header: bool = False) -> list[dict[str, Any]]:
    head = {"is_header": True} if is_header else {}
    return [
        {"text": text, "align": "right" if number else "left", "valign": "middle", **head}
        for number, text in enumerate(cells)
    ]


def details(summary: str, blocks: Sequence[Block], *, is_open: bool = False) -> Block:
    """Blocks that are shown when somebody presses the summary."""
    return {"type": "details", "summary": summary, "blocks": list(blocks), **({"is_open": True} if is_open else {})}


def buttons(row: Sequence[Button]) -> Block:
    """Buttons beside each other; they do what they do below a message."""
    return {"type": "buttons", "buttons": [_button(one) for one in row]}


def _button(button: Button) -> dict[str, Any]:
    if button.app:
        return {"text": button.text, "web_app": {"url": button.app}}
    return {"text": button.text} | ({"url": button.url} if button.url else {"callback_data": button.data})


def photos(given: Sequence[str]) -> list[Block]:
    """Photos by file id, or as `attach://<name>`: none, one, or several as a slideshow."""
    shown: list[Block] = [{"type": "photo", "photo": {"type": "photo", "media": one}} for one in given]
    return [{"type": "slideshow", "blocks": shown}] if len(shown) > 1 else shown
