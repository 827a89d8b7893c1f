"""Achievements in words, for chat and site. A sentence says what it takes, and reads the same once it is done."""

from __future__ import annotations

from starbid.domain.achievements.kinds import Key
from starbid.domain.achievements.progress import Standing
from starbid.domain.deal_ratings import LEAST_COUNTED
from starbid.domain.money import CURRENCIES, Money
from starbid.i18n import Language

CELLS = 10
"""Of a bar at most."""


def title(key: Key, words: Language) -> str:
    _ = words._
    return {
        Key.FIRST_BID: _("First bid"),
        Key.FIRST_WIN: _("First win"),
        Key.FIRST_LOT: _("First lot"),
        Key.FIRST_SALE: _("First sale"),
        Key.EARLY_BIRD: _("Early bird"),
        Key.ALL_KINDS: _("All kinds"),
        Key.REGULAR: _("Regular guest"),
        Key.GENEROUS: _("Generous bidder"),
        Key.QUICK_HAND: _("Quick hand"),
        Key.WIDE_RANGE: _("Wide range"),
        Key.COLLECTOR: _("Collector"),
        Key.GOOD_WORD: _("Good word"),
        Key.TEN_WINS: _("Ten wins"),
        Key.TEN_SALES: _("Ten sales"),
        Key.FIVE_STARS: _("Five stars"),
        Key.TRUSTED_SELLER: _("Trusted seller"),
    }[key]


def sentence(key: Key, words: Language) -> str:
    _ = words._
    return {
        Key.FIRST_BID: _("Your first bid on a lot."),
        Key.FIRST_WIN: _("The first lot that you won."),
        Key.FIRST_LOT: _("The first lot that you published."),
        Key.FIRST_SALE: _("Your first sale that counts."),
        Key.EARLY_BIRD: _("The first bid on a lot within 10 minutes of its start: on lots of 3 sellers."),
        Key.ALL_KINDS: _("A bid in every kind of auction."),
        Key.REGULAR: _("Bids in 4 different weeks."),
        Key.GENEROUS: _("A purchase for 10 times the start price or more."),
        Key.QUICK_HAND: _("5 lots sent within 24 hours."),
        Key.WIDE_RANGE: _("Sales in 3 categories."),
        Key.COLLECTOR: _("Purchases in 5 categories."),
        Key.GOOD_WORD: _("5 ratings that you gave."),
        Key.TEN_WINS: _("Purchases from 10 sellers."),
        Key.TEN_SALES: _("Sales to 10 buyers."),
        Key.FIVE_STARS: _("10 ratings of five stars."),
        Key.TRUSTED_SELLER: _("Sales to 20 buyers, and 4.8 stars or more on average, from 5 of them at least."),
    }[key]


def what_counts(currencies: tuple[str, ...], words: Language) -> str:
    """Which deals count, in the currencies that are on offer."""
    least = " / ".join(words.money(Money(LEAST_COUNTED * CURRENCIES[each].minor_units, each)) for each in currencies)
    return words._("A deal counts when it is complete: from {least}, once with each person.", least=least)


def how_far(standing: Standing, words: Language) -> str:
    """`▰▰▰▱▱ 3 of 5`; empty where there is one thing to do."""
    have, target = standing.have, standing.achievement.target
    if target == 1:
        return ""
    cells = min(target, CELLS)
    full = have * cells // target
    return f"{'▰' * full}{'▱' * (cells - full)} {words._('{have} of {target}', have=have, target=target)}"
