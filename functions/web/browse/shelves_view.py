"""The shelves of the front page, over the list that is there anyway."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from starbid.i18n import Language
from starbid.services.ports import Listing
from web.shared.cards import LotCard, Standing, card_of_listing

SHELF = 6
"""Lots of one shelf. Where there are no more than that in all, the list says everything."""
SOON, SOONEST = timedelta(days=1), 4
"""What ends within a day, and as many of it as make a row of a wide page, or two of a phone's."""


@dataclass(frozen=True)
class FrontShelves:
    """The head of the list that ends within a day, and what is new; the list goes on behind the first."""

    ending: tuple[LotCard, ...]
    newest: tuple[LotCard, ...]


def is_worth_it(listed: Sequence[Listing]) -> bool:
    return len(listed) > SHELF


def ending_soon(listed: Sequence[Listing], now: datetime) -> int:
    """How many of a list by end make the first shelf: a full row or none, so that the list goes on without a gap."""
    soon = sum(listing.ends_at - listing.clock(now) <= SOON for listing in listed[:SOONEST])
    return SOONEST if soon == SOONEST else 0


def front_shelves(
    listed: Sequence[Listing],
    newest: Sequence[Listing],
    standings: Mapping[str, Standing],
    words: Language,
    now: datetime,
) -> FrontShelves:
    """What stands on the first shelf is not told a second time as new."""
    ending = listed[: ending_soon(listed, now)]
    told = {listing.auction_id for listing in ending}
    return FrontShelves(
        tuple(card_of_listing(each, standings.get(each.auction_id), words, now) for each in ending),
        tuple(card_of_listing(each, None, words, now) for each in newest if each.auction_id not in told),
    )
