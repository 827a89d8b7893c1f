"""The address that a person's notices go to: asked for, confirmed, taken away.

It counts only once its owner has pressed a button behind a link that was sent there. Until then the one before it is
used. Several people may have one address, each by a confirmation of their own: a refusal would tell a stranger who is
here, and let anybody keep an address from its owner.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from starbid.domain.channels import Channel
from starbid.domain.email_addresses import FIELD, mailbox, read_email
from starbid.domain.email_errors import EmailLinkOver
from starbid.domain.errors import Blocked, Invalid
from starbid.domain.limits import Deed
from starbid.domain.people import Person
from starbid.services.hearing import Hearing
from starbid.services.limits import Limits
from starbid.services.ports import (
    ASK_SECONDS,
    ConfirmationMails,
    Contact,
    Contacts,
    EmailAsk,
    EmailAsks,
    Rejected,
)

PLACE = Channel.EMAIL.value


@dataclass(frozen=True, slots=True)
class Standing:
    """`address` is where notices go, `asked` what waits for its confirmation; None where there is none."""

    address: str | None
    asked: str | None


class EmailAddresses:
    """Each step may die anywhere, and is done again by the next press of the same button."""

    def __init__(
        self, hearing: Hearing, contacts: Contacts, asks: EmailAsks, mails: ConfirmationMails, limits: Limits
    ) -> None:
        self._hearing, self._contacts, self._asks = hearing, contacts, asks
        self._mails, self._limits = mails, limits

    def contact(self, person_id: int) -> Contact | None:
        """Where notices go: `address` of its facts, confirmed by the ask with the id `ask`."""
        return self._contacts.one(person_id, PLACE)

    def waiting(self, person_id: int, contact: Contact | None, now: datetime) -> EmailAsk | None:
        """What waits for its confirmation; `contact` is the person's."""
        ask = self._asks.find(person_id, now)
        return None if ask and contact and contact.facts["ask"] == ask.id else ask

    def standing(self, person: Person, now: datetime) -> Standing:
        """One that was taken down half, by a process that died, is none."""
        contact = self.contact(person.id)
        ask = self.waiting(person.id, contact, now)
        is_up = contact is not None and Channel.EMAIL in person.heard_by
        return Standing(contact.facts["address"] if contact and is_up else None, ask.address if ask else None)

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
            self._mails.ask(person, ask)
        except Rejected as refused:
            self._asks.drop(person.id)
            raise Invalid(FIELD, "email_refused") from refused
        return address

    def asked(self, person_id: int, ask_id: str, now: datetime) -> str:
        """The address that a link confirms, or has confirmed. Raises EmailLinkOver."""
        ask = self._asks.find(person_id, now)
        if ask is None or ask.id != ask_id:
            raise EmailLinkOver
        return ask.address

    def confirm(self, person_id: int, ask_id: str, now: datetime) -> str:
        """From now on notices go there. Safe to repeat. Raises EmailLinkOver, Conflict."""
        address, before = self.asked(person_id, ask_id, now), self.contact(person_id)
        if before is None or before.facts["ask"] != ask_id:
            self._contacts.put(Contact(person_id, PLACE, {"address": address, "ask": ask_id}, now))
        self._hearing.set_up(person_id, Channel.EMAIL)
        return address

    def take_down(self, person_id: int) -> None:
        """No more e-mail goes to the person, nor does a link of before lead back. Safe to repeat. Raises Conflict."""
        self._asks.drop(person_id)
        self._hearing.take_down(person_id, Channel.EMAIL)
        self._contacts.drop(person_id, PLACE)

    def drop_ask(self, person_id: int) -> None:
        """Nothing waits for its confirmation any more."""
        self._asks.drop(person_id)
