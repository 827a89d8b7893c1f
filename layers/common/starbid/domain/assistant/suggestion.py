"""A draft of a lot, as a model writes one: read with care, and never taken for more than a proposal."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

from starbid.domain.assistant.formatted import Formatted, Look, Mark
from starbid.domain.graphemes import whole
from starbid.domain.lots import CATEGORIES, DESCRIPTION_LENGTH, TITLE_LENGTH
from starbid.domain.texts import flat, is_storable

MOST_PRICE = 100_000
_OTHER = "other"
_NUMBER = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Fields of the form of a lot. `start_price` is in whole units, "" where none was proposed."""

    title: str
    description: str
    category: str
    start_price: str

    def fields(self) -> dict[str, str]:
        return {
            "title": self.title,
            "description": self.description,
            "category": self.category,
            "start_price": self.start_price,
        }

    def shown(self) -> Formatted:
        """Title and description, to be read."""
        return Formatted(f"{self.title}\n\n{self.description}", (Mark(Look.BOLD, 0, len(self.title)),))


def read_suggestion(answer: str) -> Suggestion | None:
    """What a model wrote as one JSON object, be it in a code fence or between other words; cut to what a lot may have.
    None where there is no title or no description in it.
    """
    found = _object(answer)
    title = whole(" ".join(flat(_said(found, "title")).split()), TITLE_LENGTH[1]).strip()
    description = whole(_said(found, "description").strip(), DESCRIPTION_LENGTH[1]).strip()
    if len(title) < TITLE_LENGTH[0] or not description or not is_storable(title + description):
        return None
    category = _said(found, "category").strip().lower()
    return Suggestion(title, description, category if category in CATEGORIES else _OTHER, _price(found))


def _object(answer: str) -> dict[str, object]:
    begin, decoder = answer.find("{"), json.JSONDecoder()
    while begin >= 0:
        try:
            found, _ = decoder.raw_decode(answer, begin)
        except (ValueError, RecursionError):
            found = None
        if isinstance(found, dict) and found:
            return found
        begin = answer.find("{", begin + 1)
    return {}


def _said(found: dict[str, object], name: str) -> str:
    value = found.get(name)
    return value if isinstance(value, str) else ""


def _price(found: dict[str, object]) -> str:
    value = found.get("start_price")
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return ""
    number = _NUMBER.search(str(value).replace(" ", "").replace("\u00a0", "").replace("\u2009", ""))
    return str(min(int(number[0]), MOST_PRICE)) if number and len(number[0]) < 10 and int(number[0]) else ""
