"""What the operator's side keeps about a person: conversations with support, and what happened when."""

from __future__ import annotations

from datetime import datetime

from starbid.domain.event_log import LogKind
from starbid.domain.tickets import Side
from starbid.services.desk.ticket_rows import (
    TICKET,
    group_of,
    group_of_person,
    message_from,
    messages_group,
)
from starbid.services.own_data.kind import AT_ONCE, Entry, Erased, Kept, Why, entry
from starbid.services.ports import Desk, EventLog, Page

NOT_THEIRS = frozenset({LogKind.ADMIN, LogKind.ERROR})
"""What operators did, and what went wrong here, is told by nobody's own data."""
TICKETS_AT_ONCE = 10


class Support(Erased):
    """Tickets with all that was written in them, a few tickets a step."""

    key, families = "support", ("ticket#<id>", "ticket#<id>#said", "tickets-of#<person>")

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def read(self, user_id: int, cursor: str | None, now: datetime) -> Page[Entry]:
        page = self._desk.rows(group_of_person(user_id), now, limit=TICKETS_AT_ONCE, cursor=cursor)
        ids = [row.facts["id"] for row in page.items if "id" in row.facts]
        return Page(tuple(said for ticket_id in ids for said in self._said(ticket_id, now)), page.cursor)

    def _said(self, ticket_id: str, now: datetime) -> list[Entry]:
        entries: list[Entry] = []
        cursor: str | None = ""
        while cursor is not None:
            page = self._desk.rows(messages_group(ticket_id), now, limit=AT_ONCE, cursor=cursor or None)
            for message in (message_from(ticket_id, row) for row in page.items):
                by = "you" if message.side is Side.PERSON else "support"
                entries.append(
                    entry(ticket=ticket_id, by=by, text=message.text, pictures=message.pictures, at=message.at)
                )
            cursor = page.cursor
        return entries

    def erase(self, user_id: int, now: datetime) -> bool:
        """The words before the ticket, the ticket before what names it: a step that dies leaves nothing behind."""
        page = self._desk.rows(group_of_person(user_id), now, limit=TICKETS_AT_ONCE)
        for row in page.items:
            if "id" in row.facts and not self._erase_ticket(row.facts["id"], now):
                return False
            self._desk.drop(row.group, row.member)
        return page.cursor is None

    def _erase_ticket(self, ticket_id: str, now: datetime) -> bool:
        said = self._desk.rows(messages_group(ticket_id), now, limit=AT_ONCE)
        for row in said.items:
            self._desk.drop(row.group, row.member)
        if said.cursor is None:
            self._desk.drop(group_of(ticket_id), TICKET)
        return said.cursor is None


class Events(Kept):
    """The log of what the person did, without words of theirs."""

    key, families = "events", ("event_log",)
    why = Why.SAFETY

    def __init__(self, log: EventLog) -> None:
        self._log = log

    def read(self, user_id: int, cursor: str | None, now: datetime) -> Page[Entry]:
        page = self._log.page(now, user_id=user_id, limit=AT_ONCE, cursor=cursor)
        return Page(
            tuple(
                entry(at=each.at, kind=each.kind, what=each.name, subject=each.subject or None)
                for each in page.items
                if each.kind not in NOT_THEIRS
            ),
            page.cursor,
        )
