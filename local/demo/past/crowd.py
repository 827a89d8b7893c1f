"""The people of the demo's past: they come, pay in and subscribe. Chance only says who does what when."""

from __future__ import annotations

import heapq
import math
import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count

from local.demo.lot import DAY, HOUR, MINUTE
from local.demo.past import words
from local.demo.past.books import Books
from starbid.domain.events import SubscriptionStarted
from starbid.domain.money import Money, stars
from starbid.domain.payments import Charge, Provider, Purpose
from starbid.domain.people import Person, extend_subscription, subscription_from_wallet
from starbid.domain.wallet import WalletChange
from starbid.services.billing.crediting import put_into_wallet
from starbid.services.settings import Business

DAYS = 60
FIRST_ID = 990_000_001_001
CRUMBS = (100, 150, 250, 500, 750, 1000)
"""Stars that people pay in."""

Act = Callable[[datetime], None]


@dataclass(frozen=True, slots=True)
class Present:
    """`now` is the present of the run."""

    now: datetime
    business: Business
    public_id: Callable[[int], str]


class Crowd:
    """Who is there, and what is planned to happen."""

    def __init__(self, present: Present) -> None:
        self.books = Books()
        self._present, self._chance, self._numbers = present, random.Random(60), count()
        self._begin = present.now - DAYS * DAY
        self._acts: list[tuple[datetime, int, Act]] = []
        self._sellers: list[int] = []
        self._everybody: list[int] = []

    def _plan(self, at: datetime, act: Act) -> None:
        at = at.replace(microsecond=0)
        heapq.heappush(self._acts, (at, next(self._numbers), act))

    def _some(self, mean: float) -> int:
        """A whole number around `mean`."""
        return math.floor(mean + self._chance.random())

    def _waking_hours(self) -> timedelta:
        return timedelta(minutes=self._chance.triangular(6 * 60, 24 * 60 - 1, 19 * 60))

    def _soon(self, least: timedelta, most: timedelta) -> timedelta:
        return least + (most - least) * self._chance.random() ** 2

    def _join(self, at: datetime) -> None:
        number = len(self._everybody)
        language = "ru" if self._chance.random() < 0.65 else "en"
        first, last = self._chance.choice(words.FIRST[language]), self._chance.choice(words.LAST[language])
        user_id = FIRST_ID + number
        person = Person(
            user_id, f"{first} {last}", f"demo_{number:03}", language, at,
            public_id=self._present.public_id(user_id),
        )  # fmt: skip
        self.books.people[user_id] = person
        self._everybody.append(user_id)
        if self._chance.random() < 0.72:
            self._plan(at + self._soon(2 * MINUTE, 3 * DAY), lambda then: self._pay_in(user_id, then))
        if self._chance.random() < 0.28:
            self._plan(at + self._soon(10 * MINUTE, 2 * DAY), lambda then: self._subscribe(user_id, then))

    def _pay_in(self, user_id: int, at: datetime, least: int = 0) -> None:
        amount = next((crumb for crumb in CRUMBS if crumb >= least and self._chance.random() < 0.5), max(least, 1000))
        charge = Charge(
            f"past-{next(self._numbers)}", Provider.STARS, user_id, stars(amount), Purpose.STARS, None, at
        )  # fmt: skip
        put_into_wallet(self.books, charge, self.books.wallet(user_id, "XTR"), at)  # type: ignore[arg-type]
        if self._chance.random() < 0.12:
            self._pay_a_bill(user_id, at)

    def _pay_a_bill(self, user_id: int, at: datetime) -> None:
        currency = self._present.business.bills.currency
        provider = self._chance.choice((Provider.QIWI, Provider.QIWI, Provider.CRYPTOPAY))
        amount = Money(self._chance.choice((500, 1000, 2500)) * 100, currency)
        charge = Charge(f"past-{next(self._numbers)}", provider, user_id, amount, Purpose.TOP_UP, None, at)
        put_into_wallet(self.books, charge, self.books.wallet(user_id, currency), at)  # type: ignore[arg-type]

    def _subscribe(self, user_id: int, at: datetime) -> None:
        price = self._present.business.subscription
        if self.books.wallet(user_id, "XTR").available < price:
            self._pay_in(user_id, at, price.amount)
        wallet = self.books.wallet(user_id, "XTR")
        transfer = subscription_from_wallet(wallet, price, f"past-{at:%Y%m%d}", at)
        person = extend_subscription(self.books.people[user_id], transfer.id, at)
        self.books.people[user_id] = person
        self.books.post(transfer)
        self.books.change_wallet(WalletChange.take(wallet, price, wallet.out_of_bought(price)))
        until = person.subscribed_until
        assert until
        self.books.emit(SubscriptionStarted(f"subscribed:{transfer.id}", at, user_id, until))
        if user_id not in self._sellers:
            self._sellers.append(user_id)
        if self._chance.random() < 0.8:
            self._plan(until - 2 * HOUR, lambda then: self._subscribe(user_id, then))
