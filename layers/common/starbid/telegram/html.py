"""Telegram's HTML: escaping of what people wrote, and cutting to Telegram's lengths (UTF-16 units)."""

from __future__ import annotations

import html
import re

from starbid.domain.graphemes import whole
from starbid.i18n import Language

MAX_TEXT = 4096
MAX_CAPTION = 1024
MAX_TOAST = 200
MAX_INVOICE_TITLE = 32
MAX_INVOICE_TEXT = 255
MAX_TOPIC = 128
TITLE, LIST_TITLE = 90, 40
_TAG = re.compile(r"<[^>]*>")


def escape(text: str) -> str:
    """For a place between tags; quotes may stay."""
    return html.escape(text, quote=False)


def units(text: str) -> int:
    """Length as Telegram counts it: an emoji is two."""
    return len(text.encode("utf-16-le")) // 2


def plain(markup: str) -> str:
    """What HTML of ours says, without its tags, and `&amp;` as one."""
    return html.unescape(_TAG.sub("", markup))


def parsed_units(markup: str) -> int:
    """Length of HTML as Telegram counts it."""
    return units(plain(markup))


def cut(text: str, most: int) -> str:
    """At most `most` units of plain text in whole characters, an ellipsis where something is missing."""
    if units(text) <= most:
        return text
    fitting = text.encode("utf-16-le")[: 2 * max(most - 1, 0)].decode("utf-16-le", "ignore")
    return whole(text, len(fitting)).rstrip() + "…"


def one_line(text: str) -> str:
    return " ".join(text.split())


def title(text: str, words: Language, most: int = TITLE) -> str:
    """A lot's title inside a sentence: quoted by the sentence, its own quotes made inner ones; escaped here. At most so
    many units of it, `LIST_TITLE` in a list of many.
    """
    return escape(inner_quotes(cut(one_line(text), most), words))


def inner_quotes(text: str, words: Language) -> str:
    """Plain text for a place between quotes: its own become inner ones."""
    return text.translate(str.maketrans(words.manners.quotes[:2], words.manners.quotes[2:]))
