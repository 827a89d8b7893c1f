"""Telegram's HTML (`parse_mode=HTML`): a handful of tags, strictly nested, refused where not well-formed."""

from __future__ import annotations

import re
from dataclasses import dataclass

from local.telegram.entities import Entity, FormattedText, units
from local.telegram.errors import ApiError, bad_request

KINDS = {
    "b": "bold", "strong": "bold", "i": "italic", "em": "italic", "u": "underline", "ins": "underline",
    "s": "strikethrough", "strike": "strikethrough", "del": "strikethrough", "tg-spoiler": "spoiler",
    "span": "spoiler", "code": "code", "pre": "pre", "blockquote": "blockquote", "a": "text_link",
    "tg-emoji": "custom_emoji",
}  # fmt: skip
CHARACTERS = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
REFERENCE = re.compile(r"&(?:#(\d{1,7})|#x([0-9a-fA-F]{1,6})|(lt|gt|amp|quot));?")
TAG_NAME = re.compile(r"[A-Za-z0-9-]*")
ATTRIBUTE = re.compile(r"""\s*([A-Za-z0-9-]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?""")
LINK = re.compile(r"(?:https?|tg|ton|mailto|tel):", re.IGNORECASE)
BARE_LINK = re.compile(r"[^\s:/]+\.[^\s:/]+(?:[/?#]\S*)?")


@dataclass(frozen=True)
class _Open:
    name: str
    attributes: dict[str, str]
    start: int


def parse_html(source: str) -> FormattedText:
    """Text and entities of Telegram HTML. Raises `ApiError` 400 where Telegram would."""
    return _Parser(source).parse()


def _decoded(text: str) -> str:
    def character(match: re.Match[str]) -> str:
        decimal, hexadecimal, name = match.groups()
        if name:
            return CHARACTERS[name]
        code = int(decimal) if decimal else int(hexadecimal, 16)
        valid = 0 < code < 0x110000 and not 0xD800 <= code < 0xE000
        return chr(code) if valid else match.group()

    return REFERENCE.sub(character, text)


class _Parser:
    def __init__(self, source: str) -> None:
        self.source = source
        self.at = 0
        self.parts: list[str] = []
        self.length = 0
        self.open: list[_Open] = []
        self.entities: list[Entity] = []

    def parse(self) -> FormattedText:
        while self.at < len(self.source):
            if self.source.startswith("</", self.at):
                self._end_tag()
            elif self.source[self.at] == "<":
                self._start_tag()
            else:
                self._text()
        if self.open:
            raise _refusal(f'Can\'t find end tag corresponding to start tag "{self.open[-1].name}"')
        self.entities.sort(key=lambda entity: (entity["offset"], -entity["length"]))
        return FormattedText("".join(self.parts), self.entities)

    def _offset(self, at: int) -> int:
        return len(self.source[:at].encode())

    def _text(self) -> None:
        stop = self.source.find("<", self.at)
        stop = len(self.source) if stop < 0 else stop
        text = _decoded(self.source[self.at : stop])
        self.parts.append(text)
        self.length += units(text)
        self.at = stop

    def _start_tag(self) -> None:
        begin = self.at
        match = TAG_NAME.match(self.source, begin + 1)
        name = match.group().lower() if match else ""
        if name not in KINDS:
            raise _refusal(f'Unsupported start tag "{name}" at byte offset {self._offset(begin)}')
        attributes, self.at = self._attributes(begin, begin + 1 + len(name))
        if name == "span" and attributes.get("class") != "tg-spoiler":
            raise _refusal(f'Tag "span" must have class "tg-spoiler" at byte offset {self._offset(begin)}')
        self.open.append(_Open(name, attributes, self.length))

    def _attributes(self, begin: int, at: int) -> tuple[dict[str, str], int]:
        found: dict[str, str] = {}
        while True:
            match = ATTRIBUTE.match(self.source, at)
            if match is None or not self.source[at : at + 1].isspace():
                break
            values = [value for value in match.groups()[1:] if value is not None]
            found[match.group(1).lower()] = _decoded(values[0]) if values else ""
            at = match.end()
        while self.source[at : at + 1].isspace():
            at += 1
        if self.source[at : at + 1] != ">":
            raise _refusal(f"Unclosed start tag at byte offset {self._offset(begin)}")
        return found, at + 1

    def _end_tag(self) -> None:
        begin = self.at
        stop = self.source.find(">", begin)
        if stop < 0:
            raise _refusal(f"Unclosed end tag at byte offset {self._offset(begin)}")
        name = self.source[begin + 2 : stop].strip().lower()
        if not self.open:
            raise _refusal(f"Unexpected end tag at byte offset {self._offset(begin)}")
        tag = self.open.pop()
        if name and name != tag.name:
            raise _refusal(
                f'Unmatched end tag at byte offset {self._offset(begin)}, expected "</{tag.name}>", found "</{name}>"'
            )
        self.at = stop + 1
        self._close(tag)

    def _close(self, tag: _Open) -> None:
        if self.length == tag.start:
            return
        entity: Entity = {"type": KINDS[tag.name], "offset": tag.start, "length": self.length - tag.start}
        if tag.name == "a":
            self._close_link(tag, entity)
        elif tag.name == "code" and self.open and self.open[-1].name == "pre":
            language = tag.attributes.get("class", "").removeprefix("language-")
            self.open[-1].attributes.setdefault("language", language)
        elif tag.name != "tg-emoji":
            self.entities.append(_detailed(entity, tag))

    def _close_link(self, tag: _Open, entity: Entity) -> None:
        text = "".join(self.parts).encode("utf-16-le")[tag.start * 2 : self.length * 2].decode("utf-16-le")
        url = (tag.attributes.get("href") or text).strip()
        if LINK.match(url):
            self.entities.append({**entity, "url": url})
        elif BARE_LINK.fullmatch(url):
            self.entities.append({**entity, "url": f"http://{url}"})


def _detailed(entity: Entity, tag: _Open) -> Entity:
    if tag.name == "pre" and tag.attributes.get("language"):
        return {**entity, "language": tag.attributes["language"]}
    if tag.name == "blockquote" and "expandable" in tag.attributes:
        return {**entity, "type": "expandable_blockquote"}
    return entity


def _refusal(reason: str) -> ApiError:
    return bad_request(f"can't parse entities: {reason}")
