"""The last seconds of lots: real use cases in many functions at once, in virtual time, which die, fail and stand still.

Everybody who bids is a function of their own; so is each message to the closer, each visitor and each sweep.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from random import Random
from typing import Any

from bench.crowd.virtual import VirtualTime
from starbid.domain.auction import Auction
from starbid.domain.errors import Conflict, StarbidError
from starbid.domain.intents import Memory, Wish
from starbid.domain.kinds import kind_of
from starbid.domain.money import CURRENCIES, XTR
from starbid.domain.payments import ChargeState
from starbid.services.idempotency import MakeRecord, once
from starbid.services.ports import Contended, Unavailable
from tests.support.desk import deciding
from tests.support.factories import SELLER, draft, join, pay
from tests.support.failing import Death
from tests.support.fakes import FakeApp
from tests.support.fiat import RUB, rub, top_up
from tests.support.there import there

from .parts import ADMIN
from .rush_functions import Called, Life, Weather
from .rush_store import Delays, RushIntents, RushStore

KINDS: dict[str, dict[str, Any]] = {
    "english": {"extend_seconds": 10, "max_extension_seconds": 30},
    "english with a reserve": {"reserve_price": 260, "buy_now_price": 400, "extend_seconds": 5},
    "english at fixed steps": {"bid_step": 7, "buy_now_price": 150, "extend_seconds": 0},
    "sealed": {"type": "sealed", "reserve_price": 150},
    "vickrey": {"type": "vickrey"},
    "dutch": {"type": "dutch", "floor_price": 40, "drop_amount": 5, "drop_seconds": 8},
}
WEATHERS = (
    Weather("calm"),
    Weather("calm, clocks apart, late reads", stale=0.3, skewed=True),
    Weather("deaths", deaths=0.3, stale=0.2, skewed=True),
    Weather("a plague", deaths=0.7, skewed=True),
    Weather("stalls and thefts", stalls=0.01, thefts=0.1, skewed=True),
    Weather("faults", faults=0.03, stale=0.2),
    Weather("impatience", deaths=0.2, stalls=0.01, faults=0.01, skewed=True, patience=0.2),
    Weather("all", deaths=0.2, faults=0.02, stalls=0.005, stale=0.2, thefts=0.05, skewed=True),
)
MONEY = (1, 300, 1_000, 5_000, 5_000, 9_000)
"""What people have, in Stars and in kopecks."""
LASTS, BEFORE = 120, (6.0, 6.0, 90.0)
"""Seconds of a lot, and of its end that are lived through: bids come in the first of them."""
AGAIN_SECONDS, RECEIVES = 180, 5
"""When a message comes again that was not done with, and how often."""
SWEEPS = range(60, 960, 60)
REPEATS = 4
EXPECTED = (StarbidError, Contended, Unavailable)


@dataclass(frozen=True)
class Request:
    """What somebody wants; who and when make it known. `key`: of its repetitions."""

    lot: str
    who: int
    wish: Wish
    amount: int
    arrived_at: datetime
    card_version: int | None
    key: str | None


@dataclass(frozen=True)
class Answer:
    """`number` in the log, or the code of a refusal; neither where nobody knows, or the function died.

    `began`, `ended` and `stalled` are seconds.
    """

    request: Request
    number: int | None
    code: str | None
    began: float
    ended: float
    stalled: float
    died: bool = False

    @property
    def is_unknown(self) -> bool:
        return self.number is None and self.code is None


class FunctionApp(FakeApp):
    """An App by the clock of its function."""

    def now(self) -> datetime:
        return self.pace.now()


class Rush:
    """One or two lots in their last seconds."""

    def __init__(self, dice: Random, weather: Weather) -> None:
        self.dice, self.weather, self.met = dice, weather, Counter[str]()
        self.before = dice.choice(BEFORE)
        self.store = RushStore(dice, weather)
        self.intents = RushIntents(self.store)
        self.answers: list[Answer] = []
        self.troubled: set[str] = set()
        """Lots whose messages did not all do their work."""
        calm = FakeApp(store=self.store, intents=self.intents)
        self.people = tuple(range(1, dice.choice((2, 4, 8, 14, 24)) + 1))
        for who in self.people:
            join(calm, who, stars=dice.choice(MONEY))
            top_up(calm, who, rub(dice.choice(MONEY)))
        join(calm, SELLER, seller=True, stars=500)
        join(calm, ADMIN)
        self.lots = [self._put_up(calm, number) for number in range(dice.choice((1, 1, 2)))]
        self.first = {lot.id: lot for lot in self.lots}
        self.time = self.store.time = VirtualTime(self.lots[0].ends_at - timedelta(seconds=self.before))
        self.delays = Delays(dice, self._deliver)
        self.nobody_is_alone = dice.random() < 0.5
        self.most_intents, self.most_items = dice.choice(((48, 100), (48, 20), (4, 100)))
        for lot in self.lots:
            self.store.states[lot.id].append((-1.0, lot))
        for wallet in self.store.tables.wallets.values():
            self.store.purses[wallet.user_id, wallet.currency] = [(-1.0, wallet)]

    def _put_up(self, calm: FakeApp, number: int) -> Auction:
        currency = self.dice.choice((XTR, XTR, RUB))
        fields = {"goods": CURRENCIES[currency].goods, "currency": currency} | KINDS[self.dice.choice(list(KINDS))]
        terms = draft(calm.now(), duration_seconds=LASTS, **fields)
        return calm.publishing.publish(SELLER, terms, (), f"rush-{number}", calm.now()).auction

    def run(self) -> None:
        """Raises what is no refusal and no failure."""
        for request in self._requests():
            late = self.dice.choice((0.0, 0.01, 0.05, 0.05, 1.5)) * self.dice.random()
            self.time.at(self._second(request.arrived_at) + late, partial(self._visit, request))
        for lot in self.lots:
            self.time.at(self.before - 3, partial(self._message, "close", lot.id))
            for _ in range(self.dice.randrange(4)):
                self.time.at(self.before + self.dice.uniform(1, 5), partial(self._come_upon, lot.id))
        for act, often in ((self._pay, 0.5), (self._take_back, 0.25), (self._cancel, 0.1), (self._block, 0.15)):
            if self.dice.random() < often:
                self.time.at(BEFORE[0] + self.dice.uniform(-5, 1), act)
        for second in SWEEPS:
            self.time.at(second, self._sweep)
        self.time.run()

    def _second(self, at: datetime) -> float:
        return (at - self.time.begin).total_seconds()

    def _requests(self) -> list[Request]:
        """In bursts, mostly shortly before the end or long before it; nobody sends two in a millisecond."""
        dice, made = self.dice, dict[tuple[int, datetime], Request]()
        centres = [dice.choice((-0.05, 0.0, 0.3, -dice.uniform(0, 1), *[-dice.uniform(0, 4)] * 3)) for _ in range(3)]
        for _ in range(len(self.people) * dice.choice((1, 2, 3))):
            lot, who = dice.choice(self.lots), dice.choice((*self.people, *self.people, SELLER))
            after = dice.choice(centres) + dice.uniform(0, 0.1) if dice.random() < 0.9 else dice.uniform(-4, 12)
            after -= self.before - BEFORE[0]
            arrived_at = lot.ends_at + timedelta(milliseconds=round(after * 1000))
            wish = Wish.BUY if lot.terms.kind == "dutch" or dice.random() < 0.03 else Wish.BID
            amount = dice.choice((100, 150, 260, 400, dice.randrange(60, 500), *[dice.randrange(100, 3_000)] * 3))
            if wish is Wish.BUY:
                price = kind_of(lot).view(lot, arrived_at).buy_now_price
                amount = max(1, (price.amount if price else 100) + dice.choice((0, 0, 0, 5, -5)))
            key = f"key-{len(made)}" if dice.random() < 0.4 else None
            version = dice.choice((None, lot.card_version))
            made.setdefault((who, arrived_at), Request(lot.id, who, wish, amount, arrived_at, version, key))
        return list(made.values())

    # --- functions ----------------------------------------------------------------------------------------------------

    def _app(self, weather: Weather | None = None) -> tuple[FunctionApp, Life]:
        life = Life(self.time, self.dice, weather or self.weather, self.met)
        app = FunctionApp(
            store=Called(self.store, life),
            intents=Called(self.intents, life),
            scheduler=Called(self.delays, life, quiet=True),
            catalogue=Called(self.store.catalogue, life),
            pace=life,
        )
        return app, life

    def _visit(self, request: Request, tries: int = 1) -> None:
        app, life = self._app()
        began, number, code, died = self.time.elapsed(), None, None, False
        try:
            number, code = _ask(app, request)
        except Death:
            died = True
        except (Unavailable, Contended):
            pass
        except StarbidError as refusal:
            code = refusal.code
        answer = Answer(request, number, code, began, self.time.elapsed(), life.stalled, died)
        self.answers.append(answer)
        again = answer.is_unknown or (code != Conflict.code and self.dice.random() < 0.1)
        if request.key and tries < REPEATS and again:
            later = self.time.elapsed() + self.dice.uniform(0, 3)
            self.time.at(later, partial(self._visit, request, tries + 1))

    def _deliver(self, what: str, lot_id: str, seconds: float) -> None:
        self.time.at(self.time.elapsed() + seconds, partial(self._message, what, lot_id))

    def _message(self, what: str, lot_id: str, receives: int = 1) -> None:
        app, _ = self._app()
        try:
            (app.closing.wake if what == "close" else app.closing.drain)(lot_id, app.now())
        except (*EXPECTED, Death):
            self.troubled.add(lot_id)
            self.met[f"failed {what}"] += 1
            if receives < RECEIVES:
                again = partial(self._message, what, lot_id, receives + 1)
                self.time.at(self.time.elapsed() + AGAIN_SECONDS, again)

    def _come_upon(self, lot_id: str) -> None:
        app, _ = self._app()
        self._forgiven(lambda: app.closing.close_if_due(app.store.auction(lot_id), app.now()))

    def _sweep(self) -> None:
        """Runs in good weather in the end: everything is settled."""
        late = self.time.elapsed() > SWEEPS[-3]
        app, _ = self._app(Weather("calm") if late else None)
        self._forgiven(lambda: app.closing.sweep(app.now()))

    def _pay(self) -> None:
        app, _ = self._app()
        for who in self.dice.sample(self.people, 2):
            self._forgiven(partial(pay, app, who, self.dice.randrange(1, 500), f"rush-{who}"))

    def _take_back(self) -> None:
        """A provider takes back a payment; what was spent or held of it is a debt."""
        app, _ = self._app()
        paid = [charge for charge in self.store.tables.charges.values() if charge.state is ChargeState.CREDITED]
        charge = self.dice.choice(paid)
        self._forgiven(lambda: app.refunding.take_back(charge.id, app.now()))

    def _cancel(self) -> None:
        app, _ = self._app()
        self._forgiven(
            lambda: app.publishing.cancel(ADMIN, self.lots[0].id, app.now(), decision=deciding("stolen", app.now()))
        )

    def _block(self) -> None:
        self.store.block(self.dice.choice(self.people))

    def _forgiven(self, work: Callable[[], object]) -> None:
        try:
            work()
        except (*EXPECTED, Death):
            self.met["failed in passing"] += 1
        except ExceptionGroup as group:
            if group.split(EXPECTED)[1]:
                raise


def _ask(app: FakeApp, request: Request) -> tuple[int | None, str | None]:
    """A number in the log, or the code of a refusal that is remembered; raises what is not."""

    def act(make_record: MakeRecord[Any] | None) -> int:
        lot, who, amount, version = request.lot, request.who, request.amount, request.card_version
        if request.wish is Wish.BUY:
            bought = app.bidding.buy(lot, who, amount, request.arrived_at, make_record, card_version=version)
            return there(bought.bid).number
        at = request.arrived_at
        return app.bidding.bid(lot, who, amount, at, make_record, card_version=version, confirmed=True).bid.number

    if request.key is None:
        return act(None), None
    memory = Memory(request.key, request.key)
    told = once(
        app.store,
        memory,
        lambda memory: {"number": act(MakeRecord(memory, lambda outcome: {"number": outcome.bid.number}))},
        lambda refusal: {"code": refusal.code},
        lambda _, number: {"number": number},
    )
    return told.get("number"), told.get("code")
