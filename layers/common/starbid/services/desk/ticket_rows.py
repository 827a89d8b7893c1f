"""Tickets as records of the operator's side: how each is kept, and in which list.

group                    member              holds
ticket#<id>              ticket              the ticket; in the list `tickets-<state>` by `since`
ticket#<id>#said         m#<number>          a message
tickets-of#<person>      current             which ticket of the person is not closed
                         t#<ms>#<id>         that it is theirs
                         key#<key>           what a message of theirs has become, for a few days
canned                   <id>                an answer that operators keep
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from starbid.domain.tickets import Canned, Message, Side, Ticket, TicketState
from starbid.services.ports import DeskRow

TICKET, CURRENT, CANNED = "ticket", "current", "canned"
KEY_LIFE = timedelta(days=3)
"""Longer than Telegram brings an update again."""


def group_of(ticket_id: str) -> str:
    return f"ticket#{ticket_id}"


def list_of(state: TicketState) -> str:
    return f"tickets-{state}"


def group_of_person(person_id: int) -> str:
    return f"tickets-of#{person_id}"


def ticket_row(ticket: Ticket) -> DeskRow:
    facts: dict[str, Any] = {
        "person": ticket.person_id,
        "state": ticket.state.value,
        "subject": ticket.subject,
        "opened": _ms(ticket.opened_at),
        "since": _ms(ticket.since),
        "messages": ticket.messages,
        "answers": ticket.answers,
    }
    facts |= {"category": ticket.category} if ticket.category else {}
    facts |= {"assigned": ticket.assigned_to} if ticket.assigned_to else {}
    facts |= {"acts": list(ticket.acts)} if ticket.acts else {}
    listed = (list_of(ticket.state), ticket.since)
    return DeskRow(group_of(ticket.id), TICKET, facts, ticket.version, listed)


def ticket_from(row: DeskRow) -> Ticket:
    facts = row.facts
    return Ticket(
        id=row.group.removeprefix(group_of("")),
        person_id=int(facts["person"]),
        state=TicketState(facts["state"]),
        subject=facts["subject"],
        opened_at=_at(facts["opened"]),
        since=_at(facts["since"]),
        category=facts.get("category", ""),
        messages=int(facts["messages"]),
        answers=int(facts["answers"]),
        assigned_to=int(facts["assigned"]) if "assigned" in facts else None,
        acts=tuple(facts.get("acts", ())),
        version=row.version,
    )


def message_member(number: int) -> str:
    """In the order of their numbers."""
    return f"m#{number:07}"


def message_row(message: Message) -> DeskRow:
    facts: dict[str, Any] = {
        "side": message.side.value,
        "author": message.author_id,
        "text": message.text,
        "pictures": list(message.pictures),
        "at": _ms(message.at),
    }
    facts |= {"in_chat": True} if message.in_chat else {}
    return DeskRow(messages_group(message.ticket_id), message_member(message.number), facts)


def messages_group(ticket_id: str) -> str:
    return f"{group_of(ticket_id)}#said"


def message_from(ticket_id: str, row: DeskRow) -> Message:
    facts = row.facts
    return Message(
        ticket_id=ticket_id,
        number=int(row.member.removeprefix("m#")),
        side=Side(facts["side"]),
        author_id=int(facts["author"]),
        text=facts["text"],
        pictures=tuple(facts["pictures"]),
        at=_at(facts["at"]),
        in_chat="in_chat" in facts,
    )


def pointer_row(ticket: Ticket) -> DeskRow:
    return DeskRow(group_of_person(ticket.person_id), f"t#{_ms(ticket.opened_at):013}#{ticket.id}", {"id": ticket.id})


def current_row(known: DeskRow | None, person_id: int, ticket_id: str) -> DeskRow:
    """After a change of which ticket of a person is not closed; empty: none."""
    facts: Mapping[str, Any] = {"ticket": ticket_id}
    if known is None:
        return DeskRow(group_of_person(person_id), CURRENT, facts)
    return replace(known, facts=facts, version=known.version + 1)


def key_member(key: str) -> str:
    return f"key#{hashlib.sha256(key.encode()).hexdigest()[:32]}"


def key_row(person_id: int, key: str, message: Message, now: datetime) -> DeskRow:
    facts = {"ticket": message.ticket_id, "number": message.number}
    return DeskRow(group_of_person(person_id), key_member(key), facts, expires_at=now + KEY_LIFE)


def canned_row(answer: Canned) -> DeskRow:
    return DeskRow(CANNED, answer.id, {"title": answer.title, "text": answer.text}, answer.version)


def canned_from(row: DeskRow) -> Canned:
    return Canned(row.member, row.facts["title"], row.facts["text"], row.version)


def _ms(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)


def _at(ms: Any) -> datetime:
    return datetime.fromtimestamp(int(ms) / 1000, UTC)
