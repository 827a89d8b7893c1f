"""What somebody looks for among the lots: words, and what narrows them down.

A list says what it is of in the query of its address on the site (spec, section 5), which is read back here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from starbid.domain.graphemes import whole
from starbid.domain.kinds import KINDS
from starbid.domain.lots import CATEGORIES
from starbid.domain.money import CURRENCIES, DEFAULT_CURRENCY, MAX_AMOUNT, Money
from starbid.domain.texts import is_storable, shows
from starbid.domain.typed_numbers import amount_typed, typed_amount

SORTS: Final = ("ending", "newest", "price_asc", "price_desc", "bids")
LONGEST: Final = 100
"""Characters of a text that are looked for; the site's field takes as many."""
WITHIN: Final = (1, 24)
"""Hours that may be left of a lot that ends soon."""


@dataclass(frozen=True, slots=True)
class Criteria:
    """`text` as it was typed. Prices are in minor units of `currency`, which is given where one of them is."""

    text: str = ""
    category: str | None = None
    kind: str | None = None
    currency: str | None = None
    min_price: int | None = None
    max_price: int | None = None

    @property
    def is_all(self) -> bool:
        """Whether every lot is looked for."""
        return self == Criteria()

    @property
    def prices(self) -> tuple[Money | None, Money | None]:
        """The least and the most that a lot may cost."""
        return self._price(self.min_price), self._price(self.max_price)

    def _price(self, amount: int | None) -> Money | None:
        return None if amount is None else Money(amount, self.currency or DEFAULT_CURRENCY)

    def priced(self, least: Money | None, most: Money | None) -> Criteria:
        """With these prices, of one currency; the wrong way round they are turned, and nothing is no bound."""
        if least and most and most < least:
            least, most = most, least
        given = least or most
        currency = given.currency if given else self.currency
        low, high = (price.amount if price else None for price in (least, most))
        return replace(self, currency=currency, min_price=low, max_price=high)

    def in_currency(self, currency: str | None) -> Criteria:
        """Prices go with their currency: in another one they would be other prices."""
        same = currency == self.currency
        low, high = (self.min_price, self.max_price) if same else (None, None)
        return replace(self, currency=currency, min_price=low, max_price=high)

    def admits(self, category: str, kind: str, price: Money) -> bool:
        """Whether a lot fits, whatever its words."""
        return (
            self.category in (None, category)
            and self.kind in (None, kind)
            and self.currency in (None, price.currency)
            and (self.min_price is None or price.amount >= self.min_price)
            and (self.max_price is None or price.amount <= self.max_price)
        )


@dataclass(frozen=True, slots=True)
class Looking:
    """A list as somebody looks at it: of what, in which order, and what ends `within` so many hours (0: whenever)."""

    criteria: Criteria = Criteria()
    sort: str = SORTS[0]
    within: int = 0

    @property
    def is_narrowed(self) -> bool:
        """Whether lots are left out that other words would be no reason for."""
        return bool(self.within) or replace(self.criteria, text="") != Criteria()


def clean_text(text: str) -> str:
    """What of a text is looked for: on one line, and "" where it shows nothing or cannot be stored."""
    asked = whole(" ".join(text.split()), LONGEST)
    return asked if is_storable(asked) and shows(asked) else ""


def query_of(looking: Looking) -> dict[str, str]:
    """The fields of an address; prices as they are typed."""
    criteria = looking.criteria
    least, most = criteria.prices
    fields = {
        "q": criteria.text,
        "category": criteria.category,
        "type": criteria.kind,
        "currency": criteria.currency,
        "min_price": amount_typed(least) if least else None,
        "max_price": amount_typed(most) if most else None,
        "within": str(looking.within) if looking.within else None,
        "sort": looking.sort,
    }
    return {name: value for name, value in fields.items() if value}


def read_query(query: Mapping[str, str]) -> Looking:
    """What `query_of` made fields of; what cannot be is left out."""
    currency = _one_of(query, "currency", tuple(CURRENCIES))
    criteria = Criteria(
        text=clean_text(query.get("q", "")),
        category=_one_of(query, "category", CATEGORIES),
        kind=_one_of(query, "type", tuple(KINDS)),
        currency=currency,
    )
    least, most = (_price(query.get(name, ""), currency or DEFAULT_CURRENCY) for name in ("min_price", "max_price"))
    within = _one_of(query, "within", tuple(map(str, WITHIN)))
    return Looking(
        criteria.priced(least, most) if least or most else criteria,
        _one_of(query, "sort", SORTS) or SORTS[0],
        int(within) if within else 0,
    )


def _one_of(query: Mapping[str, str], name: str, choices: tuple[str, ...]) -> str | None:
    value = query.get(name)
    return value if value in choices else None


def _price(text: str, currency: str) -> Money | None:
    amount = typed_amount(text, currency)
    return amount if amount and amount.amount <= MAX_AMOUNT else None
