"""Telling of tickets: answers to their people, and what people write to the admins.

A notice says only that there is something. How far a chat of admins has been told of a ticket is kept with the ticket,
so of many messages in a row one telling shows all, and a repeated one shows nothing twice.

Photos that Telegram refuses are left out: the words come all the same, and count them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from starbid.domain.errors import NotFound
from starbid.domain.people import Person
from starbid.domain.tickets import Message, Side, Ticket
from starbid.services.claiming import LEASE_SECONDS, Turn, claimed
from starbid.services.desk.ticket_rows import group_of
from starbid.services.desk.tickets import Tickets
from starbid.services.notices.tickets import ANSWERED, CLOSED, TICKET_NEWS
from starbid.services.ports import Claims, Desk, DeskRow, Messenger, Notice, Rejected, Spot, Store, TryLater

PACE = timedelta(seconds=5)
"""Between two tellings of one ticket in one chat."""
AT_ONCE = 10
"""Messages of a ticket that one telling shows."""
PHOTOS_AT_ONCE = 10
"""Of an album in Telegram."""
KINDS = frozenset((ANSWERED.name, CLOSED.name, TICKET_NEWS.name))
Read = Callable[[], Person | None]


@dataclass(frozen=True, slots=True)
class Told:
    """How far a chat has been told: of the first `number` messages, and in which version of the ticket. `thread` is the
    topic that the ticket has there (0: none), `first` the message that a reply to makes one thread of it.
    """

    number: int = 0
    version: int = 0
    thread: int = 0
    first: int = 0
    at: int = 0
    row_version: int = 0


class TicketTelling:
    """`admin_chat` is the chat of the admins, where a ticket may have a topic of its own; None where there is none."""

    def __init__(
        self,
        tickets: Tickets,
        desk: Desk,
        store: Store,
        claims: Claims,
        messenger: Messenger,
        admin_chat: int | None,
    ) -> None:
        self._tickets, self._desk, self._store, self._claims = tickets, desk, store, claims
        self._messenger, self._admin_chat = messenger, admin_chat

    def tell(self, notice: Notice, read: Read, now: datetime) -> None:
        """`read` gives who is told; None where there is nobody. Raises TryLater, and what the messenger does."""
        try:
            ticket = self._tickets.ticket(str(notice.facts["ticket_id"]), now)
        except NotFound:
            return
        if notice.kind == TICKET_NEWS.name:
            self._tell_admins(notice, ticket, read, now)
        elif person := read():
            self._tell_person(notice, ticket, person, now)

    def ticket_at(self, chat: int, spot: Spot, now: datetime) -> str | None:
        """The ticket that a topic of a chat of admins belongs to, or the message that is replied to."""
        for what, number in (("thread", spot.thread), ("message", spot.reply_to)):
            row = self._desk.row(room_of(chat), f"{what}#{number}", now) if number else None
            if row:
                return str(row.facts["ticket"])
        return None

    def _tell_person(self, notice: Notice, ticket: Ticket, person: Person, now: datetime) -> None:
        facts: dict[str, object] = {"ticket_id": ticket.id}
        if notice.kind == ANSWERED.name:
            message = self._tickets.message(ticket.id, int(notice.facts["number"]), now)
            if message is None:
                return
            self._send_photos(person.id, ticket, (message,), Spot(), now)
            facts["text"] = message.text
        self._messenger.tell(person, replace(notice, facts=facts), None)

    def _tell_admins(self, notice: Notice, ticket: Ticket, read: Read, now: datetime) -> None:
        chat = notice.user_id
        with claimed(self._claims, f"turn#ticket#{ticket.id}#{chat}", LEASE_SECONDS, 0, now) as turn:
            if turn is not Turn.MINE:
                raise TryLater(int(PACE.total_seconds()))
            told = self._told(ticket, chat, now)
            if told.version >= ticket.version:
                return
            reader = read()
            if reader is None:
                return
            if told.at and now < _moment(told.at, now) + PACE:
                raise TryLater(int(PACE.total_seconds()))
            self._tell_news(notice, ticket, reader, told, now)

    def _tell_news(self, notice: Notice, ticket: Ticket, reader: Person, told: Told, now: datetime) -> None:
        """Show what is new: messages, and whether it is closed. Where there is more, it goes on in a moment."""
        chat = notice.user_id
        until = min(ticket.messages, told.number + AT_ONCE)
        numbers = range(told.number + 1, until + 1)
        found = [message for number in numbers if (message := self._tickets.message(ticket.id, number, now))]
        new = [message for message in found if self._is_news(message, chat)]
        is_whole = until == ticket.messages
        after = replace(told, number=until, version=ticket.version if is_whole else told.version, at=_ms(now))
        if new or (is_whole and self._has_turned(told, ticket)):
            after = self._post(notice, ticket, reader, new, after, now)
        self._keep(ticket, chat, after)
        if not is_whole:
            raise TryLater(int(PACE.total_seconds()))

    def _post(
        self, notice: Notice, ticket: Ticket, reader: Person, new: Sequence[Message], told: Told, now: datetime
    ) -> Told:
        chat = notice.user_id
        if not told.thread and not told.first and chat == self._admin_chat:
            told = self._with_topic(ticket, reader, told)
        drawn = replace(notice, facts=self._facts(ticket, new, is_first=not told.first))
        spot = Spot(told.thread or None, None if told.thread else told.first or None)
        try:
            self._send_photos(chat, ticket, new, spot, now)
            message_id = self._messenger.tell(reader, drawn, None, spot)
        except Rejected:
            if not told.thread:
                raise
            told = self._with_topic(ticket, reader, replace(told, thread=0, first=0))  # somebody deleted it
            spot = Spot(told.thread or None)
            self._send_photos(chat, ticket, new, spot, now)
            message_id = self._messenger.tell(reader, drawn, None, spot)
        if message_id and chat == self._admin_chat:
            self._point("message", message_id, ticket, chat)
        return replace(told, first=told.first or message_id or 0)

    def _with_topic(self, ticket: Ticket, reader: Person, told: Told) -> Told:
        """In a chat that is a forum; elsewhere replies hold a ticket together."""
        person = self._store.person(ticket.person_id)
        thread = self._messenger.open_topic(reader, f"{person.name if person else ''} · {ticket.id}")
        if not thread:
            return told
        self._point("thread", thread, ticket, reader.id)
        return replace(told, thread=thread)

    def _facts(self, ticket: Ticket, new: Sequence[Message], *, is_first: bool) -> dict[str, object]:
        author = self._store.person(ticket.person_id)
        said = [[message.side.value, message.text, len(message.pictures)] for message in new]
        return {
            "ticket_id": ticket.id,
            "name": author.name if author else "",
            "state": ticket.state.value,
            "said": said,
            "is_first": is_first,
        }

    def _is_news(self, message: Message, chat: int) -> bool:
        """What operators say in the chat of admins stands there already; what they say elsewhere is news only there."""
        return message.side is Side.PERSON or (chat == self._admin_chat and not message.in_chat)

    def _has_turned(self, told: Told, ticket: Ticket) -> bool:
        """Whether it was closed, which only the chat that all admins share is told, or the person has done it."""
        return told.version > 0 and ticket.is_closed

    def _send_photos(self, chat: int, ticket: Ticket, messages: Sequence[Message], spot: Spot, now: datetime) -> None:
        photos = [data for message in messages for data in self._tickets.pictures(ticket, message, now)]
        for first in range(0, len(photos), PHOTOS_AT_ONCE):
            with suppress(Rejected):
                self._messenger.photos(chat, photos[first : first + PHOTOS_AT_ONCE], spot)

    def _point(self, what: str, number: int, ticket: Ticket, chat: int) -> None:
        """A reply there is to this ticket."""
        self._desk.save(DeskRow(room_of(chat), f"{what}#{number}", {"ticket": ticket.id}))

    def _told(self, ticket: Ticket, chat: int, now: datetime) -> Told:
        row = self._desk.row(group_of(ticket.id), f"told#{chat}", now)
        if row is None:
            return Told()
        return Told(**{name: int(value) for name, value in row.facts.items()}, row_version=row.version)

    def _keep(self, ticket: Ticket, chat: int, told: Told) -> None:
        facts = {name: getattr(told, name) for name in ("number", "version", "thread", "first", "at")}
        self._desk.save(DeskRow(group_of(ticket.id), f"told#{chat}", facts, told.row_version + 1))


def room_of(chat: int) -> str:
    """The group of what is known of a chat of admins."""
    return f"admin-chat#{chat}"


def _ms(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)


def _moment(ms: int, like: datetime) -> datetime:
    return datetime.fromtimestamp(ms / 1000, like.tzinfo)
