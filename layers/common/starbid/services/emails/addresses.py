"""The address that a person's notices go to: asked for, confirmed, taken away.

It counts only once its owner has pressed a button behind a link that was sent there. Until then the one before it is
used. Several people may have one address, each by a confirmation of their own: a refusal would tell a stranger who is
here, and let anybody keep an address from its owner.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from starbid.domain.channels import Channel
from starbid.domain.email_addresses import mailbox, read_email, same_mailbox
from starbid.domain.email_errors import EmailLinkOver
from starbid.domain.errors import Blocked, Invalid
from starbid.domain.limits import Deed
from starbid.domain.people import Person
from starbid.domain.switches import Switch
from starbid.services.limits import Limits
from starbid.services.people import People
from starbid.services.ports import (
    ASK_SECONDS,
    ConfirmationMails,
    Contact,
    Contacts,
    EmailAsk,
    EmailAsks,
    Rejected,
)

PLACE = "email"


@dataclass(frozen=True, slots=True)
class Standing:
    """`address` is where notices go, `asked` what waits for its confirmation; None where there is none."""

    address: str | None
    asked: str | None


class EmailAddresses:
    """Each step may die anywhere, and is done again by the next press of the same button."""

    def __init__(
        self, people: People, contacts: Contacts, asks: EmailAsks, mails: ConfirmationMails, limits: Limits
    ) -> None:
        self._people, self._contacts, self._asks = people, contacts, asks
        self._mails, self._limits = mails, limits

    def standing(self, person_id: int, now: datetime) -> Standing:
        contact, ask = self._contacts.one(person_id, PLACE), self._asks.find(person_id, now)
        waits = ask is not None and not (contact and contact.facts["ask"] == ask.id)
        return Standing(contact.facts["address"] if contact else None, ask.address if ask and waits else None)

    def ask(self, person: Person, typed: str, now: datetime) -> str:
        """Send the link to an address, which is answered as it is understood. The one that was asked for before no
        longer counts.

        Raises Blocked, Invalid ("required", "email", "email_refused"), TooOften, TryLater.
        """
        if person.blocked:
            raise Blocked
        address = read_email(typed)
        self._limits.require(Deed.EMAIL, person.id, now)
        self._limits.require(Deed.EMAIL_TO, mailbox(address), now)
        ask = EmailAsk(secrets.token_hex(8), address, now + timedelta(seconds=ASK_SECONDS))
        self._asks.keep(person.id, ask, now)
        try:
            self._mails.ask(person.id, person.language, ask)
        except Rejected as refused:
            self._asks.drop(person.id)
            raise Invalid("email", "email_refused") from refused
        return address

    def asked(self, person_id: int, ask_id: str, now: datetime) -> str:
        """The address that a link confirms, or has confirmed. Raises EmailLinkOver."""
        ask = self._asks.find(person_id, now)
        if ask is None or ask.id != ask_id:
            raise EmailLinkOver
        return ask.address

    def confirm(self, person_id: int, ask_id: str, now: datetime) -> str:
        """From now on notices go there. Safe to repeat. Raises EmailLinkOver, Conflict."""
        address = self.asked(person_id, ask_id, now)
        self._contacts.put(Contact(person_id, PLACE, {"address": address, "ask": ask_id}, now))
        self._people.set_up(person_id, Channel.EMAIL)
        return address

    def take_down(self, person_id: int) -> None:
        """No more e-mail goes to the person, nor does a link of before lead back. Safe to repeat. Raises Conflict."""
        self._people.take_down(person_id, Channel.EMAIL)
        self._contacts.drop(person_id, PLACE)
        self._asks.drop(person_id)

    def listen(self, person_id: int, wanted: Mapping[Switch, bool]) -> None:
        """Which kinds go there. Raises Conflict."""
        self._people.listen(person_id, Channel.EMAIL, dict(wanted))

    def address(self, person_id: int) -> str | None:
        """Where notices go now."""
        contact = self._contacts.one(person_id, PLACE)
        return contact.facts["address"] if contact else None

    def is_now(self, person_id: int, address: str) -> bool:
        """Whether it is the one that notices go to."""
        present = self.address(person_id)
        return present is not None and same_mailbox(present, address)

    def is_asked(self, person_id: int, address: str, now: datetime) -> bool:
        """Whether it is the one that waits for its confirmation."""
        ask = self._asks.find(person_id, now)
        return ask is not None and same_mailbox(ask.address, address)

    def drop_ask(self, person_id: int) -> None:
        self._asks.drop(person_id)
