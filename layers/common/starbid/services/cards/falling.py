"""Cards of lots whose price falls by the clock: one message a fall wakes the sender, however many people look.

The moments of the wake-ups follow from the lot alone, and a moment is claimed before its message is sent. All that
would send one (somebody who opens a card, each wake-up for the next, one that came twice or late) meet in that claim:
there is one chain a lot. It ends where a wake-up finds nothing to follow, and begins again with the next card shown.
"""

from __future__ import annotations

import math
from datetime import datetime, timedelta

from starbid.domain.auction import Auction
from starbid.domain.kinds import kind_of
from starbid.services.claiming import BUSY_SECONDS, LEASE_SECONDS, Turn, claimed
from starbid.services.ports import Claims, Look, Outgoing, ShownCard, TryLater
from starbid.services.stamping import stamp

PACE = timedelta(seconds=30)
"""The least between two wake-ups of a lot. Telegram takes about 30 messages a second from a bot and one a second for a
chat, and notices have to pass too; the card itself tells how fast the price falls."""
LONGEST_DELAY = timedelta(minutes=10)
"""A queue takes 15, but a message that waits for longer than 11 sets off the alarm on late notices. The way to a later
fall is made in stages."""
KEEP_SECONDS = 86_400


class Falling:
    """Wakes the sender when the price of a lot with cards in chats falls."""

    def __init__(self, claims: Claims, outgoing: Outgoing) -> None:
        self._claims, self._outgoing = claims, outgoing

    def follow(self, auction: Auction, now: datetime) -> None:
        """See to the next wake-up, where there is a fall to come. Safe to repeat.

        Raises TryLater where somebody else is just at it, who may die of it.
        """
        at = next_wake(auction, now)
        if at is None:
            return
        key = f"fall#{auction.id}#{stamp(at)}"
        if self._claims.finished(key):  # mostly it is, and a look costs half of what a refused claim does
            return
        with claimed(self._claims, key, LEASE_SECONDS, KEEP_SECONDS, now) as turn:
            if turn is Turn.BUSY:
                raise TryLater(BUSY_SECONDS)
            if turn is Turn.MINE:
                self._outgoing.wake_cards(auction.id, at, math.ceil((at - now).total_seconds()))


def next_wake(auction: Auction, now: datetime) -> datetime | None:
    """The next fall, at the pace of PACE, or a stage on the way to it; None where the price will not fall again."""
    falls_at = kind_of(auction).next_fall(auction, now, PACE)
    if falls_at is None:
        return None
    stages = -((now - falls_at) // LONGEST_DELAY) - 1
    return falls_at - stages * LONGEST_DELAY


def true_until(auction: Auction, now: datetime) -> datetime | None:
    """When a card drawn now will show an old price; None where time alone will not make it old."""
    return kind_of(auction).next_fall(auction, now)


def card_of(
    auction: Auction,
    chat_id: int,
    message_id: int,
    look: Look,
    now: datetime,
    photos: tuple[str, ...] | None = None,
) -> ShownCard:
    """What is to be remembered of a card that was drawn now; `photos` are those of a rich one."""
    return ShownCard(auction.id, chat_id, message_id, auction.version, look, true_until(auction, now), photos)
