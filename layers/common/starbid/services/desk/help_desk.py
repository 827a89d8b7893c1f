"""An outside help desk (`SUPPORT_WEBHOOK_URL`): told of tickets, signed, until it has taken what it is told.

What is sent is read when it is sent; on its way there are ids only. docs/operations.md says how to verify it.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Protocol

from starbid.domain.errors import NotFound
from starbid.domain.events import AnyEvent, TicketAnswered, TicketClosed, TicketEvent, TicketMessaged, TicketOpened
from starbid.domain.people import Person
from starbid.domain.tickets import Message, Ticket
from starbid.services.desk.tickets import Tickets
from starbid.services.ports import DeskWork, Store

JOB = "help-desk"
PAUSES = (5, 15, 60, 240, 900, 900)
"""Seconds between tries. After the last the queue itself brings it again, and then keeps it as a dead letter."""
_PURPOSE = b"starbid support webhook"


class NotTaken(Exception):
    """The help desk did not say that it has it: `said` is a status, or one of our words. Never what it answered."""

    def __init__(self, said: str) -> None:
        super().__init__(said)


class HelpDeskLine(Protocol):
    """The way to the outside help desk."""

    def post(self, body: bytes, signature: str) -> None:
        """Raises NotTaken for everything but an answer of 2xx."""


class HelpDesk:
    """Hands ticket events on to the clerk, and tells the help desk of each."""

    def __init__(
        self,
        work: Callable[[], DeskWork],
        tickets: Callable[[], Tickets],
        store: Store,
        line: Callable[[], HelpDeskLine],
        key: Callable[[], str],
    ) -> None:
        """`key` is SECRET_KEY. Only what is used is asked for: who hands on need not have the rest."""
        self._work, self._tickets, self._store, self._line, self._key = work, tickets, store, line, key

    def hand_on(self, event: AnyEvent) -> None:
        """Raises Unavailable. Handed on twice it has the same id, by which the help desk knows it."""
        match event:
            case TicketOpened():
                self._ask(event, "ticket.opened", 1)
            case TicketMessaged(number=number) | TicketAnswered(number=number):
                self._ask(event, "ticket.message", number)
            case TicketClosed():
                self._ask(event, "ticket.closed", 0)

    def _ask(self, event: TicketEvent, kind: str, number: int) -> None:
        """`number` of the message that it brings; 0 for none."""
        facts = {"id": event.id, "type": kind, "ticket_id": event.ticket_id, "number": number}
        self._work().ask(JOB, facts | {"at": event.at.isoformat(), "tries": 0})

    def tell(self, facts: Mapping[str, Any], now: datetime) -> None:
        """One try, and the next one asked for where it fails. Raises NotTaken after the last, KeyError and ValueError
        for facts that are none.
        """
        tries = int(facts["tries"])
        body = self._body(facts, now)
        if body is None:
            return
        try:
            self._line().post(body, signature(webhook_key(self._key()), body, now))
        except NotTaken:
            if tries >= len(PAUSES):
                raise
            self._work().ask(JOB, {**facts, "tries": tries + 1}, PAUSES[tries])

    def _body(self, facts: Mapping[str, Any], now: datetime) -> bytes | None:
        """None where the ticket is gone."""
        try:
            ticket = self._tickets().ticket(str(facts["ticket_id"]), now)
        except NotFound:
            return None
        number = int(facts["number"])
        message = self._tickets().message(ticket.id, number, now) if number else None
        person = self._store.person(ticket.person_id)
        told = {
            "id": str(facts["id"]),
            "type": str(facts["type"]),
            "at": str(facts["at"]),
            "ticket": _of_ticket(ticket),
            "person": _of_person(person, ticket.person_id),
            "message": _of_message(message) if message else None,
        }
        return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()


def webhook_key(secret_key: str) -> str:
    """The key of the signatures, in hex: derived, so that who verifies them cannot sign sessions."""
    return hmac.new(secret_key.encode(), _PURPOSE, hashlib.sha256).hexdigest()


def signature(key: str, body: bytes, now: datetime) -> str:
    """The value of `X-Starbid-Signature`: `t=<seconds since 1970>,v1=<hex HMAC-SHA256 of "t.body">`."""
    seconds = int(now.timestamp())
    digest = hmac.new(key.encode(), f"{seconds}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={seconds},v1={digest}"


def _of_ticket(ticket: Ticket) -> dict[str, object]:
    return {"id": ticket.id, "state": ticket.state.value, "category": ticket.category or None}


def _of_person(person: Person | None, person_id: int) -> dict[str, object]:
    """Nothing more of the person is told."""
    return {"id": person_id, "name": person.name if person else "", "language": person.language if person else "en"}


def _of_message(message: Message) -> dict[str, object]:
    return {
        "number": message.number,
        "by": message.side.value,
        "text": message.text,
        "photos": len(message.pictures),
        "at": message.at.isoformat(),
    }
