"""Lots shown in chats that are not ours: what somebody looks for from there, and what a person sends on.

What stands in such a chat is read by anybody and never edited, so it is what a visitor sees.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import takewhile

from starbid.domain.auction import Status
from starbid.domain.criteria import clean_text
from starbid.domain.errors import AuctionClosed, Blocked
from starbid.domain.limits import Deed
from starbid.domain.lots import Lot
from starbid.domain.people import Person
from starbid.services.auctions.browsing import Browsing
from starbid.services.auctions.live_rows import LiveRows
from starbid.services.limits import Limits
from starbid.services.pauses import PauseNews
from starbid.services.ports import Catalogue, FileIds, Found, Listing, PreparedMessages, Search, Store

PAGE = 20
"""Lots of one answer: with their pictures they are one read."""
MOST_PAGES = 2
"""Of the catalogue, for one answer: somebody types, and waits for each letter."""
MOST_ROWS = 48
"""Of one page of the catalogue."""
_PLACE = re.compile(r"([0-9]{13})-([0-9]{1,2})")
_MOST_PASSED = 99
_EPOCH, _MS = datetime(1970, 1, 1, tzinfo=UTC), timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True)
class SharedLot:
    """A lot, and Telegram's id of its picture where there is one."""

    lot: Lot
    file_id: str | None


@dataclass(frozen=True, slots=True)
class SharedPage:
    """What was found, by its end. `person`: who asked, None where they never spoke to the bot. `place`: where the list
    goes on, "" at its end.
    """

    person: Person | None
    lots: tuple[SharedLot, ...]
    place: str


@dataclass(frozen=True, slots=True)
class _Place:
    """Behind the first `passed` of those that end at a moment, and behind all that end before: 16 characters, where a
    cursor of the catalogue would have hundreds.
    """

    moment: datetime
    passed: int

    @classmethod
    def read(cls, text: str) -> _Place | None:
        """None for the beginning, and for what is no place: a list begins at any moment that somebody makes up."""
        found = _PLACE.fullmatch(text)
        return cls(_EPOCH + int(found[1]) * _MS, int(found[2])) if found else None

    @classmethod
    def behind(cls, rows: Sequence[Listing]) -> str:
        """Behind the last of the rows; "" where too many of them end together to be counted."""
        moment = rows[-1].ends_at
        passed = sum(1 for _ in takewhile(lambda row: row.ends_at == moment, reversed(rows)))
        return f"{(moment - _EPOCH) // _MS:013}-{passed}" if passed <= _MOST_PASSED else ""


class Sharing:
    """Finds lots for other chats, and prepares messages about them."""

    def __init__(
        self,
        store: Store,
        catalogue: Catalogue,
        browsing: Browsing,
        news: PauseNews,
        limits: Limits,
        file_ids: FileIds,
        messages: PreparedMessages,
    ) -> None:
        self._store, self._rows, self._browsing = store, LiveRows(catalogue, news), browsing
        self._limits, self._file_ids, self._messages = limits, file_ids, messages

    def found(self, text: str, place: str, person_id: int, now: datetime) -> SharedPage:
        """Live lots with all words of the text ("": all there are), what ends first before the others; nothing for one
        who is blocked. Nobody is registered by it, and nothing is written.
        """
        person = self._person(person_id)
        asked = clean_text(text)
        if (person and person.blocked) or (text.strip() and not asked):
            return SharedPage(person, (), "")
        rows, following = self._listed(asked, _Place.read(place), now)
        batch = self._store.batch()
        lots = [(batch.lot(row.auction_id), batch.file_id(row.picture, now)) for row in rows]
        if lots:
            batch.fetch()
        return SharedPage(person, tuple(_shown(lots, now)), following)

    def _person(self, person_id: int) -> Person | None:
        """Before the lists are read, which are not for one who is blocked."""
        batch = self._store.batch()
        person = batch.person(person_id)
        batch.fetch()
        return person.value

    def prepare(self, person: Person, auction_id: str, now: datetime) -> str:
        """A message about a lot for this person to send on; answers its id. Each call makes another one, of which only
        those are seen that are sent.

        Raises Blocked, TooOften, NotFound (of a hidden lot to everybody), AuctionClosed; TryLater, Unreachable and
        Rejected where Telegram makes none.
        """
        if person.blocked:
            raise Blocked
        self._limits.require(Deed.SHARE, person.id, now)
        view = self._browsing.lot(auction_id, None, now)
        if not view.status.is_open:
            raise AuctionClosed
        pictures = view.lot.card.pictures
        file_id = self._file_ids.find(pictures[0] if pictures else None, now)
        return self._messages.prepare(person, view.lot, file_id, now)

    def _listed(self, text: str, place: _Place | None, now: datetime) -> tuple[Sequence[Listing], str]:
        """Rows of lots that are live, as the catalogue has them, and the place behind them."""
        passed = place.passed if place else 0
        start = place.moment if place else None
        limit = min(PAGE + passed + 1, MOST_ROWS)
        search = Search(text=text, limit=limit, begun_by=now, ends_from=start)
        page = self._rows.read(search, now, PAGE + passed + 1, MOST_PAGES)
        found, cursor = page.items, page.cursor
        first = sum(1 for _ in takewhile(lambda row: row.ends_at == start, found[:passed]))
        shown = found[: first + PAGE]
        goes_on = len(found) > len(shown) or cursor is not None
        return shown[first:], _Place.behind(shown) if goes_on and shown[first:] else ""


def _shown(lots: Sequence[tuple[Found[Lot | None], Found[str | None]]], now: datetime) -> list[SharedLot]:
    """Those that are still to be shown: the list is seconds behind."""
    known = ((lot.value, file_id.value) for lot, file_id in lots)
    return [
        SharedLot(lot, file_id)
        for lot, file_id in known
        if lot and not lot.auction.hidden and lot.auction.status(now) is Status.LIVE
    ]
