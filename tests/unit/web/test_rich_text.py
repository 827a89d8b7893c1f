"""A formatted text on the site: what it says, and nothing that a browser would run."""

from html.parser import HTMLParser

from hypothesis import given
from markupsafe import Markup

from starbid.domain.assistant.formatted import Formatted, Look, Mark
from tests.support.formatted import formatted_texts
from web.shared.rich_text import rich_text

LINK = {"href": "https://example.org/?a=1&b='2'", "rel": "nofollow noopener", "target": "_blank"}
ATTRIBUTES: dict[str, list[dict[str, str | None]]] = {"a": [{**LINK}], "code": [{}, {"class": "language-py"}]}


class Reader(HTMLParser):
    """What a browser makes of it; fails where tags do not fit each other."""

    def __init__(self) -> None:
        super().__init__()
        self.text = ""
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in {"b", "i", "u", "s", "span", "code", "pre", "blockquote", "a"}
        assert dict(attrs) in ATTRIBUTES.get(tag, [{}])
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


@given(formatted_texts())
def test_it_says_what_the_text_says(formatted: Formatted) -> None:
    reader = Reader()
    reader.feed(str(rich_text(formatted)))
    reader.close()
    assert not reader.open
    assert reader.text.replace("\n", "") == formatted.text.replace("\n", "")


@given(formatted_texts())
def test_every_mark_is_an_element(formatted: Formatted) -> None:
    tags = {Look.LINK: "<a ", Look.PRE: "<pre>", Look.QUOTE: "<blockquote>", Look.SPOILER: "<span>", Look.BOLD: "<b>"}
    html = rich_text(Formatted(formatted.text.replace("<", "("), formatted.marks))
    for look, tag in tags.items():
        assert html.count(tag) == sum(mark.look is look for mark in formatted.marks)


def test_line_breaks_are_kept_but_around_blocks() -> None:
    text = "one\n\ntwo\n\nquoted\nwords\n\nthree\n  code\n\n    more\nfour"
    quote = Mark(Look.QUOTE, text.index("quoted"), text.index("\n\nthree"))
    block = Mark(Look.PRE, text.index("  code"), text.index("\nfour"), language="py")
    assert rich_text(Formatted(text, (quote, block))) == Markup(
        "one\n\ntwo<blockquote>quoted\nwords</blockquote>three"
        '<pre><code class="language-py">  code\n\n    more</code></pre>four'
    )


def test_a_block_that_begins_with_an_empty_line_keeps_it() -> None:
    assert rich_text(Formatted("\nx", (Mark(Look.PRE, 0, 2),))) == Markup("<pre><code>\nx</code></pre>")


def test_a_block_in_a_quote_has_no_empty_lines_around_it() -> None:
    marks = (Mark(Look.QUOTE, 0, 10), Mark(Look.PRE, 3, 7))
    assert rich_text(Formatted("a\n\ncode\n\nb", marks)) == Markup(
        "<blockquote>a<pre><code>code</code></pre>b</blockquote>"
    )


def test_what_is_written_is_escaped_everywhere() -> None:
    hostile = "'\"><script>&"
    formatted = Formatted(hostile * 2, (Mark(Look.LINK, 0, 12, hostile), Mark(Look.PRE, 12, 24, "", hostile)))
    html = rich_text(formatted)
    assert isinstance(html, Markup)
    assert html.count("&lt;script&gt;&amp;") == 4
    assert "<script" not in html
    assert html.count('"') == 8
