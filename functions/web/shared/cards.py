"""Lots as lists show them: picture, title, price and what it means, time left, bids, kind."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from starbid.domain.auction import Status
from starbid.domain.kinds import KINDS, Kind
from starbid.domain.money import Money
from starbid.i18n import Language
from starbid.services.ports import Listing
from starbid.services.views import LotView
from web.shared.names import kind_badge
from web.shared.price_words import means_of, price_means


@dataclass(frozen=True)
class Standing:
    """How the one who looks stands: `tone` colours it."""

    tone: str
    text: str


@dataclass(frozen=True)
class LotCard:
    """`starts_at` is there for a lot that has not begun; `ends_at` is None for one that is over. `left` is
    the time of one that stands still.
    """

    id: str
    title: str
    picture: str | None
    category: str
    price: Money
    means: str
    starts_at: datetime | None
    ends_at: datetime | None
    bids: str
    kind: str
    standing: Standing | None = None
    left: timedelta | None = None


def card_of_listing(listing: Listing, standing: Standing | None, words: Language, now: datetime) -> LotCard:
    clock = listing.clock(now)
    status = Status.SCHEDULED if clock < listing.starts_at else Status.LIVE
    kind, lowest = KINDS[listing.kind], listing.is_lowest(now)
    return LotCard(
        id=listing.auction_id,
        title=listing.title,
        picture=listing.picture,
        category=listing.category,
        price=listing.price_at(now),
        means=price_means(status, listing.bids_count, kind, words, lowest=lowest),
        starts_at=listing.starts_at if status is Status.SCHEDULED else None,
        ends_at=listing.ends_at,
        bids=_bids(kind, listing.bids_count, words),
        kind=kind_badge(listing.kind, words),
        standing=standing,
        left=listing.ends_at - clock if listing.stands_still(now) and status is Status.LIVE else None,
    )


def card_of_lot(view: LotView, standing: Standing | None, words: Language) -> LotCard:
    auction, card = view.lot.auction, view.lot.card
    scheduled = view.status is Status.SCHEDULED
    return LotCard(
        id=auction.id,
        title=card.title,
        picture=card.pictures[0] if card.pictures else None,
        category=card.listed_in,
        price=view.price,
        means=means_of(view, words),
        starts_at=auction.starts_at if scheduled else None,
        ends_at=auction.ends_at if scheduled or view.status is Status.LIVE else None,
        bids=_bids(view.kind, auction.bids_count, words),
        kind=kind_badge(view.kind.name, words),
        standing=standing,
        left=view.left if view.stands_still and view.status is Status.LIVE else None,
    )


def _bids(kind: Kind, count: int, words: Language) -> str:
    """How many have bid; nothing where nobody bids."""
    return "" if kind.falls else words.ngettext("{n} bid", "{n} bids", count)


def standing_of_bid(view: LotView, words: Language) -> Standing:
    """How one stands on a live lot that one has bid on."""
    _ = words._
    if view.kind.is_sealed:
        return Standing("", _("your bid is in"))
    return Standing("good", _("you lead")) if view.you_lead else Standing("warn", _("outbid"))
