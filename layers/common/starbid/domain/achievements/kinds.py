"""The achievements, those first that are had first.

Most count distinct things, `marks`: ten lots, five categories. Those with a `counter` follow a person's reputation, so
what they count is what everybody sees on the profile: deals of 20 whole units at least, one for each pair of people.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Final

from starbid.domain.kinds import KINDS
from starbid.domain.people import Reputation


class Key(StrEnum):
    """Names that are stored: none is ever given a new meaning."""

    FIRST_BID = "first_bid"
    FIRST_WIN = "first_win"
    FIRST_LOT = "first_lot"
    FIRST_SALE = "first_sale"
    EARLY_BIRD = "early_bird"
    ALL_KINDS = "all_kinds"
    REGULAR = "regular"
    GENEROUS = "generous"
    QUICK_HAND = "quick_hand"
    WIDE_RANGE = "wide_range"
    COLLECTOR = "collector"
    GOOD_WORD = "good_word"
    TEN_WINS = "ten_wins"
    TEN_SALES = "ten_sales"
    FIVE_STARS = "five_stars"
    TRUSTED_SELLER = "trusted_seller"


PUBLIC: Final = frozenset(
    {Key.FIRST_LOT, Key.FIRST_SALE, Key.WIDE_RANGE, Key.TEN_WINS, Key.TEN_SALES, Key.FIVE_STARS, Key.TRUSTED_SELLER}
)
"""What a public page may show: earned by what everybody sees there anyway. No other one: it could tell of a bid."""
EARLY: Final = timedelta(minutes=10)
"""A lot's first bid is an early one within so much of its start."""
QUICK: Final = timedelta(hours=24)
"""What is sent within so much of the sale, or of the buyer's address, is sent quickly."""
GENEROUS_TIMES: Final = 10
TRUSTED_SALES, TRUSTED_RATINGS = 20, 5
TRUSTED_TENTHS: Final = 48
"""The average of a trusted seller's ratings at least, in tenths of a star."""


@dataclass(frozen=True, slots=True)
class Achievement:
    """It is earned when `target` is reached, once and for good."""

    key: Key
    target: int
    counter: Callable[[Reputation], int] | None = None


def trusted_sales(reputation: Reputation) -> int:
    """The sales of a trusted seller: the last one is missing as long as too few buyers rated them, or too low."""
    is_trusted = (
        reputation.seller_ratings >= TRUSTED_RATINGS
        and 10 * reputation.seller_stars >= TRUSTED_TENTHS * reputation.seller_ratings
    )
    return reputation.sold if is_trusted else min(reputation.sold, TRUSTED_SALES - 1)


def _sold(reputation: Reputation) -> int:
    return reputation.sold


def _bought(reputation: Reputation) -> int:
    return reputation.bought


ACHIEVEMENTS: Final[dict[Key, Achievement]] = {
    each.key: each
    for each in (
        Achievement(Key.FIRST_BID, 1),
        Achievement(Key.FIRST_WIN, 1),
        Achievement(Key.FIRST_LOT, 1),
        Achievement(Key.FIRST_SALE, 1, _sold),
        Achievement(Key.EARLY_BIRD, 3),
        Achievement(Key.ALL_KINDS, len(KINDS)),
        Achievement(Key.REGULAR, 4),
        Achievement(Key.GENEROUS, 1),
        Achievement(Key.QUICK_HAND, 5),
        Achievement(Key.WIDE_RANGE, 3),
        Achievement(Key.COLLECTOR, 5),
        Achievement(Key.GOOD_WORD, 5),
        Achievement(Key.TEN_WINS, 10, _bought),
        Achievement(Key.TEN_SALES, 10, _sold),
        Achievement(Key.FIVE_STARS, 10),
        Achievement(Key.TRUSTED_SELLER, TRUSTED_SALES, trusted_sales),
    )
}
