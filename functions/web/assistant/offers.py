"""Packs of answers, as the site offers them."""

from __future__ import annotations

from dataclasses import dataclass

from starbid.domain.assistant.terms import AssistantTerms, PackOffer
from starbid.domain.money import Money
from starbid.i18n import Language


@dataclass(frozen=True)
class Offer:
    """`number` answers for `price`; `each` is what one of them costs, in words."""

    number: int
    name: str
    price: Money
    each: str


def offers_of(terms: AssistantTerms, words: Language) -> tuple[Offer, ...]:
    return tuple(_offer(pack, words) for pack in terms.packs)


def _offer(pack: PackOffer, words: Language) -> Offer:
    name = words.ngettext("{n} answer", "{n} answers", pack.credits)
    each = words._("{price} an answer", price=_each(pack, words))
    return Offer(pack.credits, name, pack.price, each)


def _each(pack: PackOffer, words: Language) -> str:
    """Stars have no fractions; what an answer costs has."""
    hundredths = round(100 * pack.stars / pack.credits)
    whole, rest = divmod(hundredths, 100)
    if not rest:
        return words.money(Money(whole, pack.price.currency))
    point = "," if words.code == "ru" else "."
    fraction = f"{rest:02}".rstrip("0")
    return f"{words.money(Money(whole, pack.price.currency))}{point}{fraction}"
