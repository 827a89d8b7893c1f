"""A formatted text as HTML of the site."""

from __future__ import annotations

from markupsafe import Markup, escape

from starbid.domain.assistant.formatted import Formatted, Look, Mark
from starbid.domain.assistant.nesting import Edge, walk

_TAGS = {
    Look.BOLD: "b",
    Look.ITALIC: "i",
    Look.UNDERLINE: "u",
    Look.STRIKETHROUGH: "s",
    Look.SPOILER: "span",
    Look.CODE: "code",
    Look.QUOTE: "blockquote",
}


def rich_text(formatted: Formatted) -> Markup:
    """For a `<div>`. Line breaks and indents are the style sheet's (`white-space: pre-wrap`), except around quotes and
    blocks of code, which stand on lines of their own.
    """
    steps = list(walk(formatted))
    around = zip([None, *steps], steps, [*steps[1:], None], strict=False)
    return Markup("").join(
        _words(before, step, behind) if isinstance(step, str) else _tag(step) for before, step, behind in around
    )


def _words(before: str | Edge | None, words: str, behind: str | Edge | None) -> Markup:
    if isinstance(before, Edge) and _breaks(before.mark, outside=not before.begins):
        words = words.lstrip("\n")
    if isinstance(behind, Edge) and _breaks(behind.mark, outside=behind.begins):
        words = words.rstrip("\n")
    return escape(words)


def _breaks(mark: Mark, *, outside: bool) -> bool:
    """Whether a line ends at its edge by itself; code is as it is written."""
    return mark.look is Look.QUOTE or (mark.look is Look.PRE and outside)


def _tag(edge: Edge) -> Markup:
    opening, closing = _tags(edge.mark)
    return opening if edge.begins else closing


def _tags(mark: Mark) -> tuple[Markup, Markup]:
    if mark.look is Look.LINK:
        opening = Markup('<a href="{}" rel="nofollow noopener" target="_blank">').format(mark.url)
        return opening, Markup("</a>")
    if mark.look is Look.PRE:
        language = Markup(' class="language-{}"').format(mark.language) if mark.language else Markup("")
        return Markup("<pre><code{}>").format(language), Markup("</code></pre>")
    return Markup("<{}>").format(_TAGS[mark.look]), Markup("</{}>").format(_TAGS[mark.look])
