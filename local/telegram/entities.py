"""Formatted text as Telegram counts it: entities with offsets in UTF-16 units, and those that it detects."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

Entity = dict[str, Any]

AUTOMATIC = {
    "url": re.compile(r"(?<![\w/@.])https?://[^\s<>\"«»]*[^\s<>\"«».,:;!?)\]'…]", re.IGNORECASE),
    "bot_command": re.compile(r"(?<![\w/<>])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?(?![\w/<>])"),
    "mention": re.compile(r"(?<![\w@/.])@[A-Za-z][A-Za-z0-9_]{2,31}(?!\w)"),
    "hashtag": re.compile(r"(?<![\w#/&])#\w*[^\W\d]\w*"),
}
OPAQUE = ("code", "pre", "text_link", "text_mention", "url", "bot_command", "mention")


def units(text: str) -> int:
    """The length of a text in UTF-16 code units, Telegram's measure."""
    return len(text) + sum(1 for char in text if ord(char) > 0xFFFF)


@dataclass(frozen=True)
class FormattedText:
    """A text without markup and the entities that mark it up."""

    text: str
    entities: list[Entity] = field(default_factory=list)


def trimmed(formatted: FormattedText) -> FormattedText:
    """Without white space around it, as Telegram stores texts; entities are moved and cut to fit."""
    left = len(formatted.text) - len(formatted.text.lstrip())
    text = formatted.text.strip()
    end = units(text)
    kept: list[Entity] = []
    for entity in formatted.entities:
        start = max(entity["offset"] - left, 0)
        stop = min(entity["offset"] - left + entity["length"], end)
        if stop > start:
            kept.append({**entity, "offset": start, "length": stop - start})
    return FormattedText(text, kept)


def with_automatic(formatted: FormattedText) -> FormattedText:
    """Add the links, commands and mentions that Telegram finds in a text, and put all in Telegram's order."""
    entities = list(formatted.entities)
    taken = [(e["offset"], e["offset"] + e["length"]) for e in entities if e["type"] in OPAQUE]
    for kind, pattern in AUTOMATIC.items():
        for match in pattern.finditer(formatted.text):
            start = units(formatted.text[: match.start()])
            stop = start + units(match.group())
            if all(stop <= low or start >= high for low, high in taken):
                entities.append({"type": kind, "offset": start, "length": stop - start})
                taken.append((start, stop))
    entities.sort(key=lambda entity: (entity["offset"], -entity["length"]))
    return FormattedText(formatted.text, entities)
