"""Tickets: what people write to support, and what operators answer (spec, sections 4 and 9).

A person has one ticket at most that is not closed: whatever they send meanwhile, in the chat or on the web, goes into
it. So nobody is answered twice, and the messages of an album need not agree on whose ticket it is.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from starbid.domain.errors import Invalid, StarbidError
from starbid.domain.texts import one_line, read_text

TEXT_LENGTH = 4096
"""Characters of a message: as many as one of Telegram's has."""
MAX_PICTURES = 5
"""Photos of one message."""
REOPENING = timedelta(days=14)
"""So long after its end the person's next message to a ticket opens it again; then it begins a new one."""
PICTURES_LIFE = timedelta(days=180)
"""So long the photos of a message are shown. The rule of the bucket erases them a day later or more."""
SUBJECT_LENGTH = 80
CATEGORIES = ("payment", "deal", "lot", "account", "other")
CANNED_TITLE, MOST_CANNED = 60, 100
NAME_MARK = "{name}"
"""What stands for the person's name in a canned answer."""
REMEMBERED_ACTS = 8
_NAME_LENGTH = 32


class TicketState(StrEnum):
    OPEN = "open"
    """Waits for us."""
    WAITING = "waiting"
    """Waits for the person."""
    CLOSED = "closed"


class Side(StrEnum):
    """Who wrote a message."""

    PERSON = "person"
    OPERATOR = "operator"


class WrongTicketState(StarbidError, code="ticket_state"):
    """The ticket is not where the action needs it to be. `state` is where it is."""

    def __init__(self, state: TicketState) -> None:
        super().__init__(f"the ticket is {state}", state=state.value)
        self.state = state


class AnsweredMeanwhile(StarbidError, code="answered_meanwhile"):
    """Another operator has answered since this one looked: their answer is to be read first."""


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a ticket; `number` counts from 1. `text` may be empty where there are `pictures` (ids).
    `in_chat`: it was written in the chat of the admins, who have it there.
    """

    ticket_id: str
    number: int
    side: Side
    author_id: int
    text: str
    pictures: tuple[str, ...]
    at: datetime
    in_chat: bool = False

    def shows(self, picture_id: str, now: datetime) -> bool:
        return picture_id in self.pictures and now < self.at + PICTURES_LIFE


@dataclass(frozen=True, slots=True)
class Ticket:
    """`subject` is the beginning of its first message: private, as all that is written in it. `messages` and `answers`
    (those of operators) are counted. `since`: when it came into its state. `acts`: by which decisions of operators it
    was changed last.
    """

    id: str
    person_id: int
    state: TicketState
    subject: str
    opened_at: datetime
    since: datetime
    category: str = ""
    messages: int = 0
    answers: int = 0
    assigned_to: int | None = None
    acts: tuple[str, ...] = ()
    version: int = 1

    @property
    def is_closed(self) -> bool:
        return self.state is TicketState.CLOSED

    def may_reopen(self, now: datetime) -> bool:
        """Whether the person's next message to it opens it again."""
        return self.is_closed and now < self.since + REOPENING


def read_message(text: str, pictures: int, *, field: str = "text") -> str:
    """The words of a message as they are kept. Raises Invalid: there are none and no photo, or too many of either."""
    if pictures > MAX_PICTURES:
        raise Invalid("images", "too_many", most=MAX_PICTURES)
    read = read_text(field, text, 0, TEXT_LENGTH)
    if not read and not pictures:
        raise Invalid(field, "required")
    return read


def opened(ticket_id: str, person_id: int, text: str, category: str, now: datetime) -> Ticket:
    """Without its first message. Raises Invalid for an unknown category; it may be empty."""
    if category and category not in CATEGORIES:
        raise Invalid("category", "choice")
    subject = one_line(text)
    if len(subject) > SUBJECT_LENGTH:
        subject = subject[: SUBJECT_LENGTH - 1].rstrip() + "…"
    return Ticket(ticket_id, person_id, TicketState.OPEN, subject, now, now, category, version=0)


def written(ticket: Ticket, now: datetime) -> Ticket:
    """After a message of the person's: it waits for us, since their first one that we have not answered."""
    since = ticket.since if ticket.state is TicketState.OPEN else now
    return _moved(ticket, state=TicketState.OPEN, since=since, messages=ticket.messages + 1)


def answered(ticket: Ticket, operator_id: int, seen: int | None, now: datetime) -> Ticket:
    """After an answer of one who had `seen` so many (None: who sees each as it comes). Who answers first has it.

    Raises WrongTicketState, AnsweredMeanwhile.
    """
    _require_not_closed(ticket)
    if seen is not None and seen != ticket.answers:
        raise AnsweredMeanwhile
    return _moved(
        ticket,
        state=TicketState.WAITING,
        since=now,
        messages=ticket.messages + 1,
        answers=ticket.answers + 1,
        assigned_to=ticket.assigned_to or operator_id,
    )


def closed(ticket: Ticket, now: datetime) -> Ticket:
    """Raises WrongTicketState."""
    _require_not_closed(ticket)
    return _moved(ticket, state=TicketState.CLOSED, since=now)


def reopened(ticket: Ticket, now: datetime) -> Ticket:
    """By an operator, at any time. Raises WrongTicketState."""
    if not ticket.is_closed:
        raise WrongTicketState(ticket.state)
    return _moved(ticket, state=TicketState.OPEN, since=now)


def assigned(ticket: Ticket, operator_id: int | None) -> Ticket:
    """Whose it is; None: anybody's."""
    return _moved(ticket, assigned_to=operator_id)


def acted(ticket: Ticket, key: str) -> Ticket:
    """With the decision that it was changed by, so that the same one counts once."""
    return replace(ticket, acts=(*ticket.acts, key)[-REMEMBERED_ACTS:])


def picture_name(person_id: int, data: bytes) -> str:
    """The id of a photo, [0-9a-f]: the same for the same file in the tickets of a person, so twice is like once."""
    return hashlib.sha256(f"ticket {person_id} ".encode() + data).hexdigest()[:_NAME_LENGTH]


@dataclass(frozen=True, slots=True)
class Canned:
    """An answer that operators keep. NAME_MARK in it becomes the person's name."""

    id: str
    title: str
    text: str
    version: int = 1

    def to(self, name: str) -> str:
        return self.text.replace(NAME_MARK, name)


def canned(canned_id: str, title: str, text: str, version: int = 1) -> Canned:
    """Raises Invalid."""
    line = one_line(title)
    if not 1 <= len(line) <= CANNED_TITLE:
        raise Invalid("title", "length", least=1, most=CANNED_TITLE)
    return Canned(canned_id, line, read_text("text", text, 1, TEXT_LENGTH), version)


def _require_not_closed(ticket: Ticket) -> None:
    if ticket.is_closed:
        raise WrongTicketState(ticket.state)


def _moved(ticket: Ticket, **changes: object) -> Ticket:
    return replace(ticket, version=ticket.version + 1, **changes)  # type: ignore[arg-type]
