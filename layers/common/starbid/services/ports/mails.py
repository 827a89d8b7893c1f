"""E-mail: what is sent, by what, and the addresses that wait for their confirmation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from starbid.domain.people import Person

ASK_SECONDS = 86_400
"""How long the link of a confirmation counts."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail to one person. `title` is its subject, `text` and `html` its two parts. `stop_url` takes one POST and ends
    all mail to them (RFC 8058); empty where the mail was asked for by itself, as a confirmation is.
    """

    person_id: int
    to: str
    title: str
    text: str
    html: str
    stop_url: str = ""


class Mails(Protocol):
    """Sends mail."""

    def send(self, letter: Letter) -> None:
        """Raises TryLater, OutOfOrder where it cannot send at all, Rejected for a mail that it never takes."""


@dataclass(frozen=True, slots=True)
class EmailAsk:
    """Somebody gave an `address`, which is theirs once they have pressed a button behind the link that goes there."""

    id: str
    address: str
    until: datetime

    @property
    def since(self) -> datetime:
        return self.until - timedelta(seconds=ASK_SECONDS)


class EmailAsks(Protocol):
    """The newest of each person: a new one takes the place of the one before."""

    def find(self, person_id: int, now: datetime) -> EmailAsk | None:
        """None once its time is over."""

    def keep(self, person_id: int, ask: EmailAsk, now: datetime) -> None: ...

    def drop(self, person_id: int) -> None:
        """Nothing changes where there is none."""


class ConfirmationMails(Protocol):
    """Words and sends the mail with the link."""

    def ask(self, person: Person, ask: EmailAsk) -> None:
        """Raises what Mails.send does."""
