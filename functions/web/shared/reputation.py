"""What a person's deals and ratings add up to, in words."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from starbid.domain.people import Person
from starbid.i18n import Language


@dataclass(frozen=True)
class ReputationLine:
    """`average` is empty where nobody has rated yet; `deals` counts completed ones."""

    average: str
    ratings: str
    deals: str


def as_seller(person: Person, words: Language) -> ReputationLine:
    """As a seller."""
    known = person.reputation
    deals = words.ngettext("{n} sale", "{n} sales", known.sold) if known.sold else words._("no sales yet")
    return _line(known.seller_average, known.seller_ratings, deals, words)


def as_buyer(person: Person, words: Language) -> ReputationLine:
    known = person.reputation
    deals = words.ngettext("{n} purchase", "{n} purchases", known.bought) if known.bought else ""
    return _line(known.buyer_average, known.buyer_ratings, deals or words._("no purchases yet"), words)


def _line(average: Decimal | None, ratings: int, deals: str, words: Language) -> ReputationLine:
    if average is None:
        return ReputationLine("", "", deals)
    shown = words.decimal(str(average))
    return ReputationLine(shown, words.ngettext("{n} rating", "{n} ratings", ratings), deals)
