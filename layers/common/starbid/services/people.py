"""People: registration, settings, the right to sell."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from starbid.domain.errors import Invalid
from starbid.domain.events import SubscriptionEnded, SubscriptionStarted
from starbid.domain.money import XTR
from starbid.domain.people import LANGUAGES, Person, extend_subscription, language_of, subscription_from_wallet
from starbid.domain.texts import one_line
from starbid.domain.wallet import Wallet, WalletChange
from starbid.services.debts import Debts
from starbid.services.ports import Contended, Refused, Store
from starbid.services.retrying import Stale, with_retries
from starbid.services.settings import Business
from starbid.services.sweeping import each

NAME_LENGTH = 64
SWEEP_LIMIT = 100


class People:
    """Everything about a person but their money."""

    def __init__(self, store: Store, business: Business) -> None:
        self._store, self._business = store, business
        self._debts = Debts(store)

    def greet(self, user_id: int, name: str, username: str | None, language_code: str | None, now: datetime) -> Person:
        """The person behind an update or a login, registered on first sight; a changed name is taken over.

        Being heard from lifts the mark of one who had blocked the bot.
        """
        name = one_line(name)[:NAME_LENGTH].rstrip() or str(user_id)
        person = self._store.person(user_id)
        if person is None:
            return self._store.add_person(Person(user_id, name, username, language_of(language_code), now))
        if (person.name, person.username, person.unreachable) == (name, username, False):
            return person
        return self._change(person, name=name, username=username, unreachable=False)

    def set_language(self, user_id: int, language: str) -> Person:
        """`ru` or `en`; raises Invalid."""
        if language not in LANGUAGES:
            raise Invalid("language", "choice")
        return self._update(user_id, language=language)

    def mark_unreachable(self, user_id: int) -> None:
        """Telegram says that the person blocked the bot: no notices until they are heard from."""
        self._update(user_id, unreachable=True)

    def subscribe(self, user_id: int, request_id: str, now: datetime) -> Person:
        """30 days of the right to sell, from the wallet; the same `request_id` is paid once.

        Raises Blocked, InDebt, InsufficientFunds.
        """
        price = self._business.subscription

        def attempt(_: int) -> Person:
            before, wallet = self._known(user_id), self._debts.settle(user_id, XTR, now)
            transfer = subscription_from_wallet(wallet, price, request_id, now)
            after = extend_subscription(before, transfer.id, now)
            assert after.subscribed_until is not None
            unit = self._store.unit()
            unit.save_person(before, after)
            unit.post(transfer)
            unit.change_wallet(WalletChange.take(wallet, price, wallet.out_of_bought(price)), in_good_standing=True)
            unit.emit(SubscriptionStarted(f"subscribed:{transfer.id}", now, user_id, after.subscribed_until))
            try:
                unit.commit()
            except Refused as refused:
                if refused.blames("transfer"):
                    return self._known(user_id)
                if refused.blames("wallet"):
                    wallet = refused.current("wallet") or Wallet.empty(user_id, XTR)
                    if wallet.covered:
                        raise Stale from refused
                    wallet.require_standing()
                    wallet.require(price)
                raise Stale from refused
            return after

        return with_retries(attempt)

    def end_subscriptions(self, now: datetime) -> int:
        """Tell those whose subscription ran out; answers how many.

        Raises an ExceptionGroup after doing what it could.
        """
        due = self._store.due_subscriptions(now, SWEEP_LIMIT)
        return sum(each("subscriptions not ended", due, lambda user_id: self._end_subscription(user_id, now)))

    def _end_subscription(self, user_id: int, now: datetime) -> bool:
        before = self._known(user_id)
        until = before.subscribed_until
        if until is None or until > now:
            return False
        unit = self._store.unit()
        unit.save_person(before, replace(before, subscribed_until=None, version=before.version + 1))
        unit.emit(SubscriptionEnded(f"subscription-ended:{user_id}:{int(until.timestamp())}", now, user_id))
        try:
            unit.commit()
        except Refused:
            return False
        return True

    def _known(self, user_id: int) -> Person:
        person = self._store.person(user_id, consistent=True)
        if person is None:
            raise LookupError(f"person {user_id} was never registered")
        return person

    def _update(self, user_id: int, **changes: object) -> Person:
        return with_retries(lambda _: self._save(self._known(user_id), **changes))

    def _change(self, person: Person, **changes: object) -> Person:
        try:
            return self._save(person, **changes)
        except (Stale, Contended):
            return self._update(person.id, **changes)

    def _save(self, before: Person, **changes: object) -> Person:
        after = replace(before, version=before.version + 1, **changes)  # type: ignore[arg-type]
        unit = self._store.unit()
        unit.save_person(before, after)
        try:
            unit.commit()
        except Refused as refused:
            raise Stale from refused
        return after
