"""Telegram's HTML of a formatted text. Two judges: the stand-in's parser, and aiogram, which writes the same."""

from __future__ import annotations

import html
from typing import Any

from hypothesis import given

from local.telegram.markup import parse_html
from starbid.domain.assistant.formatted import Formatted, Look, Mark
from starbid.domain.assistant.nesting import in_order
from starbid.telegram.formatted import formatted_html
from tests.support.formatted import formatted_texts


def entities(formatted: Formatted) -> list[dict[str, Any]]:
    """The marks as the Bot API has them, in UTF-16 units."""
    return [
        {
            "type": str(mark.look),
            "offset": utf_16(formatted.text[: mark.start]),
            "length": utf_16(formatted.text[mark.start : mark.end]),
        }
        | ({"url": mark.url} if mark.url else {})
        | ({"language": mark.language} if mark.language else {})
        for mark in in_order(formatted.marks)
    ]


def utf_16(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def order(entity: dict[str, Any]) -> tuple[int, int, str]:
    return entity["offset"], -entity["length"], entity["type"]


@given(formatted_texts())
def test_it_is_read_as_the_text_and_its_marks(formatted: Formatted) -> None:
    read = parse_html(formatted_html(formatted))
    assert read.text == formatted.text
    assert sorted(read.entities, key=order) == sorted(entities(formatted), key=order)


@given(formatted_texts())
def test_aiogram_writes_the_same(formatted: Formatted) -> None:
    from aiogram.types import MessageEntity
    from aiogram.utils.text_decorations import html_decoration

    given_to_it = [MessageEntity(**each) for each in entities(formatted)]
    for each in given_to_it:
        each.url = each.url and html.escape(each.url)  # it does not escape addresses
    written = html_decoration.unparse(formatted.text, given_to_it)
    # Telegram reads the language from the class alone.
    assert written.replace("<code language=", "<code class=") == formatted_html(formatted)


def test_every_look_has_its_tag() -> None:
    looks = "".join(formatted_html(Formatted("x", (Mark(look, 0, 1, "https://a.example"),))) for look in Look)
    assert looks == (
        "<b>x</b><i>x</i><u>x</u><s>x</s><tg-spoiler>x</tg-spoiler><code>x</code><pre>x</pre>"
        '<blockquote>x</blockquote><a href="https://a.example">x</a>'
    )


def test_what_is_written_is_escaped_everywhere() -> None:
    hostile = '"><script>&'
    formatted = Formatted(f"{hostile}{hostile}", (Mark(Look.LINK, 0, 11, hostile), Mark(Look.PRE, 11, 22, "", hostile)))
    assert formatted_html(formatted) == (
        '<a href="&quot;&gt;&lt;script&gt;&amp;">"&gt;&lt;script&gt;&amp;</a>'
        '<pre><code class="language-&quot;&gt;&lt;script&gt;&amp;">"&gt;&lt;script&gt;&amp;</code></pre>'
    )
