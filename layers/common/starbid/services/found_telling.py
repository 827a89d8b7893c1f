"""New lots that fit the searches of a person, at most one message a minute: what comes in between is told together.

A notice that comes too early is put with those that wait, and comes again; the first one whose time has come tells all,
and the others find that they are told.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Protocol

from starbid.domain.auction import Status
from starbid.domain.criteria import Looking, query_of
from starbid.domain.lots import Lot
from starbid.domain.people import Person
from starbid.domain.saved_searches import SavedSearch
from starbid.services.claiming import BUSY_SECONDS, KEEP_SECONDS, LEASE_SECONDS, Turn, claimed
from starbid.services.pacing import Beat
from starbid.services.ports import (
    Catalogue,
    Claims,
    FoundLot,
    FoundMessage,
    LivingMessages,
    Notice,
    Searches,
    Store,
    ToldInPart,
    TryLater,
)
from starbid.services.search_fit import fits
from starbid.services.views import view_lot

PACE_SECONDS = 60
MOST = 100
"""Lots that wait for one message; more are no longer told one by one."""
REMEMBERED = 200
"""Lots that were told last: their own notices may still be on their way, for hours at most (services.found_pace)."""
STALE = timedelta(minutes=30)
"""A lot that still waits has a notice of its own in the queue, which comes again sooner."""
PACE = Beat(PACE_SECONDS)


class Teller(Protocol):
    """What a messenger does for it."""

    def tell(self, person: Person, notice: Notice, lot: Lot | None) -> object: ...


class FoundTelling:
    """Tells notices of lots that were found."""

    def __init__(
        self,
        store: Store,
        catalogue: Catalogue,
        searches: Searches,
        claims: Claims,
        messages: LivingMessages,
        messenger: Teller,
        pace: Beat = PACE,
        prefix: str = "",
    ) -> None:
        """`prefix` keeps the records of a further channel apart."""
        self._store, self._catalogue, self._searches, self._claims = store, catalogue, searches, claims
        self._messages, self._messenger, self._pace, self._prefix = messages, messenger, pace, prefix

    def by(self, teller: Teller, pace: Beat, prefix: str) -> FoundTelling:
        """The same by a further channel."""
        return FoundTelling(
            self._store, self._catalogue, self._searches, self._claims, self._messages, teller, pace, prefix
        )

    def tell(self, notice: Notice, person: Person, now: datetime) -> None:
        """Tell it with all that waits; nothing is done where it was told with others.

        Raises TryLater where there was a message less than a minute ago, or somebody is just at it. One that waits
        already costs no write until its minute has come.
        """
        known, found = self._known(notice, now), _lot_of(notice)
        if found.auction_id in known.told:
            return
        if found in known.waiting and (wait := self._pace.wait(known.booked, now)):
            raise TryLater(wait)
        with claimed(self._claims, f"turn#{self._name(notice)}", LEASE_SECONDS, 0, now) as turn:
            if turn is not Turn.MINE:
                raise TryLater(BUSY_SECONDS)
            self._tell(notice, person, now)

    def _tell(self, notice: Notice, person: Person, now: datetime) -> None:
        known, found = self._known(notice, now), _lot_of(notice)
        if found.auction_id in known.told:
            return
        waiting = known.waiting
        if found.auction_id not in {lot.auction_id for lot in waiting}:
            waiting = (*waiting, found)
        if len(waiting) > MOST:
            return
        if wait := self._pace.wait(known.booked, now):
            if waiting != known.waiting:
                self._keep(notice, replace(known, waiting=waiting), now)
            raise TryLater(wait)
        is_told = self._send(person, notice, waiting, now)
        told = (*known.told, *(lot.auction_id for lot in waiting))[-REMEMBERED:]
        self._keep(notice, FoundMessage((), told, self._pace.book(None, now) if is_told else known.booked), now)

    def _send(self, person: Person, notice: Notice, waiting: Sequence[FoundLot], now: datetime) -> bool:
        """Of what is still to be had, and of searches that the person still hears of; False where that is nothing. A
        browser that could not take it does without: others would be told again with it.
        """
        searches = {search.id: search for search in self._searches.of(person.id) if search.tells}
        lots = self._store.lots([found.auction_id for found in waiting])
        news = [(found, lots[found.auction_id]) for found in waiting if found.auction_id in lots]
        fresh = [
            (search, lot)
            for found, lot in news
            if _is_news(lot, now) and (search := searches.get(found.search_id) or self._another(searches, lot, now))
        ]
        if not fresh:
            return False
        only = fresh[0][1] if len(fresh) == 1 else None
        told = replace(notice, auction_id=only.auction.id if only else None, facts=_facts(fresh, now))
        with suppress(ToldInPart):
            self._messenger.tell(person, told, only)
        return True

    def _another(self, searches: Mapping[str, SavedSearch], lot: Lot, now: datetime) -> SavedSearch | None:
        """A lot has one notice, for one search: where the person deleted that one, another may look for it as well."""
        words = self._catalogue.words(lot.auction.id) if searches else frozenset[str]()
        return next((search for search in searches.values() if fits(search, lot, words, self._catalogue, now)), None)

    def _known(self, notice: Notice, now: datetime) -> FoundMessage:
        """What waited for somebody who could not be told then is no longer among it."""
        known = self._messages.get(self._name(notice), FoundMessage, now) or FoundMessage((), (), now)
        return known if now - known.booked < STALE else replace(known, waiting=())

    def _keep(self, notice: Notice, message: FoundMessage, now: datetime) -> None:
        self._messages.put(self._name(notice), message, KEEP_SECONDS, now)

    def _name(self, notice: Notice) -> str:
        return f"{self._prefix}{notice.user_id}#{notice.kind}"


def _lot_of(notice: Notice) -> FoundLot:
    return FoundLot(str(notice.auction_id), str(notice.facts["search"]))


def _is_news(lot: Lot, now: datetime) -> bool:
    return not lot.auction.hidden and lot.auction.status(now).is_open


def _facts(fresh: Sequence[tuple[SavedSearch, Lot]], now: datetime) -> dict[str, object]:
    """By search, what it looks for and the lots: id, title, the price now, and when one begins that is yet to."""
    groups: dict[str, dict[str, object]] = {}
    for search, lot in fresh:
        known = groups.setdefault(search.id, {"query": query_of(Looking(search.criteria)), "lots": []})
        view = view_lot(lot, None, now)
        begins = lot.auction.starts_at.isoformat() if view.status is Status.SCHEDULED else ""
        told = [lot.auction.id, lot.card.title, view.price.amount, view.price.currency, begins]
        known["lots"] = [*_listed(known), told]
    return {"searches": groups}


def _listed(group: dict[str, object]) -> list[object]:
    lots = group["lots"]
    assert isinstance(lots, list)
    return lots
