"""A ticket as its pages show it: to its person, and to operators."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from starbid.domain.tickets import Message, Side, Ticket, TicketState
from starbid.i18n import Language

SHOWN = 50
"""Messages of a page."""


@dataclass(frozen=True)
class MessageView:
    """`photos` are their addresses; `gone` tells that there were some which are shown no longer."""

    number: int
    is_ours: bool
    author_id: int
    text: str
    photos: tuple[str, ...]
    gone: bool
    at: datetime


def views_of(messages: Sequence[Message], path: str, now: datetime) -> list[MessageView]:
    """Those of a page, which come newest first, in the order in which they are read. `path` is that of the ticket."""
    return [_view(message, path, now) for message in reversed(messages)]


def _view(message: Message, path: str, now: datetime) -> MessageView:
    shown = tuple(each for each in message.pictures if message.shows(each, now))
    photos = tuple(f"{path}/photos/{message.number}/{each}" for each in shown)
    gone, is_ours = len(shown) < len(message.pictures), message.side is Side.OPERATOR
    return MessageView(message.number, is_ours, message.author_id, message.text, photos, gone, message.at)


def state_name(ticket: Ticket, words: Language, *, to_operator: bool = False) -> str:
    _ = words._
    match ticket.state:
        case TicketState.OPEN:
            return _("waits for us") if to_operator else _("we are looking into it")
        case TicketState.WAITING:
            return _("waits for the person") if to_operator else _("answered")
        case TicketState.CLOSED:
            return _("closed")
