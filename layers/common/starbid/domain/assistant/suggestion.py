"""A draft of a lot, as a model writes one: read with care, and never taken for more than a proposal."""

from __future__ import annotations

import json
from dataclasses import dataclass

from starbid.domain.assistant.formatted import Formatted, Look, Mark
from starbid.domain.graphemes import whole
from starbid.domain.lots import CATEGORIES, DESCRIPTION_LENGTH, TITLE_LENGTH
from starbid.domain.money import DEFAULT_CURRENCY
from starbid.domain.texts import flat, is_storable
from starbid.domain.typed_numbers import typed_amount

MOST_PRICE = 100_000
"""In Stars; of more than that nothing is proposed."""
_OTHER = "other"


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
    """As it was meant, where that is clear; a price that was only half read is somebody's loss."""
    price = _whole(found.get("start_price"))
    return str(price) if price is not None and 0 < price <= MOST_PRICE else ""


def _whole(value: object) -> int | None:
    match value:
        case bool():
            return None
        case int():
            return value
        case float() if value.is_integer():
            return int(value)
        case str():
            typed = typed_amount(value, DEFAULT_CURRENCY)
            return typed.amount if typed else None
        case _:
            return None
