"""A text of the owners' to many people (spec, section 9, "Broadcasts")."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from starbid.domain.errors import Invalid, StarbidError
from starbid.domain.people import LANGUAGES, Person
from starbid.domain.switches import Switch

TEXT_LENGTH = 3500
INACTIVE_AFTER = timedelta(days=30)


class Segment(StrEnum):
    """Whom it is for."""

    ALL = "all"
    SELLERS = "sellers"
    """Who may sell now."""
    BIDDERS = "bidders"
    """Who has bid, no matter when."""
    INACTIVE = "inactive"
    """Of whom nothing was heard for 30 days."""


class BroadcastState(StrEnum):
    DRAFT = "draft"
    RUNNING = "running"
    STOPPED = "stopped"
    DONE = "done"


class WrongBroadcastState(StarbidError, code="wrong_state"):
    """It has been started, or has ended."""

    def __init__(self, state: BroadcastState) -> None:
        super().__init__(f"the broadcast is {state}", state=state.value)
        self.state = state


@dataclass(frozen=True, slots=True)
class Broadcast:
    """`language` narrows the segment to those who read it; empty: all. `counted` are the people it is for, final where
    not `is_counting`. `place` is how far the list of people has been gone through; it begins again with the sending.
    `sent` reached them; `missed` have blocked the bot.
    """

    id: str
    text: str
    segment: Segment
    language: str
    author_id: int
    created_at: datetime
    state: BroadcastState = BroadcastState.DRAFT
    is_counting: bool = True
    counted: int = 0
    place: str = ""
    sent: int = 0
    missed: int = 0
    started_at: datetime | None = None
    ended_at: datetime | None = None
    version: int = 1

    @property
    def has_work(self) -> bool:
        """Whether the list of people is yet to be gone through, to count them or to send it."""
        return self.state is BroadcastState.RUNNING or (self.state is BroadcastState.DRAFT and self.is_counting)


def read_broadcast(
    broadcast_id: str, text: str, segment: str, language: str, author_id: int, now: datetime
) -> Broadcast:
    """As it was typed. Raises Invalid."""
    text = text.replace("\r\n", "\n").strip()
    if not text:
        raise Invalid("text", "required")
    if len(text) > TEXT_LENGTH:
        raise Invalid("text", "long", most=TEXT_LENGTH)
    if segment not in tuple(Segment):
        raise Invalid("segment", "choice")
    if language and language not in LANGUAGES:
        raise Invalid("language", "choice")
    return Broadcast(broadcast_id, text, Segment(segment), language, author_id, now)


def is_for(broadcast: Broadcast, person: Person, now: datetime) -> bool:
    """Whether a person may be among its readers, as far as they themselves tell it: who has bid and who was here are
    looked up besides. Nobody who is blocked, has blocked the bot, or wants no news.
    """
    if person.blocked or person.unreachable or Switch.NEWS in person.switched_off:
        return False
    if broadcast.language and person.language != broadcast.language:
        return False
    return broadcast.segment is not Segment.SELLERS or person.may_sell(now)


def started(broadcast: Broadcast, now: datetime) -> Broadcast:
    """Raises WrongBroadcastState."""
    if broadcast.state is not BroadcastState.DRAFT:
        raise WrongBroadcastState(broadcast.state)
    return _next(broadcast, state=BroadcastState.RUNNING, is_counting=False, place="", started_at=now)


def stopped(broadcast: Broadcast, now: datetime) -> Broadcast:
    """Who has been sent it has it; nobody else gets it. Raises WrongBroadcastState."""
    if broadcast.state is not BroadcastState.RUNNING:
        raise WrongBroadcastState(broadcast.state)
    return _next(broadcast, state=BroadcastState.STOPPED, ended_at=now)


def counted(broadcast: Broadcast, more: int, place: str) -> Broadcast:
    """A part of the list was counted; an empty `place` is its end."""
    return _next(broadcast, counted=broadcast.counted + more, place=place, is_counting=bool(place))


def sent(broadcast: Broadcast, reached: int, missed: int, place: str, now: datetime) -> Broadcast:
    """A part of the list has it; an empty `place` is its end. One that was stopped meanwhile stays stopped."""
    after = _next(broadcast, sent=broadcast.sent + reached, missed=broadcast.missed + missed, place=place)
    if place or broadcast.state is not BroadcastState.RUNNING:
        return after
    return replace(after, state=BroadcastState.DONE, ended_at=now)


def _next(broadcast: Broadcast, **changes: object) -> Broadcast:
    return replace(broadcast, version=broadcast.version + 1, **changes)  # type: ignore[arg-type]
