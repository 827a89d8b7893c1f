"""Tickets as their people have them: writing to support, from the chat or the web, and reading what was answered."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from starbid.domain import tickets
from starbid.domain.errors import NotFound
from starbid.domain.events import TicketClosed, TicketMessaged, TicketOpened
from starbid.domain.limits import Deed
from starbid.domain.tickets import Message, Side, Ticket, picture_name, read_message
from starbid.services.desk import ticket_rows as kept
from starbid.services.limits import Limits
from starbid.services.ports import EVIDENCE_SIZES, ConditionFailed, Decode, Desk, DeskRow, Page, Pictures, Store, Unit
from starbid.services.retrying import Stale, with_retries

PAGE = 50
_ID_BYTES = 6
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Written:
    """What a message of a person's has become. `is_new`: the ticket begins with it."""

    ticket: Ticket
    number: int
    is_new: bool


class Tickets:
    """What is written here is private: it stands in the rows of the ticket, and nowhere else."""

    def __init__(self, store: Store, desk: Desk, pictures: Pictures, limits: Limits, decode: Decode) -> None:
        self._store, self._desk, self._pictures = store, desk, pictures
        self._limits, self._decode = limits, decode

    def write(
        self,
        person_id: int,
        text: str,
        files: Sequence[bytes],
        key: str,
        now: datetime,
        *,
        ticket_id: str = "",
        category: str = "",
    ) -> Written:
        """A message of the person's: into their ticket that is not closed; or else into `ticket_id`, which it opens
        again within REOPENING; or else a new ticket begins. `key` is the same however often the message comes.

        Raises Invalid, TooOften, Conflict.
        """
        words = read_message(text, len(files))
        self._limits.require(Deed.TICKET, person_id, now)
        names = self.keep(person_id, files, now)

        def attempt(tries: int) -> Written:
            known = self._written(person_id, key, now) if tries else None
            return known or self._write(person_id, words, names, key, now, ticket_id, category)

        return with_retries(attempt)

    def close(self, person_id: int, ticket_id: str, now: datetime) -> Ticket:
        """The person has what they need. Closed already, it stays so. Raises NotFound, Conflict."""

        def attempt(_: int) -> Ticket:
            ticket = self.own(person_id, ticket_id, now)
            if ticket.is_closed:
                return ticket
            after, current = tickets.closed(ticket, now), self._current(person_id, now)
            unit = self._store.unit()
            unit.save_row(kept.ticket_row(after))
            unit.save_row(kept.current_row(current, person_id, ""))
            unit.emit(TicketClosed(f"ticket-closed:{ticket.id}:{after.version}", now, person_id, ticket.id, None))
            return _committed(unit, after)

        return with_retries(attempt)

    def open_of(self, person_id: int, now: datetime) -> Ticket | None:
        """The person's ticket that is not closed."""
        current = self._current(person_id, now)
        ticket_id = current.facts["ticket"] if current else ""
        return self.ticket(ticket_id, now) if ticket_id else None

    def of(self, person_id: int, now: datetime, *, limit: int = 20, cursor: str | None = None) -> Page[Ticket]:
        """All of a person's, newest first. A page may be short, or empty, and have a cursor."""
        page = self._desk.rows(kept.group_of_person(person_id), now, limit=limit, cursor=cursor, backward=True)
        ids = [row.facts["id"] for row in page.items if row.member.startswith("t#")]
        return Page(tuple(self.ticket(ticket_id, now) for ticket_id in ids), page.cursor if ids else None)

    def own(self, person_id: int, ticket_id: str, now: datetime) -> Ticket:
        """Raises NotFound for another one's, too: nobody is told that it is there."""
        ticket = self.ticket(ticket_id, now)
        if ticket.person_id != person_id:
            raise NotFound
        return ticket

    def ticket(self, ticket_id: str, now: datetime) -> Ticket:
        """Raises NotFound."""
        row = self._desk.row(kept.group_of(ticket_id), kept.TICKET, now)
        if row is None:
            raise NotFound
        return kept.ticket_from(row)

    def messages(
        self, ticket_id: str, now: datetime, *, limit: int = PAGE, cursor: str | None = None, backward: bool = True
    ) -> Page[Message]:
        """The newest first, unless told otherwise. Raises Invalid for a cursor of another list."""
        page = self._desk.rows(kept.messages_group(ticket_id), now, limit=limit, cursor=cursor, backward=backward)
        return Page(tuple(kept.message_from(ticket_id, row) for row in page.items), page.cursor)

    def message(self, ticket_id: str, number: int, now: datetime) -> Message | None:
        row = self._desk.row(kept.messages_group(ticket_id), kept.message_member(number), now)
        return kept.message_from(ticket_id, row) if row else None

    def picture(self, ticket: Ticket, number: int, picture_id: str, size: str, now: datetime) -> bytes | None:
        """A photo of a message as JPEG in one of EVIDENCE_SIZES, for one who may see the ticket."""
        message = self.message(ticket.id, number, now)
        if message is None or size not in EVIDENCE_SIZES or not message.shows(picture_id, now):
            return None
        return self._pictures.load_ticket_photo(ticket.person_id, picture_id, size)

    def pictures(self, ticket: Ticket, message: Message, now: datetime) -> list[bytes]:
        """The photos of a message in their large size, as far as they are there still."""
        shown = (name for name in message.pictures if message.shows(name, now))
        loaded = (self._pictures.load_ticket_photo(ticket.person_id, name, "large") for name in shown)
        return [data for data in loaded if data is not None]

    def keep(self, person_id: int, files: Sequence[bytes], now: datetime) -> tuple[str, ...]:
        """Decode and store photos for a ticket of this person's; their ids. What a process that dies then has stored
        is seen by nobody and expires. Raises Invalid, TooOften.
        """
        if not files:
            return ()
        self._limits.require(Deed.PICTURE, person_id, now, len(files))
        names = tuple(picture_name(person_id, data) for data in files)
        for name, sizes in zip(names, self._decode(files), strict=True):
            self._pictures.save_ticket_photo(person_id, name, {size: sizes[size] for size in EVIDENCE_SIZES})
        return tuple(dict.fromkeys(names))

    def _write(
        self,
        person_id: int,
        text: str,
        pictures: tuple[str, ...],
        key: str,
        now: datetime,
        ticket_id: str,
        category: str,
    ) -> Written:
        current = self._current(person_id, now)
        before = self._into(person_id, current, ticket_id, now)
        ticket = before or tickets.opened(_new_id(), person_id, text, category, now)
        after = tickets.written(ticket, now)
        message = Message(after.id, after.messages, Side.PERSON, person_id, text, pictures, now)
        unit = self._store.unit()
        unit.save_row(kept.ticket_row(after))
        unit.save_row(kept.message_row(message))
        unit.save_row(kept.key_row(person_id, key, message, now))
        if before is None:
            unit.save_row(kept.pointer_row(after))
            unit.emit(TicketOpened(f"ticket-opened:{after.id}", now, person_id, after.id))
        else:
            said = f"ticket-messaged:{after.id}:{message.number}"
            unit.emit(TicketMessaged(said, now, person_id, after.id, message.number, before.is_closed))
        if before is None or before.is_closed:
            unit.save_row(kept.current_row(current, person_id, after.id))
        return _committed(unit, Written(after, message.number, before is None))

    def _into(self, person_id: int, current: DeskRow | None, ticket_id: str, now: datetime) -> Ticket | None:
        """The ticket that the next message goes into; None where it begins one."""
        open_id = current.facts["ticket"] if current else ""
        if open_id:
            return self.ticket(open_id, now)
        if not ticket_id:
            return None
        ticket = self.own(person_id, ticket_id, now)
        return ticket if ticket.may_reopen(now) else None

    def _written(self, person_id: int, key: str, now: datetime) -> Written | None:
        """What this message has become already."""
        row = self._desk.row(kept.group_of_person(person_id), kept.key_member(key), now)
        if row is None:
            return None
        number = int(row.facts["number"])
        return Written(self.ticket(row.facts["ticket"], now), number, number == 1)

    def _current(self, person_id: int, now: datetime) -> DeskRow | None:
        return self._desk.row(kept.group_of_person(person_id), kept.CURRENT, now)


def _committed(unit: Unit, result: T) -> T:
    """Raises Stale where something has changed in between."""
    try:
        unit.commit()
    except ConditionFailed as changed:
        raise Stale from changed
    return result


def _new_id() -> str:
    """Not to be guessed, and short enough to be read out."""
    return secrets.token_hex(_ID_BYTES)
