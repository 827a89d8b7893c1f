"""Further channels: where a person is reached by one, and what brings a notice there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from starbid.domain.lots import Lot
from starbid.domain.people import Person
from starbid.services.ports.outside import Notice


@dataclass(frozen=True, slots=True)
class Contact:
    """Where a person is reached. `place` is unique among theirs and begins with the channel's name; `facts` is JSON of
    the channel's own.
    """

    user_id: int
    place: str
    facts: dict[str, Any]
    since: datetime


class Contacts(Protocol):
    """All reads are consistent."""

    def of(self, user_id: int) -> list[Contact]:
        """In the order of their places."""

    def one(self, user_id: int, place: str) -> Contact | None: ...

    def put(self, contact: Contact) -> None:
        """In the place of the one that is there."""

    def renew(self, contact: Contact) -> None:
        """The same where there is one, which somebody may have dropped meanwhile; nothing where there is none."""

    def drop(self, user_id: int, place: str) -> None:
        """Nothing changes where there is none."""


class FurtherChannel(Protocol):
    """Brings one notice to one person, in the words of the chat."""

    def tell(self, person: Person, notice: Notice, lot: Lot | None) -> None:
        """Raises TryLater; Unreachable where nobody is there any more; Rejected, which it has noted, where it never
        will be taken.
        """
