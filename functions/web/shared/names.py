"""Names of kinds, categories, goods and currencies in words."""

from __future__ import annotations

from starbid.criteria_words import currency_name, kind_name
from starbid.domain.kinds import KINDS
from starbid.i18n import Language, capital

__all__ = ["bidder_name", "currency_name", "goods_name", "kind_badge", "kind_name"]


def kind_badge(kind: str, words: Language) -> str:
    """The kind in a word or two, for a badge; empty for an ordinary auction, which has none."""
    badge = KINDS[kind].badge
    return capital(words.say(badge)) if badge else ""


def bidder_name(number: int, words: Language) -> str:
    """A bidder of one lot, by the order of the first bids on it."""
    return words._("Bidder {n}", n=number)


def goods_name(goods: str, words: Language) -> str:
    return words._("Physical") if goods == "physical" else words._("Digital")
