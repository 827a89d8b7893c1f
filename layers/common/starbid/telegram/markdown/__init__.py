"""Markdown, as language models write it, made safe to show: telegramify-markdown for what Telegram can show.

Only the function that answers questions imports this: the library is in its own layer (layers/assistant).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from itertools import accumulate
from typing import TYPE_CHECKING

from starbid.domain.assistant.formatted import Formatted, Look, Mark
from starbid.domain.assistant.links import is_telegrams, safe_address
from starbid.domain.assistant.nesting import excerpt, put_right
from starbid.domain.assistant.showing import shown
from starbid.domain.assistant.splitting import split
from starbid.domain.texts import shows
from starbid.telegram.markdown.events import tamed
from starbid.telegram.markdown.formulas import in_dollars

if TYPE_CHECKING:
    from telegramify_markdown.config import RenderConfig
    from telegramify_markdown.entity import MessageEntity

_LOOKS = {look.value: look for look in Look}
_LANGUAGE = re.compile(r"[\w+#.-]{1,40}")
_ADDRESS = re.compile(
    r"""(?<![\w/@.])https?://(?:\([^\s()<>"«»]*\)|[^\s()<>"«»])*(?:\([^\s()<>"«»]*\)|[^\s()<>"«».,:;!?\]'…*_~`])""",
    re.IGNORECASE,
)
"""An address without the punctuation behind it; brackets are part of it in pairs."""


class TelegramMarkdown:
    """The port `Formatting`. It has no state: threads may share one."""

    def format(self, markdown: str) -> Formatted:
        from telegramify_markdown.converter import EventWalker

        source = in_dollars(shown(markdown))
        text, entities, _ = EventWalker(_symbols(), source).walk(tuple(tamed(source)))
        marks = [*_marks(text, entities)]
        return _without_blanks(put_right(text, [*marks, *_addresses(text)]))

    def parts(self, markdown: str, longest: int) -> tuple[Formatted, ...]:
        return split(self.format(markdown), longest)


@cache
def _symbols() -> RenderConfig:
    """What the library writes besides the words; no emoji before headings, and quotes are never folded."""
    from telegramify_markdown.config import RenderConfig

    config = RenderConfig.isolated()
    config.cite_expandable = False
    symbols = config.markdown_symbol
    symbols.heading_level_3 = ""  # the only level that `events` leaves
    symbols.task_completed, symbols.task_uncompleted = "☑", "☐"
    symbols.unordered_list_item = "•"
    return config


def _marks(text: str, entities: list[MessageEntity]) -> Iterator[Mark]:
    """Entities with their offsets in characters instead of UTF-16 units."""
    places = dict(
        zip(accumulate((1 + (mark > "\uffff") for mark in text), initial=0), range(len(text) + 1), strict=True)
    )
    for entity in entities:
        look = _LOOKS.get(entity.type)
        if look is not None:
            start, end = places[entity.offset], places[entity.offset + entity.length]
            language = _LANGUAGE.match(entity.language or "")
            yield Mark(look, start, end, entity.url or "", language[0] if language else "")


def _addresses(text: str) -> Iterator[Mark]:
    """Addresses of the web that the text names; those of chats and people stay words."""
    for found in _ADDRESS.finditer(text):
        address = safe_address(found[0])
        if address and not is_telegrams(address):
            yield Mark(Look.LINK, found.start(), found.end(), address)


def _without_blanks(formatted: Formatted) -> Formatted:
    """Without white space around it, but with the indent of a block of code; nothing where nothing can be seen."""
    text = formatted.text
    if not shows(text):
        return Formatted("")
    ends = len(text.rstrip())
    block = next((mark.start for mark in formatted.marks if mark.look is Look.PRE), ends)
    return excerpt(formatted, min(len(text) - len(text.lstrip()), block), ends)
