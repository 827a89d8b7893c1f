"""Spec, sections 2 and 3: whatever was bought with money that goes back is taken back, or owed.

Each thing that a payment buys, against each way in which a payment goes back. Whichever way Telegram takes it, what is
left here is the same; a refund of ours is only for what is wholly unused.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest

from starbid.domain.deals import DealState
from starbid.domain.errors import InDebt, InsufficientFunds, StarbidError
from starbid.domain.money import XTR
from starbid.domain.payment_errors import NotRefundable, SpentAlready
from starbid.domain.payments import ChargeState
from starbid.services.ports import StarTransaction
from tests.support.factories import ANNA, BORIS, SELLER, pay, put_up
from tests.support.fakes import FakeApp
from tests.support.invariants import assert_invariants, dump_of

from .purchases import (
    DAYS,
    PRICE,
    a_bid_that_was_beaten,
    a_completed_purchase,
    a_delivered_purchase,
    a_disputed_purchase,
    a_dutch_purchase,
    a_leading_bid,
    a_lot_won,
    a_purchase,
    a_renewal_as_it_begins,
    a_renewal_before_it_begins,
    a_returned_purchase,
    a_sealed_bid,
    a_second_chance,
    days_between_others,
    days_out_of_the_wallet,
    days_that_are_used_up,
    deal_of,
    native_days,
    opened,
    stars,
)

# --- the ways in which it goes back -----------------------------------------------------------------------------------


def by_message(app: FakeApp) -> None:
    app.refunding.taken_back(ANNA, "c", "", PRICE, XTR, app.now())


def by_message_twice(app: FakeApp) -> None:
    for _ in range(2):
        by_message(app)


def by_the_comparison(app: FakeApp) -> None:
    """A message that never came. By the daily comparison a while later, which dates nothing here."""
    app.stars.listed = [StarTransaction("c", PRICE, app.now() - DAYS, incoming=False)]
    assert app.reconciling.compare(app.now(), lambda: True, lambda _: None)


def by_message_and_comparison(app: FakeApp) -> None:
    by_message(app)
    by_the_comparison(app)


def by_message_while_a_refund_is_asked_for(app: FakeApp) -> None:
    """Both read the charge as it was; the message is first."""
    app.store.meanwhile(lambda: by_message(app))
    with pytest.raises(StarbidError):
        app.refunding.refund(ANNA, "c", app.now())
    if app.store.tables.charges["c"].state is ChargeState.CREDITED:  # refused before anything was written
        app.store.heal()
        by_message(app)


WAYS = [
    by_message,
    by_message_twice,
    by_the_comparison,
    by_message_and_comparison,
    by_message_while_a_refund_is_asked_for,
]


# --- what the rules say -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Case:
    """`refusal` is of a refund of ours, None where it is made. Taken back by Telegram it leaves `owed`, `available` and
    `held`, the right to sell for `days` more, and the deal in `deal`, `frozen` or not.
    """

    bought: Callable[[FakeApp], None]
    refusal: type[StarbidError] | None = None
    owed: int = 0
    available: int = 0
    held: int = 0
    days: int = 0
    deal: DealState | None = None
    frozen: bool = False


AWAITING, DELIVERED, DISPUTED = DealState.AWAITING_DELIVERY, DealState.DELIVERED, DealState.DISPUTED
CASES = [
    Case(stars),
    Case(a_bid_that_was_beaten),
    Case(a_returned_purchase, deal=DealState.REFUNDED),
    Case(days_out_of_the_wallet, InsufficientFunds, owed=PRICE, days=30),
    Case(a_leading_bid, InsufficientFunds, owed=PRICE, held=PRICE),
    Case(a_sealed_bid, InsufficientFunds, owed=PRICE, held=PRICE),
    Case(a_purchase, InsufficientFunds, owed=PRICE, deal=AWAITING, frozen=True),
    Case(a_dutch_purchase, InsufficientFunds, owed=PRICE, deal=AWAITING, frozen=True),
    Case(a_lot_won, InsufficientFunds, owed=PRICE, deal=AWAITING, frozen=True),
    Case(a_second_chance, InsufficientFunds, owed=PRICE, deal=AWAITING, frozen=True),
    Case(a_disputed_purchase, InsufficientFunds, owed=PRICE, deal=DISPUTED),
    Case(a_delivered_purchase, InsufficientFunds, owed=PRICE, deal=DELIVERED),
    Case(a_completed_purchase, InsufficientFunds, owed=PRICE, deal=DealState.COMPLETED),
    Case(native_days, NotRefundable),
    Case(a_renewal_before_it_begins, days=1),
    Case(a_renewal_as_it_begins, NotRefundable),
    Case(days_between_others, days=40),
    Case(days_that_are_used_up, NotRefundable),
]
cases = pytest.mark.parametrize("case", CASES, ids=lambda case: case.bought.__name__)


def made(case: Case) -> FakeApp:
    app = opened()
    case.bought(app)
    app.run_streams()
    return app


def left(app: FakeApp) -> tuple[int, int, int, timedelta, DealState | None, bool]:
    """Owed, available, held, the right to sell, the deal."""
    app.follow_debts()
    wallet, anna = app.store.tables.wallets.get((ANNA, XTR)), app.store.tables.people[ANNA]
    money = (wallet.owed.amount, wallet.available.amount, wallet.held.amount) if wallet else (0, 0, 0)
    right = max(timedelta(0), (anna.subscribed_until or app.now()) - app.now())
    frozen = any(deal.frozen_at for deal in app.store.tables.deals.values())
    return *money, right, deal_of(app), frozen


@cases
@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_what_telegram_takes_back_takes_along_what_it_bought_or_is_owed(
    case: Case, way: Callable[[FakeApp], None]
) -> None:
    app = made(case)
    way(app)
    expected = (case.owed, case.available, case.held, timedelta(days=case.days), case.deal, case.frozen)
    assert left(app) == expected
    assert app.store.tables.charges["c"].state is ChargeState.REFUNDED
    assert [name for name in app.store.tables.events if name == "refunded:c"] == ["refunded:c"]
    assert_invariants(dump_of(app.store))
    told = app.messenger.kinds_for(ANNA).count("refunded")
    app.run_streams()
    assert app.messenger.kinds_for(ANNA).count("refunded") - told == 1


@cases
def test_a_refund_of_ours_is_for_what_is_wholly_unused_and_nothing_else_changes(case: Case) -> None:
    app = made(case)
    before = app.store.tables.snapshot()
    offered = {charge.id for charge in app.refunding.refundable(ANNA, app.now())}
    assert ("c" in offered) is (case.refusal is None)
    if case.refusal:
        with pytest.raises(case.refusal):
            app.refunding.refund(ANNA, "c", app.now())
        assert app.store.tables == before
        assert app.stars.refunded == []
        return
    app.refunding.refund(ANNA, "c", app.now())
    assert app.stars.refunded == ["c"]
    expected = (case.owed, case.available, case.held, timedelta(days=case.days), case.deal, case.frozen)
    assert left(app) == expected
    assert_invariants(dump_of(app.store))


@pytest.mark.parametrize(
    "case", [case for case in CASES if case.refusal is None], ids=lambda case: case.bought.__name__
)
@pytest.mark.parametrize("ending", ["made", "refused", "reported", "compared"])
def test_a_refund_of_unknown_outcome_keeps_what_it_bought_away_until_it_is_known(case: Case, ending: str) -> None:
    app = made(case)
    before = left(app)
    app.stars.fail_next(TimeoutError())
    with pytest.raises(TimeoutError):
        app.refunding.refund(ANNA, "c", app.now())
    undone = (case.owed, case.available, case.held, timedelta(days=case.days), case.deal, case.frozen)
    assert left(app) == undone
    assert_invariants(dump_of(app.store))
    if ending == "refused":
        app.stars.refusing.add("c")
    if ending == "reported":
        by_message(app)
    if ending == "compared":
        by_the_comparison(app)
    app.refunding.finish_refunds(app.now())
    is_here = ending == "refused"
    assert app.store.tables.charges["c"].state is (ChargeState.CREDITED if is_here else ChargeState.REFUNDED)
    assert left(app) == (before if is_here else undone)
    assert_invariants(dump_of(app.store))


@pytest.mark.parametrize("subscription", [False, True])
@pytest.mark.parametrize("payload", [True, False], ids=["with its payload", "without"])
def test_a_refund_that_is_heard_of_before_its_payment_leaves_nothing_of_it(subscription: bool, payload: bool) -> None:
    app = opened()
    paying, now = app.paying, app.now()
    _, real = paying.order_subscription(ANNA, now) if subscription else paying.order_stars(ANNA, PRICE, now)
    app.refunding.taken_back(ANNA, "c", real if payload else "", PRICE, XTR, app.now())
    app.paying.credit(ANNA, "c", real, PRICE, XTR, app.now())
    assert left(app) == (0, 0, 0, timedelta(0), None, False)
    assert not app.store.tables.people[ANNA].may_sell(app.now())
    assert app.store.tables.charges["c"].state is ChargeState.REFUNDED
    assert_invariants(dump_of(app.store))


def test_two_charges_of_which_one_was_spent_go_back_once_between_them() -> None:
    app = opened()
    pay(app, ANNA, PRICE, "c")
    pay(app, ANNA, PRICE, "d")
    app.people.subscribe(ANNA, "r", app.now())
    app.refunding.refund(ANNA, "c", app.now())
    with pytest.raises(InsufficientFunds):
        app.refunding.refund(ANNA, "d", app.now())
    app.refunding.taken_back(ANNA, "d", "", PRICE, XTR, app.now())
    assert left(app)[0] == PRICE
    assert_invariants(dump_of(app.store))


def test_earned_money_pays_a_debt_and_is_not_refunded() -> None:
    app = opened()
    days_out_of_the_wallet(app)
    lot = put_up(app, ANNA, buy_now_price=1_000, start_price=1_000).auction.id
    app.bidding.buy(lot, BORIS, 1_000, app.now())
    app.dealing.deliver(ANNA, lot, "x", app.now())
    app.dealing.confirm(BORIS, lot, app.now())
    with pytest.raises(SpentAlready):
        app.refunding.refund(ANNA, "c", app.now())
    by_message(app)
    assert left(app)[:2] == (0, 950 - PRICE)
    assert_invariants(dump_of(app.store))


def test_reputation_and_ratings_stay_since_the_deal_was_made_and_its_seller_is_paid() -> None:
    app = opened()
    a_completed_purchase(app)
    before = {who: app.store.tables.people[who].reputation for who in (ANNA, SELLER)}
    seller = app.store.wallet(SELLER, XTR).available
    by_message(app)
    app.run_streams()
    assert {who: app.store.tables.people[who].reputation for who in (ANNA, SELLER)} == before
    assert (before[SELLER].sold, before[SELLER].seller_stars) == (1, 5)
    assert app.store.wallet(SELLER, XTR).available == seller


def test_a_debt_in_the_way_of_a_refund_of_days_is_named() -> None:
    app = opened()
    a_renewal_before_it_begins(app)
    pay(app, ANNA, PRICE, "w")
    app.people.subscribe(ANNA, "r", app.now())
    app.refunding.taken_back(ANNA, "w", "", PRICE, XTR, app.now())
    assert app.refunding.refundable(ANNA, app.now()) == []
    with pytest.raises(InDebt):
        app.refunding.refund(ANNA, "c", app.now())
