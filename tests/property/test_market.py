"""A random market: the invariants hold after each step of people, clocks, payments and crashes.

The store may lag, contend, or lose the process before or after a commit; the scheduler and Telegram may fail too.
"""

from __future__ import annotations

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from starbid.domain.kinds import is_hidden
from starbid.domain.money import XTR, Money
from starbid.domain.payments import Order, Provider, Purpose
from tests.property.deal_acts import DealActs
from tests.property.market import ADMIN, CURRENCIES, PEOPLE, SELLERS, WINDOWS, faults, minor, people, picks
from tests.support.desk import deciding
from tests.support.fakes import Death
from tests.support.fiat import RUB, rub, top_up

pytestmark = pytest.mark.timeout(7_200)  # a soak runs long

sellers = st.sampled_from(SELLERS)
amounts = st.integers(1, 900)
currencies = st.sampled_from(CURRENCIES)


class Market(DealActs):
    """Acts choose by a number, so that a sequence stays short when it is shrunk."""

    # --- lots ---------------------------------------------------------------------------------------------------------

    @rule(
        seller=sellers,
        request=st.integers(0, 12),
        kind=st.sampled_from(["english", "english", "dutch", "sealed", "vickrey"]),
        start=st.integers(1, 300),
        reserve=st.none() | st.integers(0, 300),
        buy_now=st.none() | st.integers(0, 300),
        step=st.none() | st.integers(1, 50),
        seconds=st.integers(60, 4_000),
        window=st.sampled_from(WINDOWS),
        most=st.sampled_from([0, 60, 7_200]),
        currency=currencies,
        fault=faults,
    )
    def publish(
        self,
        seller: int,
        request: int,
        kind: str,
        start: int,
        reserve: int | None,
        buy_now: int | None,
        step: int | None,
        seconds: int,
        window: int,
        most: int,
        currency: str,
        fault: str,
    ) -> None:
        wanted = self._draft(kind, start, reserve, buy_now, step, seconds, window, most, currency)
        with self._act(fault):
            self.app.publishing.publish(seller, wanted, (), f"r{request}", self.app.now())

    @precondition(lambda self: self._lots())
    @rule(pick=picks, start=st.integers(1, 300), seconds=st.integers(60, 4_000), fault=faults)
    def edit(self, pick: int, start: int, seconds: int, fault: str) -> None:
        lot = self._pick(pick)
        change = self._draft("english", start, None, None, None, seconds, 120, 7_200, lot.currency)
        self.prices.pop(lot.id, None)
        with self._act(fault):
            self.app.publishing.edit(lot.seller_id, lot.id, change, (), self.app.now())

    @precondition(lambda self: len(self._open()) > 1)
    @rule(pick=picks, by_admin=st.booleans(), fault=faults)
    def cancel(self, pick: int, by_admin: bool, fault: str) -> None:
        lot = self._pick(pick)
        who = ADMIN if by_admin else lot.seller_id
        with self._act(fault):
            decision = deciding("stolen", self.app.now()) if by_admin else None
            self.app.publishing.cancel(who, lot.id, self.app.now(), decision=decision)

    @precondition(lambda self: self._lots())
    @rule(pick=picks, who=people, over=st.integers(-5, 400), fault=faults)
    def bid_near_the_price(self, pick: int, who: int, over: int, fault: str) -> None:
        lot = self._pick(pick)
        self._bid(lot, who, lot.price.amount + minor(over, lot.currency), fault)

    @precondition(lambda self: self._lots())
    @rule(pick=picks, who=people, amount=amounts, fault=faults)
    def bid_anything(self, pick: int, who: int, amount: int, fault: str) -> None:
        lot = self._pick(pick)
        self._bid(lot, who, minor(amount, lot.currency), fault)

    @precondition(lambda self: self._led())
    @rule(pick=picks, more=st.integers(-2, 200), fault=faults)
    def raise_own_or_match(self, pick: int, more: int, fault: str) -> None:
        led = self._led()
        lot = led[pick % len(led)]
        assert lot.leader_id is not None
        assert lot.leader_maximum is not None
        who = lot.leader_id if pick % 2 else PEOPLE[pick % len(PEOPLE)]
        self._bid(lot, who, lot.leader_maximum.amount + minor(more, lot.currency), fault)

    @precondition(lambda self: self._lots())
    @rule(pick=picks, who=people, fault=faults)
    def buy(self, pick: int, who: int, fault: str) -> None:
        lot = self._pick(pick)
        price = lot.terms.buy_now_price or lot.price
        with self._act(fault, changes_nothing_if_refused=not lot.is_due(self.app.now())):
            self.app.bidding.buy(lot.id, who, price.amount, self.app.now())

    # --- time ---------------------------------------------------------------------------------------------------------

    @rule(seconds=st.sampled_from([0.001, 1, 29, 60, 119, 600]))
    def wait(self, seconds: float) -> None:
        self.app.clock.forward(seconds=seconds)

    @precondition(lambda self: self._open())
    @rule(pick=picks, before=st.sampled_from([0.001, 1, 30, 60]))
    def wait_for_an_end(self, pick: int, before: float) -> None:
        lot = self._open()[pick % len(self._open())]
        left = (lot.ends_at - self.app.now()).total_seconds() - before
        self.app.clock.forward(seconds=max(0.0, round(left, 3)))

    @precondition(lambda self: not self._open())
    @rule(days=st.sampled_from([1, 3, 7]))
    def wait_for_deals(self, days: int) -> None:
        self.app.clock.forward(days=days)

    @rule(fault=faults, scheduler_dies=st.booleans())
    def wake_what_is_due(self, fault: str, scheduler_dies: bool) -> None:
        if scheduler_dies:
            self.app.scheduler.fail_next(Death())
        with self._act(fault):
            self.app.scheduler.fire(self.app)

    @rule(fault=faults)
    def sweep(self, fault: str) -> None:
        for sweep in (
            self.app.closing.sweep,
            self.app.dealing.sweep,
            self.app.second_chance.sweep,
            self.app.people.end_subscriptions,
            self.app.refunding.finish_refunds,
        ):
            with self._act(fault):
                sweep(self.app.now())

    @precondition(lambda self: self._lots())
    @rule(pick=picks, who=people)
    def look(self, pick: int, who: int) -> None:
        view = self.app.browsing.lot(self._pick(pick).id, who, self.app.now())
        sealed = is_hidden(view.lot.auction)
        assert view.your_maximum is None or view.you_lead or sealed
        assert not (sealed and (view.leader or view.you_lead or view.reserve_met))

    @rule()
    def lag(self) -> None:
        """From now on inconsistent reads see the present state, until they catch up again."""
        self.app.store.lag = not self.app.store.lag

    # --- payments -----------------------------------------------------------------------------------------------------

    @rule(
        who=people,
        stars=amounts,
        subscription=st.booleans(),
        told=st.sampled_from(["", "", "", "overtaken", "overtaken", "never"]),
        fault=faults,
    )
    def pay(self, who: int, stars: int, subscription: bool, told: str, fault: str) -> None:
        """A new payment; if `overtaken`, the report of its refund comes first.

        Its invoice may be from before a block: a blocked person gets none.
        """
        paying, now, purpose = self.app.paying, self.app.now(), Purpose.SUBSCRIPTION if subscription else Purpose.STARS
        order = Order(
            f"{len(self.paid):016x}", Provider.STARS, purpose, who, Money(100 if subscription else stars, XTR)
        )
        charge = (who, f"c{len(self.paid)}", order.payload(self.app.settings.secret_key), order.amount.amount)
        self._is_paid(*charge)
        if told == "never":
            return
        if told == "overtaken":
            self.app.stars.list_refund(charge[1])
        with self._act(fault):
            (self.app.refunding.taken_back if told == "overtaken" else paying.credit)(*charge, "XTR", now)

    @rule(who=people, units=amounts, fault=faults)
    def pay_a_bill(self, who: int, units: int, fault: str) -> None:
        bill_id = f"bill{len(self.bills)}"
        self.bills.append(bill_id)
        with self._act(fault):
            top_up(self.app, who, rub(minor(units, RUB)), bill_id)

    @rule(pick=picks, fault=faults)
    def charge_a_bill_back(self, pick: int, fault: str) -> None:
        bill_id = self.bills[pick % len(self.bills)]
        if bill_id in self.app.store.tables.charges:
            with self._act(fault):
                self.app.refunding.take_back(bill_id, self.app.now())

    @rule(pick=picks, taken_back=st.booleans(), heard=st.sampled_from([True, True, False]), fault=faults)
    def hear_of_a_payment(self, pick: int, taken_back: bool, heard: bool, fault: str) -> None:
        """Telegram repeats a report, or takes a payment back and reports it, unless the report is lost."""
        charge = self.paid[pick % len(self.paid)]
        if taken_back:
            self.app.stars.list_refund(charge[1])
        if not heard:
            return
        with self._act(fault):
            (self.app.refunding.taken_back if taken_back else self.app.paying.credit)(*charge, "XTR", self.app.now())

    @rule(fault=faults, pages=st.integers(0, 2), telegram_dies=st.booleans())
    def compare(self, fault: str, pages: int, telegram_dies: bool) -> None:
        """With Telegram's list, as far as the time allows."""
        left = iter([True] * pages)
        if telegram_dies:
            self.app.stars.fail_next(Death())
        with self._act(fault):
            self.app.reconciling.compare(self.app.now(), lambda: next(left, False), lambda _: None)
        self.app.stars.heal()

    @rule(
        pick=picks,
        telegram=st.sampled_from(["answers", "answers", "refuses", "times out", "answers, and nobody hears it"]),
        fault=faults,
    )
    def refund(self, pick: int, telegram: str, fault: str) -> None:
        who, charge, _, _ = self.paid[pick % len(self.paid)]
        stars = self.app.stars
        if telegram == "refuses" and charge not in stars.refunded:
            stars.refusing.add(charge)
        if telegram.startswith(("times out", "answers, ")):
            stars.fail_next(TimeoutError(), after=telegram != "times out")
        with self._act(fault):
            self.app.refunding.refund(who, charge, self.app.now())
        stars.heal()
        stars.refusing.clear()

    @rule(who=people, fault=faults)
    def look_at_the_wallet(self, who: int, fault: str) -> None:
        """Available money pays the debt, whatever its source."""
        with self._act(fault):
            wallets = self.app.debts.offset_all(self.app.store.wallets(who), self.app.now())
            assert self.app.store.lag or fault != "none" or not any(wallet.covered for wallet in wallets)

    @rule(fault=faults)
    def follow_debts(self, fault: str) -> None:
        """The stream of wallets repeats what failed."""
        debtors = self.app.store.take_debtors()
        for who, currency in debtors:
            with self._act(fault):
                self.app.freezing.follow(who, currency, self.app.now())
        self.app.store._debtors |= dict.fromkeys(debtors if fault != "none" else ())

    # --- people -------------------------------------------------------------------------------------------------------

    @rule(who=people, request=st.integers(0, 3), fault=faults)
    def subscribe(self, who: int, request: int, fault: str) -> None:
        self.requests.add((who, request))
        with self._act(fault):
            self.app.people.subscribe(who, f"r{request}", self.app.now())

    @rule(who=people, blocked=st.sampled_from([True, False, False]))
    def block(self, who: int, blocked: bool) -> None:
        self.app.store.block(who, blocked)

    @rule()
    def tell(self) -> None:
        self.app.run_streams()


TestMarket = Market.TestCase
