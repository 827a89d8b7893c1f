"""Stars in: invoices, pre-checkout, credit exactly once, debts."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from starbid.domain.errors import Conflict, Invalid
from starbid.domain.events import PaymentCredited
from starbid.domain.payment_errors import PaymentRefused
from starbid.domain.payments import ChargeState, Purpose
from starbid.domain.people import SUBSCRIPTION
from starbid.services.ports import Contended
from tests.support.factories import ANNA, BORIS, join, market, pay, xtr
from tests.support.fakes import START, Death, FakeApp, make_app
from tests.support.invariants import assert_invariants, dump_of


def ordered(stars: int = 250, user_id: int = ANNA) -> tuple[FakeApp, str]:
    """An app, and the payload of an invoice for `stars`."""
    app = make_app()
    join(app, user_id)
    return app, app.paying.order_stars(user_id, stars, app.now())[1]


def wallet_of(app: FakeApp, user_id: int = ANNA) -> tuple[int, int, int]:
    """Available, held, owed."""
    mine = app.store.wallet(user_id, "XTR", consistent=True)
    return mine.available.amount, mine.held.amount, mine.owed.amount


def notices(app: FakeApp, kind: str) -> list[str]:
    return [event for event in app.store.tables.events if event.startswith(kind)]


# --- before the money moves -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("stars", [1, 100_000])
def test_one_buys_from_one_star_to_the_most(stars: int) -> None:
    order, payload = make_app().paying.order_stars(ANNA, stars, START)
    assert (order.amount, order.purpose, order.user_id) == (xtr(stars), Purpose.STARS, ANNA)
    assert payload.endswith(order.payload("a secret for tests only")[-20:])


@pytest.mark.parametrize("stars", [0, -1, 100_001, 10**30])
def test_neither_nothing_nor_too_much(stars: int) -> None:
    with pytest.raises(Invalid) as refusal:
        make_app().paying.order_stars(ANNA, stars, START)
    assert refusal.value.details == {"field": "amount", "reason": "range", "least": 1, "most": 100_000}


def test_the_right_payment_is_approved() -> None:
    app, payload = ordered()
    assert app.paying.approve(ANNA, payload, 250, "XTR").amount == xtr(250)


@pytest.mark.parametrize(
    ("payer", "change", "amount", "currency", "reason"),
    [
        (ANNA, "x", 250, "XTR", "payload"),
        (BORIS, "", 250, "XTR", "person"),
        (ANNA, "", 251, "XTR", "amount"),
        (ANNA, "", 250, "RUB", "currency"),
    ],
)
def test_any_other_payment_is_refused(payer: int, change: str, amount: int, currency: str, reason: str) -> None:
    app, payload = ordered()
    with pytest.raises(PaymentRefused) as refusal:
        app.paying.approve(payer, payload + change, amount, currency)
    assert refusal.value.reason == reason


def test_who_is_blocked_does_not_pay() -> None:
    app, payload = ordered()
    app.store.block(ANNA)
    with pytest.raises(PaymentRefused) as refusal:
        app.paying.approve(ANNA, payload, 250, "XTR")
    assert refusal.value.reason == "blocked"


def test_a_purchase_can_be_checked() -> None:
    app = make_app()
    order, payload = app.paying.order_stars(ANNA, 250, app.now())
    assert app.paying.order_state(order.id, ANNA) == "open"
    app.paying.credit(ANNA, "c1", payload, 250, "XTR", app.now())
    assert app.paying.order_state(order.id, ANNA) == "credited"
    assert app.paying.order_state("unknown", ANNA) is None
    assert app.paying.order_state(order.id, BORIS) is None


# --- credit -----------------------------------------------------------------------------------------------------------


def test_a_payment_becomes_money_and_is_told() -> None:
    app, payload = ordered()
    charge = app.paying.credit(ANNA, "c1", payload, 250, "XTR", app.now())
    assert (charge.state, charge.amount) == (ChargeState.CREDITED, xtr(250))
    assert wallet_of(app) == (250, 0, 0)
    assert notices(app, "credited") == ["credited:c1"]
    assert_invariants(dump_of(app.store))


def test_the_same_charge_twenty_times_at_once_counts_once() -> None:
    app, payload = ordered()

    def credit(_: int) -> str:
        return app.paying.credit(ANNA, "c1", payload, 250, "XTR", app.now()).id

    with ThreadPoolExecutor(20) as crowd:
        assert set(crowd.map(credit, range(20))) == {"c1"}
    assert wallet_of(app) == (250, 0, 0)
    assert notices(app, "credited") == ["credited:c1"]
    assert_invariants(dump_of(app.store))


def test_an_invoice_paid_twice_is_two_payments() -> None:
    app, payload = ordered()
    for charge in ("c1", "c2"):
        app.paying.credit(ANNA, charge, payload, 250, "XTR", app.now())
    assert wallet_of(app) == (500, 0, 0)


@pytest.mark.parametrize("after", [False, True])
def test_a_payment_whose_handler_died_is_credited_when_it_comes_again(after: bool) -> None:
    app, payload = ordered()
    app.store.fail_next(Death(), after=after)
    with pytest.raises(Death):
        app.paying.credit(ANNA, "c1", payload, 250, "XTR", app.now())
    app.paying.credit(ANNA, "c1", payload, 250, "XTR", app.now())
    assert wallet_of(app) == (250, 0, 0)
    assert_invariants(dump_of(app.store))


def test_the_payment_of_somebody_blocked_is_processed() -> None:
    app, payload = ordered()
    app.store.block(ANNA)
    app.paying.credit(ANNA, "c1", payload, 250, "XTR", app.now())
    assert wallet_of(app) == (250, 0, 0)


def test_real_money_with_an_unreadable_payload_is_stars_of_the_one_who_paid() -> None:
    app, _ = ordered()
    charge = app.paying.credit(ANNA, "c1", "nonsense", 77, "XTR", app.now())
    assert (charge.purpose, charge.order_id) == (Purpose.STARS, None)
    assert wallet_of(app) == (77, 0, 0)


@pytest.mark.parametrize(("payer", "amount"), [(BORIS, 100), (ANNA, 1)])
def test_a_payment_that_is_not_as_ordered_buys_no_subscription(payer: int, amount: int) -> None:
    app = make_app()
    join(app, ANNA)
    join(app, BORIS)
    _, payload = app.paying.order_subscription(ANNA, app.now())
    app.paying.credit(payer, "c1", payload, amount, "XTR", app.now())
    assert wallet_of(app, payer) == (amount, 0, 0)
    assert app.store.tables.people[payer].subscribed_until is None


@pytest.mark.parametrize(("amount", "currency"), [(100, "RUB"), (0, "XTR"), (-5, "XTR")])
def test_what_is_no_payment_in_stars_is_not_booked(amount: int, currency: str) -> None:
    app, payload = ordered()
    with pytest.raises(PaymentRefused):
        app.paying.credit(ANNA, "c1", payload, amount, currency, app.now())
    assert app.store.tables.charges == {}


def test_contention_is_waited_out_and_then_a_conflict() -> None:
    app, payload = ordered()
    app.store.fail_next(Contended(), times=3)
    app.paying.credit(ANNA, "c1", payload, 250, "XTR", app.now())
    app.store.fail_next(Contended(), times=4)
    with pytest.raises(Conflict):
        app.paying.credit(ANNA, "c2", payload, 250, "XTR", app.now())
    assert wallet_of(app) == (250, 0, 0)


# --- native subscriptions ---------------------------------------------------------------------------------------------


def test_a_native_subscription_gives_thirty_days_and_each_renewal_thirty_more() -> None:
    app = make_app()
    join(app, ANNA)
    _, payload = app.paying.order_subscription(ANNA, app.now())
    for charge in ("c1", "c1", "c2"):
        app.paying.credit(ANNA, charge, payload, 100, "XTR", app.now())
    assert app.store.tables.people[ANNA].subscribed_until == START + 2 * SUBSCRIPTION
    assert wallet_of(app) == (0, 0, 0)
    assert notices(app, "subscribed") == ["subscribed:c1", "subscribed:c2"]
    assert_invariants(dump_of(app.store))


def test_a_subscription_paid_by_somebody_never_seen_registers_them() -> None:
    app = make_app()
    _, payload = app.paying.order_subscription(ANNA, app.now())
    app.paying.credit(ANNA, "c1", payload, 100, "XTR", app.now())
    assert app.store.tables.people[ANNA].may_sell(app.now())


def test_a_subscription_that_somebody_else_extends_meanwhile_gets_both() -> None:
    app = make_app()
    join(app, ANNA, stars=100)
    _, payload = app.paying.order_subscription(ANNA, app.now())
    app.store.meanwhile(lambda: app.people.subscribe(ANNA, "r1", app.now()))
    app.paying.credit(ANNA, "c1", payload, 100, "XTR", app.now())
    assert app.store.tables.people[ANNA].subscribed_until == START + 2 * SUBSCRIPTION


# --- debts ------------------------------------------------------------------------------------------------------------


def in_debt() -> FakeApp:
    """ANNA holds 200 on a lot, has 50, and owes 200 of a payment of 250 that Telegram took back."""
    app, lot = market(ANNA, stars=250)
    app.bidding.bid(lot.auction.id, ANNA, 200, app.now())
    (charge,) = app.store.charges_of(ANNA)
    app.refunding.taken_back(ANNA, charge.id, "", 250, "XTR", app.now())
    assert wallet_of(app) == (0, 200, 200)
    return app


def test_a_new_payment_first_settles_what_is_owed() -> None:
    app = in_debt()
    pay(app, ANNA, 150)
    assert wallet_of(app) == (0, 200, 50)
    assert_invariants(dump_of(app.store))
    pay(app, ANNA, 60)
    assert wallet_of(app) == (10, 200, 0)
    assert_invariants(dump_of(app.store))


def test_two_payments_at_once_do_not_settle_a_debt_twice() -> None:
    app = in_debt()
    app.store.meanwhile(lambda: pay(app, ANNA, 150))
    pay(app, ANNA, 150)
    assert wallet_of(app) == (100, 200, 0)
    assert_invariants(dump_of(app.store))


def test_the_payment_that_settled_a_debt_counts_once_too() -> None:
    app = in_debt()
    for _ in range(3):
        pay(app, ANNA, 150, charge_id="again")
    assert wallet_of(app) == (0, 200, 50)


def test_what_is_told_of_a_payment_is_its_whole_amount() -> None:
    app = in_debt()
    pay(app, ANNA, 150, charge_id="c9")
    event = app.store.tables.events["credited:c9"]
    assert replace(event, id="", at=START) == PaymentCredited("", START, ANNA, xtr(150), "stars")
