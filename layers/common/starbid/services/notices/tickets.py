"""Notices about tickets: to the person who wrote, and of news to the admins. What was written is in none: it is read
when it is told (services.desk.ticket_telling).
"""

from __future__ import annotations

from starbid.domain.events import (
    TicketAnswered,
    TicketClosed,
    TicketEvent,
    TicketMessaged,
    TicketOpened,
    TicketReopened,
)
from starbid.services.notices.registry import Crowd, News, kind, tells
from starbid.services.ports import Notice

ANSWERED = kind("ticket_answered")
CLOSED = kind("ticket_closed")
"""By an operator."""
TICKET_NEWS = kind("ticket_news")
"""To the admins: there is something in a ticket that they have not been told."""
ADMIN_CHAT_LOST = kind("admin_chat_lost")
"""To each admin: the chat that alerts go to does not take them."""
ADMIN_TOPIC_LOST = kind("admin_topic_lost")
"""To each admin: nor does the topic of that chat, which itself does."""


@tells(TicketOpened)
def ticket_opened(event: TicketOpened) -> News:
    return _to(Crowd.ADMINS, event)


@tells(TicketMessaged)
def ticket_messaged(event: TicketMessaged) -> News:
    return _to(Crowd.ADMINS, event)


@tells(TicketAnswered)
def ticket_answered(event: TicketAnswered) -> News:
    facts = {"ticket_id": event.ticket_id, "number": event.number}
    return _to(Crowd.ADMIN_CHAT, event, ANSWERED.of(event, event.user_id, **facts))


@tells(TicketClosed)
def ticket_closed(event: TicketClosed) -> News:
    if event.operator_id is None:
        return _to(Crowd.ADMIN_CHAT, event)
    return _to(Crowd.ADMIN_CHAT, event, CLOSED.of(event, event.user_id, ticket_id=event.ticket_id))


@tells(TicketReopened)
def ticket_reopened(event: TicketReopened) -> News:
    return _to(Crowd.ADMIN_CHAT, event)


def _to(crowd: Crowd, event: TicketEvent, *notices: Notice) -> News:
    return News(notices, (crowd,), lambda admin: TICKET_NEWS.of(event, admin, ticket_id=event.ticket_id))
