"""Notices by e-mail: implements `ports.FurtherChannel`."""

from __future__ import annotations

from starbid import observability
from starbid.domain.lots import Lot
from starbid.domain.people import Person
from starbid.further.email.letters import letter_of
from starbid.further.email.links import EmailLinks
from starbid.services.emails.addresses import PLACE
from starbid.services.ports import Contacts, Mails, Notice, Rejected, Unreachable
from starbid.telegram.tellings import Tellings


class EmailChannel:
    def __init__(self, contacts: Contacts, mails: Mails, tellings: Tellings, signed: EmailLinks) -> None:
        self._contacts, self._mails = contacts, mails
        self._tellings, self._signed = tellings, signed

    def tell(self, person: Person, notice: Notice, lot: Lot | None) -> None:
        contact = self._contacts.one(person.id, PLACE)
        if contact is None:
            raise Unreachable
        letter = letter_of(person, contact.facts["address"], self._tellings.of(person, notice, lot), self._signed)
        try:
            self._mails.send(letter)
        except Rejected:
            observability.logger("starbid").exception("%s: not sent by e-mail to %s", notice.kind, person.id)
            raise
