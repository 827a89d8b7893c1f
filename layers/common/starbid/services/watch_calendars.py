"""A person's favourites as a calendar that programs subscribe to: by an address with a secret, without a login.

The secret is made of the moment at which the person asked for the address, so a new one ends the former, and nothing
else has to be kept.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from starbid.domain.base64url import to_text
from starbid.domain.errors import NotFound
from starbid.domain.people import Person
from starbid.services.people import People
from starbid.services.ports import Store
from starbid.services.views import LotView
from starbid.services.watching import Watching

MOST = 50
"""Lots of a calendar: those that end next."""
_BYTES = 16


class WatchCalendars:
    def __init__(self, people: People, store: Store, watching: Watching, key: Callable[[], str]) -> None:
        self._people, self._store, self._watching, self._key = people, store, watching, key

    def renew(self, user_id: int, now: datetime) -> Person:
        """Another address from now on, the first one where there was none."""
        return self._people.change(user_id, lambda person: replace(person, calendar_at=now))

    def stop(self, user_id: int) -> Person:
        """No address at all."""
        return self._people.change(user_id, lambda person: replace(person, calendar_at=None))

    def secret(self, person: Person) -> str | None:
        """What the address of somebody's calendar ends with; None where they have none. 22 letters."""
        if person.calendar_at is None or not person.public_id:
            return None
        told = f"{person.id}|{person.calendar_at.isoformat(timespec='milliseconds')}"
        own = hmac.digest(self._key().encode(), b"starbid.calendar", "sha256")
        return to_text(hmac.digest(own, told.encode(), "sha256")[:_BYTES])

    def read(self, public_id: str, secret: str, now: datetime) -> tuple[Person, tuple[LotView, ...]]:
        """Whose it is, and the lots of their favourites that are open, what ends next first; so many at most.

        Raises NotFound: also for a secret that was replaced, and for somebody who is blocked.
        """
        person = self._store.person_called(public_id)
        own = self.secret(person) if person and not person.blocked else None
        if person is None or own is None or not hmac.compare_digest(own.encode(), secret.encode()):
            raise NotFound
        page = self._watching.watched(person.id, now, limit=MOST)
        return person, tuple(view for view in page.items if view.status.is_open)
