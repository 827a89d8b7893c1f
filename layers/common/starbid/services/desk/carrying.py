"""After a pause: the row of each lot that it stopped is moved, and what was to wake somebody is set again.

Nobody depends on when that happens: who reads a lot adds what its row lacks (`pausing.under`), and who writes it writes
that. Only what had to fire during the pause, and did nothing then, waits for it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from starbid.domain.auction import Auction, Ending
from starbid.domain.pause import Pause, Pauses
from starbid.services.auctions.closing import WAKE_BEFORE, Closing
from starbid.services.desk.pausing import CARRY
from starbid.services.ports import ConditionFailed, Contended, DeskWork, Store, StoredAuction
from starbid.services.retrying import Stale, with_retries
from starbid.services.watching import REMIND_BEFORE, Watching

PAGE = 75
AT_ONCE = 25
"""Lots in one transaction. A bid that meets it waits in the line of its lot."""
AGAIN_SECONDS = 5
"""Between two passes: by then the index shows the rows that were just being written."""
LATE = timedelta(minutes=1)
"""Schedules fire so much later than they should."""


@dataclass(frozen=True, slots=True)
class Place:
    """How far the moving has come: up to which pause, where the pass goes on, how many lots it has moved, and whether a
    pass was made before it.
    """

    number: int
    cursor: str | None = None
    moved: int = 0
    again: bool = False


class Carrying:
    """Moves the rows. Safe to do twice, at once too, and to be killed at any moment: its message comes again."""

    def __init__(self, store: Store, closing: Closing, watching: Watching, work: DeskWork) -> None:
        self._store, self._closing, self._watching, self._work = store, closing, watching, work

    def begin(self) -> Place | None:
        """The first place of a pass; None where there is nothing to do."""
        unmoved = self._store.pauses(consistent=True).unmoved
        return Place(unmoved[-1].number) if unmoved else None

    def step(self, place: Place, now: datetime) -> Place | None:
        """Move a page of lots; answers where it goes on. None at the end of a pass: where it moved something another
        one is asked for, which finds what the index hid from this one, else all is done.
        """
        pauses = self._store.pauses(consistent=True)
        mine = tuple(pause for pause in pauses.unmoved if pause.number <= place.number)
        if not mine:
            return None
        ids, cursor = self._store.due_after(mine[0].began, PAGE, place.cursor)
        moved = self._carry(ids, mine, now, again=place.again)
        self._note(lambda before: before.stepped(moved, now))
        place = replace(place, cursor=cursor, moved=place.moved + moved)
        if cursor:
            return place
        if place.moved:
            self.ask(Place(place.number, again=True), AGAIN_SECONDS)
        else:
            self._note(lambda before: before.all_moved(place.number, now))
        return None

    def ask(self, place: Place, seconds: int = 0) -> None:
        """Have it gone on with from `place`."""
        self._work.ask(CARRY, asdict(place), seconds)

    def _carry(self, ids: Sequence[str], pauses: Sequence[Pause], now: datetime, *, again: bool) -> int:
        """What wakes people comes first: who dies in between leaves rows that are found again. It is due for
        a lot whose row was moved by a bid, too.
        """
        stored = self._store.stored(ids)
        behind = [each for each in stored if each.is_behind]
        for each in behind if again else stored:
            self._wake(each.auction, pauses, now)
        for start in range(0, len(behind), AT_ONCE):
            self._move(behind[start : start + AT_ONCE])
        return len(behind)

    def _wake(self, auction: Auction, pauses: Sequence[Pause], now: datetime) -> None:
        """See to what would have fired by now if the lot had not been stopped. What lies ahead fires by itself, sees
        that the lot was moved, and is set again by what it wakes.
        """
        longest = sum((pause.ended - pause.began for pause in pauses if pause.ended), timedelta(0))
        until = now + longest + LATE
        if auction.ending is not Ending.OPEN:
            return
        if auction.ends_at - WAKE_BEFORE <= until:
            self._closing.watch(auction, now)
        if any(auction.starts_at == pause.ended for pause in pauses):
            self._watching.tell_start(auction.id, now)
        if now < auction.starts_at <= until or now < auction.ends_at - REMIND_BEFORE <= until:
            self._watching.follow(auction, now)

    def _move(self, behind: Sequence[StoredAuction]) -> None:
        """All together; where one of them is just being changed, each by itself."""
        try:
            self._write(behind)
        except (ConditionFailed, Contended):
            for each in behind:
                with_retries(partial(self._move_one, each.auction.id))

    def _move_one(self, auction_id: str, _: int) -> None:
        try:
            self._write([each for each in self._store.stored([auction_id]) if each.is_behind])
        except ConditionFailed as refused:
            raise Stale from refused

    def _write(self, behind: Sequence[StoredAuction]) -> None:
        if not behind:
            return
        unit = self._store.unit()
        for each in behind:
            unit.save_auction(each.auction, replace(each.auction, version=each.auction.version + 1))
        unit.commit()

    def _note(self, change: Callable[[Pauses], Pauses]) -> None:
        """In the record; a pause that begins at this moment comes first, and the next step notes it."""
        before = self._store.pauses(consistent=True)
        unit = self._store.unit()
        unit.save_pauses(before, change(before))
        with suppress(ConditionFailed, Contended):
            unit.commit()


def place_of(facts: Mapping[str, Any]) -> Place | None:
    """The place in a message; None where it asks to begin. Raises ValueError where it has none that can be read."""
    match facts:
        case {"number": int(number), "cursor": str() | None as cursor, "moved": int(moved), "again": bool(again)}:
            return Place(number, cursor, moved, again)
        case {"number": _}:
            raise ValueError("no number of a pause with its place")
        case _:
            return None
