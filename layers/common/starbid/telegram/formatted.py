"""A formatted text in Telegram's HTML."""

from __future__ import annotations

import html

from starbid.domain.assistant.formatted import Formatted, Look, Mark
from starbid.domain.assistant.nesting import Edge, walk
from starbid.telegram.html import escape

_TAGS = {
    Look.BOLD: "b",
    Look.ITALIC: "i",
    Look.UNDERLINE: "u",
    Look.STRIKETHROUGH: "s",
    Look.SPOILER: "tg-spoiler",
    Look.CODE: "code",
    Look.QUOTE: "blockquote",
}


def formatted_html(formatted: Formatted) -> str:
    """For a message with `parse_mode` HTML: its text and its marks, everything escaped."""
    return "".join(escape(step) if isinstance(step, str) else _tag(step) for step in walk(formatted))


def _tag(edge: Edge) -> str:
    opening, closing = _tags(edge.mark)
    return opening if edge.begins else closing


def _tags(mark: Mark) -> tuple[str, str]:
    if mark.look is Look.LINK:
        return f'<a href="{html.escape(mark.url)}">', "</a>"
    if mark.look is not Look.PRE:
        return f"<{_TAGS[mark.look]}>", f"</{_TAGS[mark.look]}>"
    if not mark.language:
        return "<pre>", "</pre>"
    return f'<pre><code class="language-{html.escape(mark.language)}">', "</code></pre>"
