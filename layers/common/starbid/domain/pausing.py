"""What a pause does to a lot: time stands still for it (spec, section 9, "Pause").

Each lot's row says over which pause it was carried last. Every reader of a lot adds what came later (`under`), so it
does not matter when its row is moved. What arrived before a pause and is decided after it is judged on the lot as it
was when it arrived (`as_of`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from starbid.domain.auction import Auction, Ending
from starbid.domain.pause import Pause


def under(auction: Auction, history: Iterable[Pause]) -> Auction:
    """The lot under the pauses of `history`: carried over those that have ended, and knowing all of them."""
    history = tuple(history)
    for pause in history:
        if pause.ended and pause.number > auction.carried:
            auction = _carried(auction, pause)
    return replace(auction, pauses=history) if history or auction.pauses else auction


def as_of(auction: Auction, arrived_at: datetime) -> Auction:
    """The lot by the clock of what arrived at `arrived_at`: without the pauses that began later and are over by now.

    What comes of it goes through `under` again.
    """
    for pause in reversed(auction.pauses):
        if pause.ended and arrived_at < pause.began and pause.number <= auction.carried:
            auction = _taken_back(auction, pause, pause.ended)
    return auction


def moved_by(pause: Pause, starts_at: datetime, ends_at: datetime) -> timedelta:
    """How far a pause that is over moves the end of a lot: not at all if it had ended when the pause began, else by the
    time that it lost. One that was to begin meanwhile lost only what came after its start.
    """
    if pause.ended is None or ends_at <= pause.began:
        return timedelta(0)
    return max(timedelta(0), pause.ended - max(pause.began, starts_at))


def moved_start(pause: Pause, starts_at: datetime, by: timedelta, *, falls: bool) -> datetime:
    """A start that lies in the pause comes with its end, and so does the clock of a price that falls. Any other start
    is past, or is not touched.
    """
    return starts_at + by if falls or starts_at >= pause.began else starts_at


def _carried(auction: Auction, pause: Pause) -> Auction:
    if auction.ending is not Ending.OPEN or auction.ends_at <= pause.began:
        return auction
    by = moved_by(pause, auction.starts_at, auction.ends_at)
    starts_at = moved_start(pause, auction.starts_at, by, falls=auction.falls)
    return replace(
        auction,
        starts_at=starts_at,
        ends_at=auction.ends_at + by,
        scheduled_end=auction.scheduled_end + by,
        stood_still=auction.stood_still + by if starts_at == auction.starts_at else auction.stood_still,
        carried=pause.number,
    )


def _taken_back(auction: Auction, pause: Pause, ended: datetime) -> Auction:
    """As it was before the pause. One that had not begun by then stays: what arrived then came too early anyway."""
    length = ended - pause.began
    starts_at = auction.starts_at - length if auction.falls else auction.starts_at
    if auction.ending is not Ending.OPEN or starts_at >= pause.began or auction.ends_at <= pause.began:
        return auction
    return replace(
        auction,
        starts_at=starts_at,
        ends_at=auction.ends_at - length,
        scheduled_end=auction.scheduled_end - length,
        stood_still=auction.stood_still if auction.falls else auction.stood_still - length,
        carried=pause.number - 1,
    )
