"""The market of the random acts: how it opens, what must hold after each act, and how it ends."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant

from starbid.domain.auction import Auction, Ending
from starbid.domain.deals import Deal, DealState
from starbid.domain.errors import BidTooLow, InDebt, StarbidError
from starbid.domain.kinds import kind_of
from starbid.domain.lots import Draft
from starbid.domain.money import CURRENCIES as KNOWN
from starbid.domain.money import XTR
from starbid.domain.payments import ChargeState
from starbid.domain.wallet import Wallet
from starbid.services.ports import Contended, StarTransaction
from tests.property.contract import least_bid, outcome
from tests.support.desk import deciding
from tests.support.factories import draft, join
from tests.support.fakes import START, Death, make_app
from tests.support.fiat import RUB, rub, top_up
from tests.support.figures_oracle import assert_figures
from tests.support.invariants import assert_invariants, dump_of

SELLERS = (100, 200)
PEOPLE = (1, 2, 3, *SELLERS)
ADMIN = 900
WINDOWS = (0, 30, 120, 3_600)
CURRENCIES = (XTR, RUB)
GOODS = {currency: KNOWN[currency].goods for currency in CURRENCIES}
people = st.sampled_from(PEOPLE)
picks = st.integers(0, 10**6)
faults = st.sampled_from(["none"] * 6 + ["contended", "contended for long", "death before", "death after"])
EXPECTED = (StarbidError, Contended, Death, TimeoutError, ExceptionGroup)
"""Errors that an act may end with; anything else is a bug."""


def minor(units: int, currency: str) -> int:
    """Minor units of about so many whole ones: kopecks that are no whole roubles show what is rounded, and how."""
    return units if KNOWN[currency].is_whole else 100 * units + units % 100


class OpenMarket(RuleBasedStateMachine):
    """Everything but the acts."""

    @initialize(
        reserves=st.lists(st.none() | st.integers(0, 300), min_size=1, max_size=3), window=st.sampled_from(WINDOWS)
    )
    def open_market(self, reserves: list[int | None], window: int) -> None:
        self.app = make_app()
        self.paid: list[tuple[int, str, str, int]] = []
        self.bills: list[str] = []
        self.prices: dict[str, int] = {}
        self.requests: set[tuple[int, int]] = set()
        for who in PEOPLE:
            join(self.app, who, subscribed_until=START + timedelta(days=365) if who in SELLERS else None)
            self._pay(who, 1_000, f"first-{who}")
            self.bills.append(top_up(self.app, who, rub(100_000)).id)
        self._have_a_past()
        for number, reserve in enumerate(reserves):
            wanted = self._draft("english", 100, reserve, 200, None, 3_600, window, 7_200, CURRENCIES[number % 2])
            self.app.publishing.publish(SELLERS[number % 2], wanted, (), f"first{number}", self.app.now())

    # --- what holds ---------------------------------------------------------------------------------------------------

    @invariant()
    def the_books_add_up(self) -> None:
        assert_invariants(dump_of(self.app.store))

    @invariant()
    def prices_follow_the_rules(self) -> None:
        for lot in self._lots():
            maximum, reserve = lot.leader_maximum, lot.terms.reserve_price
            if lot.terms.kind != "english":
                continue
            assert (
                lot.ends_at <= lot.scheduled_end or lot.extended_by.total_seconds() <= lot.terms.max_extension_seconds
            )
            if maximum is not None:
                assert lot.terms.start_price <= lot.price <= maximum
                assert reserve is None or maximum < reserve or lot.price >= reserve
            if lot.bids_count and lot.ending is not Ending.SOLD:
                assert lot.price.amount >= self.prices.get(lot.id, 0)
                self.prices[lot.id] = lot.price.amount

    @invariant()
    def the_fee_is_a_part_of_the_price_rounded_down_in_minor_units(self) -> None:
        percent = self.app.settings.business.fee_percent
        assert all(deal.fee.amount == deal.price.amount * percent // 100 for deal in self._deals())

    @invariant()
    def a_lot_its_bids_and_its_deal_are_in_one_currency(self) -> None:
        lots = self.app.store.tables.auctions
        assert all(row.maximum.currency == lots[row.auction_id].currency for row in self.app.store.tables.bids.values())
        assert all(deal.price.currency == lots[deal.auction_id].currency for deal in self._deals())

    @invariant()
    def a_request_to_subscribe_is_paid_once(self) -> None:
        paid = [t for t in self.app.store.tables.transfers.values() if t.kind == "subscription"]
        assert len(paid) <= len(self.requests)

    @invariant()
    def nothing_is_delivered_to_who_owes(self) -> None:
        for deal in self._deals():
            assert deal.frozen_at is None or (deal.is_undelivered and deal.delivered_at is None)

    @invariant()
    def what_was_refunded_at_telegram_is_not_in_a_wallet(self) -> None:
        charges = self.app.store.tables.charges
        assert all(charges[charge].state != "credited" for charge in self.app.stars.refunded)

    def teardown(self) -> None:
        """In the end everything is finished: no hold and no escrow is left, and everybody was told everything once."""
        if not hasattr(self, "app"):
            return
        app = self.app
        for fake in (app.store, app.scheduler, app.stars, app.messenger):
            fake.heal()
        app.store.lag = False
        for _ in range(3):
            for deal in app.dealing.open_disputes():
                app.dealing.resolve(deciding("so be it", app.now()), deal.auction_id, deal.auction_id < "i")
            app.clock.forward(days=31, seconds=2)
            assert app.reconciling.compare(app.now(), lambda: True, lambda _: None)
            app.closing.sweep(app.now())
            app.dealing.sweep(app.now())
            app.second_chance.sweep(app.now())
            app.follow_debts()
            app.refunding.finish_refunds(app.now())
        assert_invariants(dump_of(app.store))
        of_stars = {name: charge for name, charge in app.store.tables.charges.items() if name not in self.bills}
        here = {name: charge.state is not ChargeState.REFUNDED for name, charge in of_stars.items()}
        gone = {each.id for each in app.stars.listed if not each.incoming}
        assert here == {name: name not in gone for _, name, _, _ in self.paid}, "not as it is at Telegram"
        assert not any(wallet.held for wallet in app.store.tables.wallets.values())
        assert all(lot.ending is not Ending.OPEN for lot in self._lots())
        assert all(deal.state in ("completed", "refunded") for deal in app.store.tables.deals.values())
        assert not app.refunding.finish_refunds(app.now())
        assert_figures(app, app.now())
        app.run_streams()
        told = [notice.id for _, notice, _ in app.messenger.told]
        assert len(told) == len(set(told))

    # --- for the acts -------------------------------------------------------------------------------------------------

    def _have_a_past(self) -> None:
        """2 won four lots of 100's before 1: one waits, one is done, one was refunded, one is offered to 1."""
        app, dealing = self.app, self.app.dealing
        lots = [self._sell(f"past{number}") for number in range(4)]
        dealing.deliver(100, lots[1], "the key", app.now())
        dealing.confirm(2, lots[1], app.now())
        for lot in lots[2:]:
            dealing.dispute(2, lot, "no", app.now())
            dealing.resolve(deciding("so be it", app.now()), lot, False)
        app.second_chance.offer(100, lots[3], app.now())

    def _sell(self, request: str) -> str:
        app = self.app
        lot = app.publishing.publish(
            100, self._draft("english", 10, None, None, None, 60, 0, 0), (), request, app.now()
        ).auction.id
        app.bidding.bid(lot, 1, 50, app.now(), confirmed=True)
        app.bidding.bid(lot, 2, 70, app.now(), confirmed=True)
        app.clock.forward(seconds=62)
        app.closing.close(lot, app.now())
        return lot

    def _draft(
        self,
        kind: str,
        start: int,
        reserve: int | None,
        buy_now: int | None,
        step: int | None,
        seconds: int,
        window: int,
        most: int,
        currency: str = XTR,
    ) -> Draft:
        """`reserve` and `buy_now` count from their minimum. Amounts are in whole units."""
        start = minor(start, currency)
        reserve, buy_now, step = (None if each is None else minor(each, currency) for each in (reserve, buy_now, step))
        changes = {"goods": GOODS[currency], "currency": currency}
        least, hidden = start + (reserve or 0), None if reserve is None else start + reserve
        if kind == "dutch":
            falls = {"floor_price": 1, "drop_amount": start, "drop_seconds": 59}
            return draft(self.app.now(), type=kind, start_price=start, duration_seconds=seconds, **falls, **changes)
        if kind != "english":
            fields = {"start_price": start, "reserve_price": hidden, "duration_seconds": seconds}
            return draft(self.app.now(), type=kind, **fields, **changes)
        return draft(
            self.app.now(),
            **changes,
            start_price=start,
            reserve_price=hidden,
            buy_now_price=None if buy_now is None else least + buy_now,
            bid_step=step,
            duration_seconds=seconds,
            extend_seconds=window,
            max_extension_seconds=most,
        )

    def _lots(self) -> list[Auction]:
        return list(self.app.store.tables.auctions.values())

    def _open(self) -> list[Auction]:
        return [lot for lot in self._lots() if lot.ending is Ending.OPEN]

    def _led(self) -> list[Auction]:
        return [lot for lot in self._open() if lot.leader_id is not None]

    def _deals(self) -> list[Deal]:
        return list(self.app.store.tables.deals.values())

    def _deal(self, pick: int, *states: DealState) -> Deal:
        """Mostly one in these states, sometimes another."""
        deals = self._deals()
        wanted = deals if pick % 5 == 0 else [deal for deal in deals if deal.state in states] or deals
        return wanted[pick % len(wanted)]

    def _pick(self, pick: int) -> Auction:
        """Mostly open lots, sometimes others."""
        lots = self._lots() if pick % 5 == 0 else self._open() or self._lots()
        return lots[pick % len(lots)]

    def _bid(self, lot: Auction, who: int, amount: int, fault: str) -> None:
        due, tables = lot.is_due(self.app.now()), self.app.store.tables
        wallet = tables.wallets.get((who, lot.currency)) or Wallet.empty(who, lot.currency)
        with self._act(fault, changes_nothing_if_refused=not due):
            try:
                accepted = self.app.bidding.bid(
                    lot.id, who, amount, self.app.now(), card_version=lot.card_version, confirmed=True
                )
            except BidTooLow as refusal:
                self._check_too_low(lot, who, amount, refusal.next_min.amount)
                raise
            except InDebt as refusal:
                self._check_owed(lot, refusal)
                raise
            assert not wallet.blocked
            assert not wallet.owes
            assert who != lot.seller_id
            assert lot.starts_at <= self.app.now() < lot.ends_at
            assert accepted.auction.card_version == lot.card_version
            if kind_of(lot).is_sealed:
                assert accepted.auction.price == lot.terms.start_price
                return
            assert amount >= least_bid(lot, who)
            assert (accepted.auction.leader_id, accepted.auction.price.amount) == outcome(lot, who, amount)

    @staticmethod
    def _check_owed(lot: Auction, refusal: InDebt) -> None:
        """A debt bars bids in its own currency (spec, section 2)."""
        assert refusal.owed.currency == lot.currency

    def _check_too_low(self, lot: Auction, who: int, amount: int, next_min: int) -> None:
        """Too low it was; the least bid that is named may be behind where the read was, and is never too high."""
        if kind_of(lot).is_sealed:  # `holds` and the soak look at those
            return
        least = least_bid(lot, who)
        assert amount < least
        assert next_min <= least if self.app.store.lag else next_min == least

    def _pay(self, who: int, stars: int, charge: str) -> None:
        _, payload = self.app.paying.order_stars(who, stars, self.app.now())
        self._is_paid(who, charge, payload, stars)
        self.app.paying.credit(who, charge, payload, stars, "XTR", self.app.now())

    def _is_paid(self, who: int, charge: str, payload: str, stars: int) -> None:
        """Paid at Telegram, not reported to us yet."""
        self.paid.append((who, charge, payload, stars))
        now = self.app.now()
        self.app.stars.listed.append(StarTransaction(charge, stars, now, incoming=True, payer_id=who, payload=payload))

    @contextmanager
    def _act(self, fault: str, *, changes_nothing_if_refused: bool = False) -> Iterator[None]:
        """Do something under a fault; afterwards the fault is gone."""
        store, before = self.app.store, self.app.store.tables.snapshot()
        planted: dict[str, dict[str, Any]] = {
            "contended": {"error": Contended(), "times": 1},
            "contended for long": {"error": Contended(), "times": 4},
            "death before": {"error": Death()},
            "death after": {"error": Death(), "after": True},
        }
        if fault in planted:
            store.fail_next(**planted[fault])
        try:
            yield
        except StarbidError:
            assert not changes_nothing_if_refused or store.tables == before
        except EXPECTED:
            pass
        finally:
            store.heal()
            self.app.scheduler.heal()
