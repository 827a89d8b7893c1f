"""The filters of the API's list of lots, from a query (spec, section 5)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from starbid.domain.criteria import SORTS
from starbid.domain.errors import Invalid, InvalidFields
from starbid.domain.kinds import KINDS
from starbid.domain.lots import CATEGORIES
from starbid.domain.money import CURRENCIES, DEFAULT_CURRENCY, MAX_AMOUNT
from starbid.domain.texts import shows
from starbid.domain.typed_numbers import typed_whole
from starbid.services.ports import Search

TYPES: Final = tuple(KINDS)
MOST_LETTERS = 200
LIMIT, MOST_LIMIT = 24, 48


def read_search(query: Mapping[str, str]) -> Search:
    """What a query looks for. Raises InvalidFields.

    A price is in some currency: where none is chosen, in the default one. Lots in others cannot be compared with it.
    """
    reader = _Reader(query)
    currency, least = reader.choice("currency", tuple(CURRENCIES)), reader.whole("min_price", 0, MAX_AMOUNT)
    most = reader.whole("max_price", least or 0, MAX_AMOUNT)
    if currency is None and (least, most) != (None, None):
        currency = DEFAULT_CURRENCY
    search = Search(
        text=_typed(query.get("q", "")),
        category=reader.choice("category", CATEGORIES),
        kind=reader.choice("type", TYPES),
        currency=currency,
        min_price=least,
        max_price=most,
        sort=reader.choice("sort", SORTS) or "ending",
        cursor=query.get("cursor") or None,
        limit=reader.whole("limit", 1, MOST_LIMIT) or LIMIT,
    )
    reader.check()
    return search


def read_limit(query: Mapping[str, str], default: int, most: int) -> int:
    """The `limit` of a list in the API. Raises InvalidFields."""
    reader = _Reader(query)
    limit = reader.whole("limit", 1, most) or default
    reader.check()
    return limit


class _Reader:
    """Reads optional values and collects what is wrong with them."""

    def __init__(self, query: Mapping[str, str]) -> None:
        self._query = query
        self._faults: dict[str, Invalid] = {}

    def check(self) -> None:
        if self._faults:
            raise InvalidFields(tuple(self._faults.values()))

    def choice(self, field: str, choices: tuple[str, ...]) -> str | None:
        value = self._query.get(field)
        if not value:
            return None
        if value not in choices:
            self._faults[field] = Invalid(field, "choice")
            return None
        return value

    def whole(self, field: str, least: int, most: int) -> int | None:
        value = self._query.get(field)
        if not value:
            return None
        number = typed_whole(value)
        if number is None or not least <= number <= most:
            self._faults[field] = Invalid(field, "range", least=least, most=most)
            return None
        return number


def _typed(text: str) -> str:
    """What is looked for. A text that shows nothing is no text."""
    return text.strip()[:MOST_LETTERS] if shows(text) else ""
