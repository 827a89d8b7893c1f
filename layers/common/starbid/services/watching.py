"""Watching lots: one's list, and the word to those who watch when a lot begins and 15 minutes before it ends.

Schedules wake `remind` and `tell_start`, which look at the lot as it is by then: they wait on where it was moved, and
emit an event of a fixed id, so that it is told once however often they fire.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from starbid.domain.auction import MAX_DURATION, Auction, Ending, Status
from starbid.domain.errors import AuctionClosed, NotFound, WatchlistFull
from starbid.domain.events import AnyEvent, LotBegan, LotEndingSoon
from starbid.services.ports import Mark, Page, Scheduler, Store, Watches
from starbid.services.views import LotView, view_lot

REMIND_BEFORE = timedelta(minutes=15)
PUNCTUAL = timedelta(seconds=90)
"""A schedule is up to a minute late; further away than this beyond its time, the lot was moved."""
MOST = 200
"""Lots on one person's list."""
KEPT = timedelta(days=30)
"""How long a mark outlives its lot."""
PAGE = 24


class Watching:
    """Watch lists and reminders."""

    def __init__(self, store: Store, watches: Watches, scheduler: Scheduler) -> None:
        self._store, self._watches, self._scheduler = store, watches, scheduler

    def watch(self, user_id: int, auction_id: str, now: datetime) -> Auction:
        """Put a lot on the list; nothing changes where it is there. Raises NotFound, AuctionClosed, WatchlistFull.

        The schedules come first: what the list shows is provided for.
        """
        auction = self._store.auction(auction_id, consistent=True)
        if not auction.status(now).is_open:
            raise AuctionClosed
        listed = {mark.auction_id for mark in self._watches.marks_of(user_id, now)}
        if auction_id not in listed and len(listed) >= MOST:
            raise WatchlistFull(MOST)
        self._plan(auction, now)
        self._watches.put(Mark(user_id, auction_id, auction.ends_at, kept_until(auction, now), now))
        return auction

    def unwatch(self, user_id: int, auction_id: str) -> None:
        """Take a lot off the list; nothing changes where it is not there."""
        self._watches.drop(user_id, auction_id)

    def is_watching(self, user_id: int, auction_id: str, now: datetime) -> bool:
        """One small read."""
        return self._watches.mark(user_id, auction_id, now) is not None

    def watched(
        self, user_id: int, now: datetime, start: int = 0, limit: int = PAGE, *, newest: bool = False
    ) -> Page[LotView]:
        """A page of a person's list, as `ordered` has it, and `page_of` it."""
        return self.page_of(self.ordered(user_id, now, newest=newest), user_id, now, start, limit)

    def ordered(self, user_id: int, now: datetime, *, newest: bool = False) -> list[str]:
        """The lots of a person's list: what ends next comes first, then what is over, the latest first; or else what
        was marked last (`newest`). The order goes by the ends as they were when the lots were marked.
        """
        marks = self._watches.marks_of(user_id, now)
        by_end = sorted(marks, key=lambda mark: (mark.ends_at <= now, abs(mark.ends_at - now), mark.auction_id))
        return [mark.auction_id for mark in (sorted(by_end, key=_since, reverse=True) if newest else by_end)]

    def page_of(
        self, ordered: Sequence[str], user_id: int, now: datetime, start: int = 0, limit: int = PAGE
    ) -> Page[LotView]:
        """The lots of a list from `start` on. The cursor is where the next page starts."""
        shown = ordered[start : start + limit]
        lots = self._store.lots(shown) if shown else {}
        views = tuple(view_lot(lots[i], user_id, now) for i in shown if i in lots and not lots[i].auction.hidden)
        return Page(views, str(start + limit) if len(ordered) > start + limit else None)

    def follow(self, auction: Auction, now: datetime) -> None:
        """The lot was moved by its seller: who watches it is told at the new times."""
        people, _ = self._watches.watchers(auction.id, "", 1)
        if people:
            self._plan(auction, now)

    def remind(self, auction_id: str, now: datetime) -> None:
        """Answer to a schedule: the lot ends in 15 minutes, or less where the schedule was late."""
        auction = self._open(auction_id, now)
        if auction is None:
            return
        if auction.ends_at - now > REMIND_BEFORE + PUNCTUAL:
            self._plan(auction, now)
        elif auction.status(now) is Status.LIVE:
            # By the scheduled end: one who was told is not told again after an extension, but after another date is.
            id_ = f"ending:{auction.id}:{_stamp(auction.scheduled_end)}"
            self._emit(LotEndingSoon(id_, now, auction.id, auction.seller_id, auction.ends_at))

    def tell_start(self, auction_id: str, now: datetime) -> None:
        """Answer to a schedule: the lot has begun. Later than a quarter of an hour it is no news."""
        auction = self._open(auction_id, now)
        if auction is None:
            return
        if auction.status(now) is Status.SCHEDULED:
            self._plan(auction, now)
        elif auction.status(now) is Status.LIVE and now - auction.starts_at <= REMIND_BEFORE:
            id_ = f"began:{auction.id}:{_stamp(auction.starts_at)}"
            self._emit(LotBegan(id_, now, auction.id, auction.seller_id, auction.ends_at))

    def _plan(self, auction: Auction, now: datetime) -> None:
        """Have watchers told. Of a lot of a quarter of an hour its start tells enough."""
        of_start, of_end = will_tell(auction, now)
        if of_start:
            self._scheduler.tell_start_at(auction.id, auction.starts_at)
        if of_end:
            self._scheduler.remind_at(auction.id, auction.ends_at - REMIND_BEFORE)

    def _open(self, auction_id: str, now: datetime) -> Auction | None:
        """None for a lot that has been decided, and for one that stands still: what follows the pause comes back."""
        try:
            auction = self._store.auction(auction_id, consistent=True)
        except NotFound:
            return None
        return auction if auction.ending is Ending.OPEN and not auction.stands_still(now) else None

    def _emit(self, event: AnyEvent) -> None:
        unit = self._store.unit()
        unit.emit(event)
        unit.commit()


def will_tell(auction: Auction, now: datetime) -> tuple[bool, bool]:
    """Whether watchers of an open lot will hear of its start, and of its end: of a short lot its start tells enough."""
    return now < auction.starts_at, auction.ends_at - REMIND_BEFORE > max(now, auction.starts_at)


def kept_until(auction: Auction, now: datetime) -> datetime:
    """Until 30 days after the latest end the lot can have; an edit can put it 30 days and a duration from now."""
    longest = timedelta(seconds=auction.terms.max_extension_seconds)
    moved = now + 2 * MAX_DURATION if not auction.bids_count else now
    return max(auction.scheduled_end, moved) + longest + KEPT


def _since(mark: Mark) -> datetime:
    return mark.since or datetime.min.replace(tzinfo=UTC)


def _stamp(at: datetime) -> int:
    return int(at.timestamp())
