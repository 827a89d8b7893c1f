"""Notices to those who watch a lot."""

from __future__ import annotations

from starbid.domain.events import LotBegan, LotEndingSoon
from starbid.domain.lots import Lot
from starbid.services.notices.registry import Crowd, Kind, Latest, News, always, kind, tells, unpack_moment
from starbid.services.ports import Notice
from starbid.services.stamping import stamp


def _happened_at(notice: Notice) -> int:
    return stamp(unpack_moment(notice.facts["at"]))


def _is_fixed(lot: Lot) -> bool:
    """With a bid on it the lot's end is no longer its seller's to move: this reminder is the one that counts."""
    return lot.auction.bids_count > 0


def _is_listed(_: Notice, lot: Lot) -> bool:
    """Nobody is called to a lot that operators hid; who bid on it hears of their bids."""
    return not lot.auction.hidden


BEGAN = kind("began", Latest(told=_happened_at, is_news=_is_listed), mutes=always)
ENDING_SOON = kind("ending_soon", Latest(told=_happened_at, is_fixed=_is_fixed, is_news=_is_listed), mutes=always)


@tells(LotBegan)
def lot_began(event: LotBegan) -> News:
    return _to_watchers(BEGAN, event)


@tells(LotEndingSoon)
def lot_ends_soon(event: LotEndingSoon) -> News:
    return _to_watchers(ENDING_SOON, event)


def _to_watchers(of: Kind, event: LotBegan | LotEndingSoon) -> News:
    def to_watcher(who: int) -> Notice | None:
        return of.of(event, who, at=event.at, ends_at=event.ends_at) if who != event.seller_id else None

    return News((), (Crowd.WATCHERS,), to_watcher)
