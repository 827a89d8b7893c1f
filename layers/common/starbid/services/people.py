"""People: registration, settings, sessions, the right to sell."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime

from starbid.domain.errors import Invalid, Spent
from starbid.domain.events import LoggedIn, SubscriptionEnded, SubscriptionEnding, SubscriptionStarted
from starbid.domain.graphemes import whole
from starbid.domain.languages import language_of
from starbid.domain.leaving import returned
from starbid.domain.people import (
    LANGUAGES,
    Person,
    extend_subscription,
    is_running,
    subscription_from_wallet,
    subscription_id,
)
from starbid.domain.renewals import without_failed
from starbid.domain.sessions import EndedSessions
from starbid.domain.switches import Switch
from starbid.domain.texts import flat, one_line
from starbid.domain.wallet import Wallet, WalletChange
from starbid.services.debts import Debts
from starbid.services.ports import ConditionFailed, Contended, Standing, Store
from starbid.services.retrying import Stale, committed, with_retries
from starbid.services.settings import Business
from starbid.services.sweeping import each
from starbid.zones import name_of, named_by, zone_called

NAME_LENGTH, NAMELESS_LENGTH = 64, 5
PUBLIC_ID_LENGTH = 13
SWEEP_LIMIT = 100


class People:
    """Everything about a person but their money."""

    def __init__(self, store: Store, business: Business) -> None:
        self._store, self._business = store, business
        self._debts = Debts(store)

    def greet(
        self,
        user_id: int,
        name: str,
        username: str | None,
        language_code: str | None,
        now: datetime,
        known: Person | None = None,
    ) -> Person:
        """The person behind an update or a login, registered on first sight, and once more after they left; a changed
        name is taken over. `known`: as just read.

        Being heard from lifts the mark of one who had blocked the bot.
        """
        person = known or self._store.person(user_id)
        if person is None:
            return self._store.add_person(newcomer(user_id, name, username, language_code, now))

        def seen(known: Person) -> Person:
            if known.left_at:
                return returned(known, newcomer(user_id, name, username, language_code, now))
            called = _shown(name) or _shown(known.name) or nameless(known.public_id)
            return replace(known, name=called, username=username, unreachable=False)

        after = seen(person)
        if after == person and person.public_id:
            return person
        try:
            return self._save(person, after)
        except (Stale, Contended):
            return self.change(user_id, seen)

    def meet(self, user_id: int, name: str, username: str | None, language_code: str | None, now: datetime) -> Person:
        """The person whom Telegram speaks of, registered on first sight.

        Somebody known stays as they are: it was not they who spoke.
        """
        known = self._store.person(user_id)
        return known or self._store.add_person(newcomer(user_id, name, username, language_code, now))

    def set_language(self, user_id: int, language: str) -> Person:
        """One of LANGUAGES; raises Invalid."""
        if language not in LANGUAGES:
            raise Invalid("language", "choice")
        return self.change(user_id, lambda person: replace(person, language=language))

    def set_zone(self, user_id: int, written: str) -> Person:
        """The time zone that somebody chose, as people write it: `Europe/Lisbon`, `lisbon`. Empty: what their browser
        says, which it tells next time. Raises Invalid.
        """
        zone = named_by(written) if written.strip() else None
        if zone is None and written.strip():
            raise Invalid("zone", "zone")
        return self.change(user_id, lambda person: replace(person, zone=zone))

    def find_zone(self, user_id: int, name: str) -> Person:
        """The time zone that somebody's browser says, by its exact name: kept where none is. Raises Invalid."""
        zone = zone_called(name)
        if zone is None:
            raise Invalid("zone", "zone")

        return self.change(user_id, lambda person: person if person.zone else replace(person, zone=name_of(zone)))

    def switch(self, user_id: int, wanted: Mapping[Switch, bool]) -> Person:
        """Which notices the person wants to hear from now on; what is not named stays as it is. Raises Conflict."""

        def switched(person: Person) -> Person:
            off = (switch for switch in Switch if not wanted.get(switch, switch not in person.switched_off))
            return replace(person, switched_off=frozenset(off))

        return self.change(user_id, switched)

    def change(self, user_id: int, change: Callable[[Person], Person]) -> Person:
        """The person as `change` makes them of what they are, written where that is another. Raises Conflict."""

        def attempt(_: int) -> Person:
            before = self._known(user_id)
            after = change(before)
            return before if after == before else self._save(before, after)

        return with_retries(attempt)

    def mark_unreachable(self, user_id: int) -> None:
        """Telegram says that the person blocked the bot: no notices until they are heard from."""
        self.change(user_id, lambda person: replace(person, unreachable=True))

    def note_login(self, user_id: int, how: str, now: datetime) -> None:
        """A session begins; `how` as in LoggedIn."""
        unit = self._store.unit()
        unit.emit(LoggedIn(f"login:{user_id}:{secrets.token_hex(8)}", now, user_id, how))
        unit.commit()

    def end_session(self, user_id: int, session_id: str, now: datetime) -> Person:
        """Somebody logged out: all sessions of that id are over, wherever their cookies are. Safe to repeat.

        Raises Conflict.
        """
        return self._end(user_id, lambda ended: ended.with_logout(session_id, now))

    def end_sessions(self, user_id: int, now: datetime) -> Person:
        """All sessions that there are; the next one may begin at once. Raises Conflict."""
        return self._end(user_id, lambda ended: ended.with_all(now))

    def _end(self, user_id: int, change: Callable[[EndedSessions], EndedSessions]) -> Person:
        return self.change(user_id, lambda person: replace(person, ended_sessions=change(person.ended_sessions)))

    def subscribe(self, user_id: int, request_id: str, now: datetime, *, extends: bool = True) -> Person:
        """30 days of the right to sell, from the wallet; the same `request_id` is paid once. Without `extends` one who
        may sell already pays nothing.

        Raises Blocked, InDebt, InsufficientFunds; Spent where it was paid before, and the days are over.
        """
        price = self._business.subscription

        def attempt(_: int) -> Person:
            before = self._known(user_id)
            if not extends and before.may_sell(now):
                return before
            wallet = self._debts.offset(user_id, price.currency, now)
            transfer = subscription_from_wallet(wallet, price, request_id, now)
            after = extend_subscription(before, transfer.id, now)
            after = replace(after, renewals=without_failed(after.renewals))
            assert after.subscribed_until is not None
            unit = self._store.unit()
            unit.save_person(before, after)
            unit.post(transfer)
            unit.change_wallet(WalletChange.take(wallet, price, wallet.out_of_bought(price)), Standing.GOOD)
            unit.emit(SubscriptionStarted(f"subscribed:{transfer.id}", now, user_id, after.subscribed_until))
            try:
                unit.commit()
            except ConditionFailed as refused:
                if refused.blames("transfer"):
                    subscribed = self._known(user_id)
                    if not is_running(subscribed, transfer.id, now):
                        raise Spent from refused
                    return subscribed
                if refused.blames("wallet"):
                    wallet = refused.current("wallet") or Wallet.empty(user_id, price.currency)
                    if wallet.covered:
                        raise Stale from refused
                    wallet.require_standing()
                    wallet.require(price)
                raise Stale from refused
            return after

        return with_retries(attempt)

    def has_paid(self, user_id: int, request_id: str) -> bool:
        """Whether this request has bought days of which some are left."""
        source = subscription_id(user_id, request_id)
        return any(days.source == source for days in self._known(user_id).paid_days)

    def end_subscriptions(self, now: datetime) -> int:
        """Tell those whose subscription ends soon, or ran out; answers how many.

        Raises an ExceptionGroup after doing what it could.
        """
        due = self._store.due_subscriptions(now, SWEEP_LIMIT)
        return sum(each("subscriptions not ended", due, lambda user_id: self._end_subscription(user_id, now)))

    def _end_subscription(self, user_id: int, now: datetime) -> bool:
        before = self._known(user_id)
        until, due = before.subscribed_until, before.subscription_due
        if until is None or due is None or due > now:
            return False
        after, name = replace(before, version=before.version + 1), f"{user_id}:{int(until.timestamp())}"
        unit = self._store.unit()
        if until > now:
            unit.save_person(before, replace(after, ending_told=until))
            unit.emit(SubscriptionEnding(f"subscription-ending:{name}", now, user_id, until))
        else:
            unit.save_person(before, replace(after, subscribed_until=None, ending_told=None))
            unit.emit(SubscriptionEnded(f"subscription-ended:{name}", now, user_id))
        try:
            unit.commit()
        except ConditionFailed:
            return False
        return True

    def _known(self, user_id: int) -> Person:
        person = self._store.person(user_id, consistent=True)
        if person is None:
            raise LookupError(f"person {user_id} was never registered")
        return person

    def _save(self, before: Person, after: Person) -> Person:
        public_id = after.public_id or new_public_id()  # rows of an older version have none
        after = replace(after, version=before.version + 1, public_id=public_id)
        unit = self._store.unit()
        unit.save_person(before, after)
        return committed(unit, after)


def newcomer(user_id: int, name: str, username: str | None, language_code: str | None, now: datetime) -> Person:
    """Somebody as they are registered. One without a name that can be shown gets one that tells nothing of them."""
    public_id = new_public_id()
    shown = _shown(name) or nameless(public_id)
    return Person(user_id, shown, username, language_of(language_code), now, public_id=public_id)


def new_public_id() -> str:
    """13 characters of [a-z2-7], by chance: 65 bits."""
    return base64.b32encode(secrets.token_bytes(10)).decode().lower()[:PUBLIC_ID_LENGTH]


def _shown(name: str) -> str:
    """As others see it; "" where they would see nothing."""
    return one_line(whole(flat(name), NAME_LENGTH))


def nameless(public_id: str) -> str:
    """A name that tells nothing of anybody."""
    return f"#{public_id[:NAMELESS_LENGTH]}"
