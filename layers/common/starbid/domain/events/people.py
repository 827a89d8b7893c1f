"""What operators tell a person, and how else they are told things."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from starbid.domain.events.base import PersonEvent


@dataclass(frozen=True, slots=True)
class OperatorWrote(PersonEvent):
    """An operator's own words to one person: `text` is nobody else's."""

    text: str


class WhyStopped(StrEnum):
    """What became of a mail."""

    BOUNCED = "bounced"
    """Its receiver's server takes none for this address."""
    COMPLAINED = "complained"
    """Somebody marked it as spam."""
    UNCONFIRMED = "unconfirmed"
    """The one with the link of the confirmation came back."""


@dataclass(frozen=True, slots=True)
class EmailStopped(PersonEvent):
    """No more e-mail goes to the person; `address` is masked, `why` one of WhyStopped."""

    address: str
    why: str


@dataclass(frozen=True, slots=True)
class LeavingAsked(PersonEvent):
    """The person wants their account to be deleted, which happens at `due_at`."""

    due_at: datetime


@dataclass(frozen=True, slots=True)
class LeavingTakenBack(PersonEvent):
    """The account stays."""


@dataclass(frozen=True, slots=True)
class LeavingPutOff(PersonEvent):
    """The day came, and `obstacles` (values of domain.leaving.Obstacle) stood in the way: it is tried again then."""

    due_at: datetime
    obstacles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AccountDeleted(PersonEvent):
    """The name is gone, and all else that is the person's own goes with it."""


@dataclass(frozen=True, slots=True)
class BrowserAdded(PersonEvent):
    """The person is told things in one more browser; `device` is its name, and what it runs on."""

    device: str
