"""What counts towards which achievement: from entries of the event log, and the lots that they are about.

Nothing here counts what costs nothing to repeat. A deal counts where it counts for reputation: completed, of 20 whole
units at least, and the first of its two people. What others bid, and what they hide, counts for nobody else: progress
that moved would tell of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC

from starbid.domain.achievements.kinds import EARLY, GENEROUS_TIMES, QUICK, Key
from starbid.domain.auction import Auction, BidKind
from starbid.domain.deal_ratings import counted_ratings, stands
from starbid.domain.deals import Deal
from starbid.domain.event_log import LogEntry, LogKind
from starbid.domain.lots import Lot
from starbid.domain.ratings import MOST_STARS

COUNTED = frozenset({LogKind.BID, LogKind.LOT, LogKind.DEAL})
"""The kinds of entries that may count; the filter of the stream lets no others through."""
_FIRSTS = {"published": Key.FIRST_LOT, "won": Key.FIRST_WIN}
_OF_DEALS = frozenset({"completed", "rated", "ratings_shown"})


@dataclass(frozen=True, slots=True)
class Step:
    """A thing that counts for a person, once however often it is told."""

    user_id: int
    key: Key
    mark: str


def lot_of(entry: LogEntry) -> str:
    """The id of the lot that an entry is about; empty where it is about none."""
    what, _, lot_id = entry.subject.partition("/")
    return lot_id if what == "lot" else ""


def needs_deal(entry: LogEntry) -> bool:
    """Whether it counts only with the deal as it stands."""
    return entry.kind is LogKind.DEAL and entry.name in _OF_DEALS


def of_bid(entry: LogEntry, auction: Auction | None) -> Iterator[Step]:
    """What a bid counts for, all of it for its bidder."""
    if entry.user_id is None:
        return
    lot_id, year_and_week = lot_of(entry), entry.at.astimezone(UTC).isocalendar()
    yield Step(entry.user_id, Key.FIRST_BID, lot_id)
    yield Step(entry.user_id, Key.REGULAR, f"{year_and_week.year}-{year_and_week.week:02}")
    if auction is not None:
        yield Step(entry.user_id, Key.ALL_KINDS, auction.terms.kind)
        if _is_early(entry, auction):
            yield Step(entry.user_id, Key.EARLY_BIRD, str(auction.seller_id))


def _is_early(entry: LogEntry, auction: Auction) -> bool:
    """The first open bid of a lot in its first minutes. A purchase ends a lot, which helps no auction."""
    is_first = entry.details.get("number") == 1 and not entry.details.get("hidden")
    return is_first and entry.name != BidKind.BUY and auction.starts_at <= entry.at <= auction.starts_at + EARLY


def of_lot(entry: LogEntry) -> Iterator[Step]:
    """What the beginning and the end of a lot count for."""
    key = _FIRSTS.get(entry.name) if entry.kind is LogKind.LOT else None
    if key and entry.user_id is not None:
        yield Step(entry.user_id, key, lot_of(entry))


def of_deal(lot: Lot) -> Iterator[Step]:
    """What the deal of a lot counts for as it stands, whichever of its events tells of it."""
    deal = lot.deal
    if deal is None or not stands(deal):
        return
    yield Step(deal.buyer_id, Key.COLLECTOR, lot.card.category)
    yield Step(deal.seller_id, Key.WIDE_RANGE, lot.card.category)
    if deal.price.amount >= GENEROUS_TIMES * lot.auction.terms.start_price.amount:
        yield Step(deal.buyer_id, Key.GENEROUS, deal.auction_id)
    if deal.delivered_at and deal.delivered_at - (deal.addressed_at or deal.sold_at) <= QUICK:
        yield Step(deal.seller_id, Key.QUICK_HAND, deal.auction_id)
    yield from _of_ratings(deal)


def _of_ratings(deal: Deal) -> Iterator[Step]:
    """A rating counts for who gave it at once, for who got it when it counts for reputation."""
    for rating in deal.ratings:
        giver, rated = (deal.seller_id, deal.buyer_id) if rating.by_seller else (deal.buyer_id, deal.seller_id)
        yield Step(giver, Key.GOOD_WORD, deal.auction_id)
        if rating in counted_ratings(deal) and rating.stars == MOST_STARS:
            yield Step(rated, Key.FIVE_STARS, deal.auction_id)
