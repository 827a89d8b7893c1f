"""What happened to tickets. Never what was written: a message is named by its number."""

from __future__ import annotations

from dataclasses import dataclass

from starbid.domain.events.base import PersonEvent


@dataclass(frozen=True, slots=True)
class TicketEvent(PersonEvent):
    """`user_id` is whose ticket it is."""

    ticket_id: str


@dataclass(frozen=True, slots=True)
class TicketOpened(TicketEvent):
    """With its first message."""


@dataclass(frozen=True, slots=True)
class TicketMessaged(TicketEvent):
    """The person wrote message `number`; `reopened` where the ticket had been closed."""

    number: int
    reopened: bool


@dataclass(frozen=True, slots=True)
class TicketAnswered(TicketEvent):
    """An operator wrote message `number`."""

    number: int
    operator_id: int


@dataclass(frozen=True, slots=True)
class TicketClosed(TicketEvent):
    """By an operator, or by the person (None)."""

    operator_id: int | None


@dataclass(frozen=True, slots=True)
class TicketReopened(TicketEvent):
    """By an operator, without a message."""

    operator_id: int
