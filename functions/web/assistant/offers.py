"""Packs of answers, as the site offers them."""

from __future__ import annotations

from dataclasses import dataclass

from starbid.assistant_standing import price_each
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
    return Offer(pack.credits, name, pack.price, price_each(pack, words))
