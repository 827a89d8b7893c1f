"""How often the bot calls Telegram of its own accord, over all processes: what nobody waits for at that moment.

Telegram takes about 30 calls a second from a bot, one a second for a chat, and 20 a minute for a group. A call first
takes one of the four places of the present fifth of a second, so no second sees more than 24 of them, and 28 where the
clocks of processes differ by a fifth; what is left is for answers to people who press and write. Then it takes the turn
of its chat. Both are small records: a counter and a claim. Edits of cards and broadcasts leave two places of each fifth
to news, however many they are, and the next turn of a chat where news has found it taken.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from starbid.services.ports import BotRest, Claims, Counters, Crowded, NextInLine, Pace, Paced

SLOT_MS: Final = 200
CHAT_SECONDS: Final = 2
"""A claim is kept in whole seconds: it ends after one to two."""
GROUP_SECONDS: Final = 4
"""After three to four, so that there are 20 a minute at most."""
LINE_SECONDS: Final = 5
"""So long the next turn of a chat is kept for news, which comes again as soon as the chat is free for certain."""
KEEP_SECONDS: Final = 60
IN_A_ROW: Final = 3
"""So many chats that are refused one after the other are no matter of a chat."""
LOOK: Final = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Rank:
    """`places` of a slot that such calls may fill, and the seconds that one waits for a place."""

    places: int
    patience: float


NEWS = Rank(4, 3.0)
REST = Rank(2, 1.0)
"""Cards and broadcasts."""
PARTS = Rank(4, 6.0)
"""What follows the first part of a message. It waits for the turn of its chat as well: if it came again, so would the
first part.
"""


class CallPace:
    """For one process; threads may share it."""

    def __init__(self, counters: Counters, claims: Claims, rest: BotRest, time: Pace) -> None:
        self._counters, self._claims, self._rest, self._time = counters, claims, rest, time
        self._rests_until: datetime | None = None
        self._looked: datetime | None = None
        self._full_until: dict[Rank, float] = {}
        self._refused: set[int] = set()

    def take(self, chat_id: int, rank: Rank = NEWS) -> None:
        """Wait for the moment of a call for the chat. Raises Paced where that is not soon: NextInLine for news that
        found the chat taken and gets its next turn.
        """
        self._wait(rank, lambda: self._take(chat_id, rank))

    def take_post(self, chat_id: int) -> None:
        """The same for a post in a group or channel, whose room in a minute others count (services.showcases.pace).

        Raises Paced where the bot has to wait, and Crowded where the chat alone has.
        """
        self._wait(REST, lambda: self._take_post(chat_id))

    def went(self) -> None:
        """A call was carried out."""
        self._refused.clear()

    def flooded(self, chat_id: int, seconds: int) -> None:
        """Telegram asks for patience: the chat rests, and the bot where it is told so again and again."""
        now = self._time.now()
        self._claims.finish(_chat_key(chat_id), seconds, now)
        self._refused.add(chat_id)
        if len(self._refused) >= IN_A_ROW:
            self._refused.clear()
            self._rest.begin(now + timedelta(seconds=seconds), now)
            self._looked = None

    def _wait(self, rank: Rank, attempt: Callable[[], float]) -> None:
        """Until a try answers 0. Raises Paced where that is not soon, or was not a moment ago."""
        began = self._time.elapsed()
        if began < self._full_until.get(rank, 0):
            raise Paced(1)
        while (wait := attempt()) > 0:
            if self._time.elapsed() + wait - began > rank.patience:
                self._full_until[rank] = self._time.elapsed() + 1
                raise Paced(1)
            self._time.sleep(wait)

    def _take_post(self, chat_id: int) -> float:
        """A chat that has asked for patience has its turn once that is over."""
        now = self._time.now()
        if wait := self._place(REST, now):
            return wait
        if not self._claims.claim(_chat_key(chat_id), 1, now):
            self._counters.count(_slot(now), -1, REST.places, KEEP_SECONDS, now)
            raise Crowded(1)
        return 0

    def _take(self, chat_id: int, rank: Rank) -> float:
        """0 where the call may go, or the seconds until the next try."""
        now = self._time.now()
        if wait := self._place(rank, now):
            return wait
        seconds = GROUP_SECONDS if chat_id < 0 else CHAT_SECONDS
        gives_way = rank is REST and self._rest.is_kept_for_news(chat_id, now)
        if not gives_way and self._claims.claim(_chat_key(chat_id), seconds, now):
            return 0
        self._counters.count(_slot(now), -1, rank.places, KEEP_SECONDS, now)
        if rank is NEWS and not self._rest.is_kept_for_news(chat_id, now):
            self._rest.keep_for_news(chat_id, LINE_SECONDS, now)
            raise NextInLine(seconds)
        if rank is not PARTS:
            raise Paced(1)
        return 2 * SLOT_MS / 1000

    def _place(self, rank: Rank, now: datetime) -> float:
        """0 where a place of the present slot was free, and is taken; or the seconds until the next slot."""
        self._require_no_rest(now)
        if self._counters.count(_slot(now), 1, rank.places, KEEP_SECONDS, now):
            return 0
        return (SLOT_MS - _ms(now) % SLOT_MS) / 1000

    def _require_no_rest(self, now: datetime) -> None:
        """The record is read once a second."""
        if self._looked is None or not self._looked <= now < self._looked + LOOK:
            self._rests_until, self._looked = self._rest.until(now), now
        if self._rests_until and now < self._rests_until:
            raise Paced(math.ceil((self._rests_until - now).total_seconds()))


class Unlimited(CallPace):
    """For a stand-in of Telegram, which takes any number of calls: everybody may call at once."""

    def __init__(self) -> None:
        """It shares nothing with other processes."""

    def take(self, chat_id: int, rank: Rank = NEWS) -> None:
        """At once."""

    def take_post(self, chat_id: int) -> None:
        """At once."""

    def went(self) -> None:
        """Nothing is counted."""

    def flooded(self, chat_id: int, seconds: int) -> None:
        """Nobody rests."""


def _slot(now: datetime) -> str:
    return f"calls#{_ms(now) // SLOT_MS}"


def _ms(now: datetime) -> int:
    return round(now.timestamp() * 1000)


def _chat_key(chat_id: int) -> str:
    return f"calls-of#{chat_id}"
