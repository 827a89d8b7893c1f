"""The parser's events before the library makes a message of them: without what would be lost, misread or unsafe."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from starbid.domain.assistant.links import names_another, safe_address, target
from starbid.domain.assistant.showing import shown
from starbid.domain.texts import shows
from starbid.telegram.markdown.formulas import is_formula, readable
from starbid.telegram.markdown.parsing import Event, Step, added, parsed, words_of
from starbid.telegram.markdown.tables import readable_tables, without_filling

DEEPEST = 5
"""Levels of lists: each indents its lines further."""
_RULE = "———"
_LINE_BREAK = re.compile(r"\s*<br\s*/?>\s*", re.IGNORECASE)


def tamed(source: str) -> Iterator[Step]:
    """What the library shows as it should be shown."""
    steps = _plain(without_filling(parsed(source)), source.encode())
    return _on_own_lines(readable_tables(_safe_links(_shallow(_numbered_notes(steps)))))


def _plain(steps: Iterable[Step], source: bytes) -> Iterator[Step]:
    """HTML is words, and so are dollars and tildes that mean no formula and no strikethrough. Headings look alike, a
    picture is a link, a rule is some dashes.
    """
    for event, place in steps:
        match event:
            case {"Text": str(words)}:
                yield {"Text": shown(words)}, place
            case "Rule":
                yield {"Start": "Paragraph"}, place
                yield {"Text": _RULE}, place
                yield {"End": "Paragraph"}, place
            case {"InlineHtml": str(tag)} | {"Html": str(tag)}:
                yield _of_html(event, tag), place
            case {"Start": "HtmlBlock"}:
                yield {"Start": "Paragraph"}, place
            case {"End": "HtmlBlock"}:
                yield {"End": "Paragraph"}, place
            case {"Start": {"Heading": dict(heading)}}:
                yield {"Start": {"Heading": {**heading, "level": "H3"}}}, place
            case {"Start": {"Image": picture}}:
                yield {"Start": {"Link": picture}}, place
            case {"End": "Image"}:
                yield {"End": "Link"}, place
            case {"Start": "Strikethrough"} | {"End": "Strikethrough"} if source[place["start"] + 1] != ord("~"):
                yield {"Text": "~"}, place
            case {"InlineMath": str(formula)}:
                start, end = place["start"], place["end"]
                touching = source[max(start - 1, 0) : start] + source[end : end + 1]
                yield _of_dollars(formula, touching), place
            case {"DisplayMath": str(formula)}:
                yield {"Code": readable(formula)}, place
            case _:
                yield event, place


def _of_html(event: Event, tag: str) -> Event:
    if not _LINE_BREAK.fullmatch(tag):
        return {"Text": shown(tag)}
    return "SoftBreak" if "InlineHtml" in event else {"Text": "\n"}


def _of_dollars(formula: str, touching: bytes) -> Event:
    if is_formula(formula, touching):
        return {"Code": readable(formula)}
    return {"Text": shown(f"${formula}$")}


def _numbered_notes(steps: Iterable[Step]) -> Iterator[Step]:
    """A footnote begins with its number."""
    label = None
    for step in steps:
        yield step
        match step[0]:
            case {"Start": {"FootnoteDefinition": str(found)}}:
                label = found
            case {"Start": "Paragraph"} if label is not None:
                yield added({"Text": f"[{label}] "})
                label = None


def _shallow(steps: Iterable[Step]) -> Iterator[Step]:
    """Lists down to the deepest level, further items on that level; a quote in a quote is part of it; the heading of
    an item stands behind its bullet.
    """
    lists = quotes = 0
    for step in steps:
        match step[0]:
            case {"Start": {"List": _}}:
                lists += 1
                if lists > DEEPEST:
                    continue
            case {"End": {"List": _}}:
                lists -= 1
                if lists >= DEEPEST:
                    continue
            case {"Start": {"BlockQuote": _}}:
                quotes += 1
                if quotes > 1:
                    continue
            case {"End": {"BlockQuote": _}}:
                quotes -= 1
                if quotes:
                    continue
            case {"Start": {"Heading": _}} if lists:
                yield added({"Start": "Paragraph"})
                yield added({"Start": "Strong"})
                continue
            case {"End": {"Heading": _}} if lists:
                yield added({"End": "Strong"})
                yield added({"End": "Paragraph"})
                continue
        yield step


def _safe_links(steps: Iterable[Step]) -> Iterator[Step]:
    """Links of which the words say where they lead; a link in a link (a picture) is part of it."""
    steps = iter(steps)
    for step in steps:
        match step[0]:
            case {"Start": {"Link": {"dest_url": str(address)}}}:
                yield from _link(safe_address(address), _linked(steps))
            case _:
                yield step


def _linked(steps: Iterator[Step]) -> list[Step]:
    """What stands in a link that has begun."""
    found: list[Step] = []
    depth = 1
    for step in steps:
        match step[0]:
            case {"Start": {"Link": _}}:
                depth += 1
            case {"End": "Link"}:
                depth -= 1
                if not depth:
                    break
            case _:
                found.append(step)
    return found


def _link(address: str | None, inner: list[Step]) -> Iterator[Step]:
    """Words without a safe address stay words. Those that name another address do, too: what leads there is the
    address itself, behind them.
    """
    words = words_of(inner)
    if address is None:
        yield from inner
    elif not shows(words):
        yield from _linked_words(address, [added({"Text": target(address)})])
    elif names_another(words, address):
        yield from [*inner, added({"Text": " ("})]
        yield from _linked_words(address, [added({"Text": target(address)})])
        yield added({"Text": ")"})
    else:
        yield from _linked_words(address, inner)


def _linked_words(address: str, inner: list[Step]) -> Iterator[Step]:
    yield added({"Start": {"Link": {"dest_url": address}}})
    yield from inner
    yield added({"End": "Link"})


def _on_own_lines(steps: Iterable[Step]) -> Iterator[Step]:
    """Within a list the library breaks no line before a block and behind it: an item and its code would be one word."""
    lists, last = 0, _LINE
    for step in steps:
        kind = _kind(step[0])
        match step[0]:
            case {"Start": {"List": _}}:
                lists += 1
            case {"End": {"List": _}}:
                lists -= 1
        if lists and (last, kind) in _JOINED:
            yield added("SoftBreak")
        last = kind or last
        yield step


_LINE, _WORDS, _PARAGRAPH, _BLOCK, _BLOCK_END = "line", "words", "paragraph", "block", "block end"
_JOINED = {(_WORDS, _PARAGRAPH), (_WORDS, _BLOCK), (_BLOCK_END, _PARAGRAPH), (_BLOCK_END, _WORDS)}
"""What the library puts on one line: it does break one between two blocks."""


def _kind(event: Event) -> str:
    """What the message ends with after this event; "" where it adds nothing."""
    match event:
        case {"Text": _} | {"Code": _} | {"FootnoteReference": _}:
            return _WORDS
        case {"Start": "Paragraph"}:
            return _PARAGRAPH
        case {"Start": {"CodeBlock": _} | {"BlockQuote": _} | {"Table": _}}:
            return _BLOCK
        case {"End": "CodeBlock" | "Table"}:
            return _BLOCK_END
        case "SoftBreak" | "HardBreak" | {"Start": "Item"} | {"End": "Item" | "Paragraph"}:
            return _LINE
    return ""
