"""The person themselves: who they are here, what they may do, where they are reached."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime

from starbid.domain.channels import Channel
from starbid.domain.errors import NotFound
from starbid.services.browsers import Browsers
from starbid.services.emails.addresses import EmailAddresses
from starbid.services.own_data.kind import Entry, Erased, entry, whole
from starbid.services.ports import Contacts, Page, Store
from starbid.services.sessions import Sessions
from starbid.services.tokens import Tokens


class Profile(Erased):
    """The row of the person. It is emptied with the last step of leaving, which everything else comes before."""

    key, families = "profile", ("users", "finds")

    def __init__(self, store: Store) -> None:
        self._store = store

    def read(self, user_id: int, cursor: str | None, now: datetime) -> Page[Entry]:
        person = self._store.person(user_id, consistent=True)
        if person is None:
            return whole(())
        return whole([entry(
            telegram_id=person.id, public_id=person.public_id, name=person.name, username=person.username,
            language=person.language, time_zone=person.zone, joined_at=person.joined_at, blocked=person.blocked,
            restricted_from=person.restrictions.limits, restricted_until=person.restrictions.until,
            subscribed_until=person.subscribed_until,
            paid_days=[entry(source=each.source, begins=each.begins, ends=each.ends) for each in person.paid_days],
            renewals=[entry(order_id=each.order_id, state=each.state) for each in person.renewals],
            reputation=person.reputation.counters(), role=person.role,
            notices={channel.value: person.hears(channel) for channel in person.channels},
            quiet_hours=[person.quiet.begins, person.quiet.ends] if person.quiet else None,
            calendar_address_since=person.calendar_at,
        )])  # fmt: skip

    def erase(self, user_id: int, now: datetime) -> bool:
        return True


class Reached(Erased):
    """The address of e-mail, and the browsers that notices go to."""

    key, families = "contacts", ("contacts", "email-ask#<person>")

    def __init__(self, contacts: Contacts, browsers: Browsers, emails: EmailAddresses) -> None:
        self._contacts, self._browsers, self._emails = contacts, browsers, emails

    def read(self, user_id: int, cursor: str | None, now: datetime) -> Page[Entry]:
        """Not the keys that notices to a browser are encrypted with."""
        mails = self._emails.contact(user_id)
        ask = self._emails.waiting(user_id, mails, now)
        asked = [entry(channel=Channel.EMAIL, address=ask.address, confirmed=False)] if ask else []
        mail = [entry(channel=Channel.EMAIL, address=mails.facts["address"], since=mails.since)] if mails else []
        browsers = (
            entry(channel=Channel.PUSH, device=each.device, service=each.address.endpoint, since=each.since)
            for each in self._browsers.of(user_id)
        )
        return whole([*mail, *asked, *browsers])

    def erase(self, user_id: int, now: datetime) -> bool:
        self._emails.take_down(user_id)
        for browser in self._browsers.of(user_id):
            self._browsers.forget(user_id, browser.mark)
        for contact in self._contacts.of(user_id):
            self._contacts.drop(user_id, contact.place)
        return True


class LoggedIn(Erased):
    """Where they are logged in, and were of late; not what tells one session from another."""

    key, families = "sessions", ("sessions#<person>",)

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions

    def read(self, user_id: int, cursor: str | None, now: datetime) -> Page[Entry]:
        return whole(
            entry(device=each.device or None, in_telegram=each.framed, since=each.issued_at, last_seen=each.seen_at)
            for each in self._sessions.kept(user_id, now)
        )

    def erase(self, user_id: int, now: datetime) -> bool:
        """Raises Conflict."""
        self._sessions.forget(user_id, now)
        return True


class ApiTokens(Erased):
    """Names and times; the secrets are nowhere."""

    key, families = "api_tokens", ("tokens",)

    def __init__(self, tokens: Tokens) -> None:
        self._tokens = tokens

    def read(self, user_id: int, cursor: str | None, now: datetime) -> Page[Entry]:
        return whole(entry(name=each.name, created_at=each.created_at) for each in self._tokens.of(user_id))

    def erase(self, user_id: int, now: datetime) -> bool:
        for token in self._tokens.of(user_id):
            with suppress(NotFound):  # somebody else is at it
                self._tokens.drop(user_id, token.public_id)
        return True
