"""Where people are logged in: what they are shown of it, and how it ends.

A session itself is a signed cookie, and whether it is over stands with the person (domain.sessions). The list is for
their eyes: it may miss a session for a day, until that is seen again. Leaving it ends none.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING

from starbid.domain.errors import NotFound
from starbid.domain.people import Person
from starbid.domain.sessions import LIFETIME, EndedSessions
from starbid.services.ports import KnownSession, KnownSessions
from starbid.services.retrying import OUTAGES, Stale, with_retries

if TYPE_CHECKING:
    from starbid.services.browsers import Browsers
    from starbid.services.people import People

MOST_KNOWN = 100
"""Of one person, about 20 kB: with one more, the one that was seen the longest ago is no longer listed, and goes on."""

_Change = Callable[[list[KnownSession]], list[KnownSession]]


class Sessions:
    """Ending takes effect at once, on the server; the notices in a browser end with its session."""

    def __init__(self, people: People, known: KnownSessions, browsers: Browsers) -> None:
        self._people, self._known, self._browsers = people, known, browsers

    def of(self, user_id: int, ended: EndedSessions, now: datetime) -> list[KnownSession]:
        """Those that go on, the one that was seen last first."""
        return _going_on(self._known.of(user_id, now), ended, now)

    def kept(self, user_id: int, now: datetime) -> tuple[KnownSession, ...]:
        """All that is kept of them, also of those that are over."""
        return self._known.of(user_id, now)

    def forget(self, user_id: int, now: datetime) -> None:
        """Nothing is kept of any, and none ends by it. Raises Conflict."""
        self._change(user_id, lambda _: [], now)

    def note(self, user_id: int, session: KnownSession, ended: EndedSessions, now: datetime) -> None:
        """It began, or was seen."""

        def change(sessions: list[KnownSession]) -> list[KnownSession]:
            others = [each for each in _going_on(sessions, ended, now) if each.id != session.id]
            return [session, *others[: MOST_KNOWN - 1]]

        self._change(user_id, change, now)

    def end(self, user_id: int, session_id: str, now: datetime) -> Person:
        """One of the list, and what its browser is told. Raises NotFound, Conflict."""
        if all(each.id != session_id for each in self._known.of(user_id, now)):
            raise NotFound
        person = self._people.end_session(user_id, session_id, now)
        self._browsers.forget_those(user_id, lambda browser: browser.session == session_id)
        self._unlist(user_id, lambda each: each.id == session_id, now)
        return person

    def left(self, user_id: int, session_id: str, now: datetime) -> None:
        """Logged out of, or replaced by somebody else's. Raises Conflict."""
        self._people.end_session(user_id, session_id, now)
        self._unlist(user_id, lambda each: each.id == session_id, now)

    def end_all(self, user_id: int, now: datetime, *, but_browser: str = "") -> Person:
        """All that there were at `now`, and the notices in all browsers of then but the one of that mark. Done again
        later, it ends nothing newer. Raises Conflict.
        """
        person = self._people.end_sessions(user_id, now)
        self._unlist(user_id, lambda each: each.issued_at <= now, now)
        self._browsers.forget_those(user_id, lambda browser: browser.mark != but_browser and browser.since <= now)
        return person

    def _unlist(self, user_id: int, gone: Callable[[KnownSession], bool], now: datetime) -> None:
        """That may fail: a list shows none that is over."""
        with suppress(*OUTAGES):
            self._change(user_id, lambda sessions: [each for each in sessions if not gone(each)], now)

    def _change(self, user_id: int, change: _Change, now: datetime) -> None:
        """Written only where it is another list. Raises Conflict."""

        def attempt(_: int) -> None:
            known = self._known.of(user_id, now)
            sessions = change(list(known))
            if sessions != list(known) and not self._known.exchange(user_id, known, sessions, now):
                raise Stale

        with_retries(attempt)


def session_id(lineage: str) -> str:
    """What a list shows for a session, and what has ended is known by: it tells nothing of the cookie."""
    return hashlib.sha256(f"session:{lineage}".encode()).hexdigest()[:16]


def _going_on(
    sessions: list[KnownSession] | tuple[KnownSession, ...], ended: EndedSessions, now: datetime
) -> list[KnownSession]:
    def goes_on(each: KnownSession) -> bool:
        return now < each.issued_at + LIFETIME and not ended.covers(each.id, each.nonce, each.issued_at)

    return sorted(filter(goes_on, sessions), key=lambda each: each.seen_at, reverse=True)
