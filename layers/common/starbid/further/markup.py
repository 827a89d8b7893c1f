"""What the bot says in Telegram's HTML, for readers of plain text and of other HTML."""

from __future__ import annotations

import html
from dataclasses import dataclass
from html.parser import HTMLParser

_STYLES = {
    "b": "font-weight:600",
    "i": "font-style:italic",
    "u": "text-decoration:underline",
    "s": "text-decoration:line-through",
    "code": "font-family:monospace",
    "pre": "font-family:monospace;white-space:pre-wrap",
    "blockquote": "display:block;margin:8px 0;padding:0 0 0 12px;border-left:3px solid #88888866",
}
"""Telegram's tags, each a `span` of this style here: no mail client adds rules of its own to those."""
_LINK = "color:inherit;text-decoration:underline"


@dataclass(frozen=True, slots=True)
class Read:
    """`links` are text and address of each link in it."""

    plain: str
    html: str
    links: tuple[tuple[str, str], ...]


def read_markup(markup: str) -> Read:
    """Text is escaped once more. Tags that Telegram does not have are dropped, and links that lead to no page."""
    reader = _Reader()
    reader.feed(markup)
    reader.close()
    return reader.done()


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._plain: list[str] = []
        self._html: list[str] = []
        self._open: list[tuple[str, str]] = []
        """Names of the tags that are open, and what ends each."""
        self._links: list[tuple[int, str]] = []
        """Where in `_plain` the text of a link begins, and where it leads."""
        self._ended: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "br":
            self.handle_data("\n")
        elif tag == "a":
            self._begin_link(dict(attrs).get("href") or "")
        elif style := _STYLES.get(tag):
            self._html.append(f'<span style="{style}">')
            self._open.append((tag, "</span>"))

    def handle_endtag(self, tag: str) -> None:
        if any(tag == name for name, _ in self._open):
            while self._end() != tag:
                pass

    def handle_data(self, data: str) -> None:
        self._plain.append(data)
        self._html.append(html.escape(data).replace("\n", "<br>\n"))

    def done(self) -> Read:
        while self._open:
            self._end()
        return Read("".join(self._plain), "".join(self._html), tuple(self._ended))

    def _begin_link(self, address: str) -> None:
        if not address.startswith(("https://", "http://")):
            return
        self._html.append(f'<a href="{html.escape(address)}" style="{_LINK}">')
        self._open.append(("a", "</a>"))
        self._links.append((len(self._plain), address))

    def _end(self) -> str:
        tag, end = self._open.pop()
        self._html.append(end)
        if tag == "a":
            since, address = self._links.pop()
            self._ended.append(("".join(self._plain[since:]), address))
        return tag
