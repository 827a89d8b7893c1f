"""Stars out: refunds of ours."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from starbid.domain.errors import Conflict, InDebt, InsufficientFunds
from starbid.domain.payment_errors import NotRefundable, SpentAlready
from starbid.domain.payments import ChargeState
from starbid.services.ports import Contended
from tests.support.debts import earn, owing
from tests.support.factories import ANNA, BORIS, join, market, pay, xtr
from tests.support.fakes import Death, FakeApp, make_app
from tests.support.invariants import assert_invariants, dump_of


def paid(stars: int = 250) -> FakeApp:
    """ANNA paid once, as charge c1."""
    app = make_app()
    join(app, ANNA)
    pay(app, ANNA, stars, charge_id="c1")
    return app


def refund(app: FakeApp) -> ChargeState:
    return app.refunding.refund(ANNA, "c1", app.now()).state


def state(app: FakeApp) -> ChargeState:
    return app.store.tables.charges["c1"].state


def wallet_of(app: FakeApp) -> tuple[int, int, int]:
    mine = app.store.wallet(ANNA, "XTR", consistent=True)
    return mine.available.amount, mine.held.amount, mine.owed.amount


def told(app: FakeApp) -> list[str]:
    return [event for event in app.store.tables.events if event.startswith("refunded")]


def test_a_refund_gives_the_whole_charge_back() -> None:
    app = paid()
    assert refund(app) is ChargeState.REFUNDED
    assert wallet_of(app) == (0, 0, 0)
    assert (app.stars.refunded, told(app)) == (["c1"], ["refunded:c1"])
    assert_invariants(dump_of(app.store))


def test_only_what_the_wallet_can_bear_whole_is_offered() -> None:
    app = paid()
    pay(app, ANNA, 100, charge_id="c2")
    assert {charge.id for charge in app.refunding.refundable(ANNA, app.now())} == {"c1", "c2"}
    app.people.subscribe(ANNA, "r", app.now())
    app.people.subscribe(ANNA, "r2", app.now())
    assert [charge.id for charge in app.refunding.refundable(ANNA, app.now())] == ["c2"]


def test_what_was_spent_is_not_refunded() -> None:
    app = paid()
    app.people.subscribe(ANNA, "r", app.now())
    with pytest.raises(InsufficientFunds) as refusal:
        refund(app)
    assert refusal.value.missing == xtr(100)
    assert (app.stars.refunded, state(app)) == ([], ChargeState.CREDITED)


def test_what_is_held_is_not_refunded() -> None:
    app, lot = market(ANNA, stars=250)
    (charge,) = app.store.charges_of(ANNA)
    app.bidding.bid(lot.auction.id, ANNA, 200, app.now())
    with pytest.raises(InsufficientFunds):
        app.refunding.refund(ANNA, charge.id, app.now())


@pytest.mark.parametrize(("who", "charge"), [(BORIS, "c1"), (ANNA, "unknown")])
def test_nobody_gets_what_they_did_not_pay(who: int, charge: str) -> None:
    app = paid()
    with pytest.raises(NotRefundable):
        app.refunding.refund(who, charge, app.now())
    assert wallet_of(app) == (250, 0, 0)


def test_a_refund_happens_once() -> None:
    app = paid()
    refund(app)
    with pytest.raises(NotRefundable):
        refund(app)
    assert app.stars.refunded == ["c1"]


def test_a_native_subscription_is_not_refunded_from_the_wallet() -> None:
    app = make_app()
    join(app, ANNA, stars=100)
    _, payload = app.paying.order_subscription(ANNA, app.now())
    app.paying.credit(ANNA, "s1", payload, 100, "XTR", app.now())
    with pytest.raises(NotRefundable):
        app.refunding.refund(ANNA, "s1", app.now())


def test_ten_presses_at_once_refund_once() -> None:
    app = paid()

    def press(_: int) -> str:
        try:
            return refund(app)
        except (NotRefundable, Conflict) as refusal:
            return refusal.code

    with ThreadPoolExecutor(10) as crowd:
        assert "refunded" in list(crowd.map(press, range(10)))
    assert wallet_of(app) == (0, 0, 0)
    assert (state(app), told(app)) == (ChargeState.REFUNDED, ["refunded:c1"])
    assert_invariants(dump_of(app.store))


# --- Telegram refuses or does not answer ------------------------------------------------------------------------------


def test_where_telegram_refuses_for_good_the_money_is_back_in_the_wallet() -> None:
    app = paid()
    app.stars.refusing.add("c1")
    with pytest.raises(NotRefundable):
        refund(app)
    assert (wallet_of(app), state(app), told(app)) == ((250, 0, 0), ChargeState.CREDITED, [])
    assert_invariants(dump_of(app.store))


def test_one_that_was_refused_may_be_tried_again() -> None:
    app = paid()
    app.stars.refusing.add("c1")
    for _ in range(2):
        with pytest.raises(NotRefundable):
            refund(app)
        assert_invariants(dump_of(app.store))
    app.stars.refusing.clear()
    assert refund(app) is ChargeState.REFUNDED
    assert_invariants(dump_of(app.store))


def test_two_that_hear_the_same_refusal_undo_it_once() -> None:
    app = paid()
    app.stars.refusing.add("c1")
    app.stars.fail_next(Death())
    with pytest.raises(Death):
        refund(app)
    app.store.meanwhile(lambda: app.refunding.finish_refunds(app.now()))
    with pytest.raises(NotRefundable):
        refund(app)
    assert wallet_of(app) == (250, 0, 0)
    assert_invariants(dump_of(app.store))


@pytest.mark.parametrize("after", [False, True])
def test_a_refund_that_died_at_telegram_is_finished_by_the_sweep(after: bool) -> None:
    app = paid()
    app.stars.fail_next(TimeoutError(), after=after)
    with pytest.raises(TimeoutError):
        refund(app)
    assert (state(app), wallet_of(app)) == (ChargeState.REFUNDING, (0, 0, 0))
    assert_invariants(dump_of(app.store))
    assert app.refunding.finish_refunds(app.now()) == 1
    assert (state(app), app.stars.refunded, told(app)) == (ChargeState.REFUNDED, ["c1"], ["refunded:c1"])
    assert app.refunding.finish_refunds(app.now()) == 0


def test_a_refund_that_died_half_way_is_finished_by_the_next_press() -> None:
    app = paid()
    app.stars.fail_next(Death(), after=True)
    with pytest.raises(Death):
        refund(app)
    assert refund(app) is ChargeState.REFUNDED
    assert app.stars.refunded == ["c1"]


@pytest.mark.parametrize("commit", [1, 2])
@pytest.mark.parametrize("after", [False, True])
def test_a_refund_that_died_at_either_of_its_writes_ends_well(commit: int, after: bool) -> None:
    app = paid()
    if commit == 2:
        app.stars.fail_next(TimeoutError())
        with pytest.raises(TimeoutError):
            refund(app)
    app.store.fail_next(Death(), after=after)
    with pytest.raises(Death):
        refund(app)
    assert_invariants(dump_of(app.store))
    app.refunding.finish_refunds(app.now())
    if state(app) is ChargeState.CREDITED:
        refund(app)
    assert (state(app), wallet_of(app), told(app)) == (ChargeState.REFUNDED, (0, 0, 0), ["refunded:c1"])
    assert_invariants(dump_of(app.store))


def test_contention_is_waited_out() -> None:
    app = paid()
    app.store.fail_next(Contended(), times=3)
    assert refund(app) is ChargeState.REFUNDED


def test_one_refund_that_fails_does_not_stop_the_others_of_the_sweep() -> None:
    app = paid()
    pay(app, ANNA, 100, charge_id="c2")
    for charge in ("c1", "c2"):
        app.stars.fail_next(TimeoutError())
        with pytest.raises(TimeoutError):
            app.refunding.refund(ANNA, charge, app.now())
    app.stars.fail_next(TimeoutError())
    with pytest.raises(ExceptionGroup):
        app.refunding.finish_refunds(app.now())
    assert app.stars.refunded == ["c2"]


def test_a_debt_that_nothing_covers_stands_in_the_way_of_a_refund() -> None:
    app, lot = market(ANNA, stars=250)
    (first,) = app.store.charges_of(ANNA)
    second = pay(app, ANNA, 250)
    app.bidding.bid(lot.auction.id, ANNA, 500, app.now())
    app.refunding.taken_back(ANNA, first.id, "", 250, "XTR", app.now())
    with pytest.raises(InDebt) as refusal:
        app.refunding.refund(ANNA, second.id, app.now())
    assert refusal.value.owed == xtr(250)
    assert app.refunding.refundable(ANNA, app.now()) == []


def test_nobody_is_refunded_what_they_owe() -> None:
    """Else Stars that were spent would go back whole: once as taken back, once as refunded. The debt comes first."""
    app, lot = market(ANNA, BORIS, stars=250)
    second = pay(app, ANNA, 250)
    app.people.subscribe(ANNA, "r", app.now())
    app.bidding.bid(lot.auction.id, ANNA, 400, app.now())
    first = next(c for c in app.store.charges_of(ANNA) if c.id != second.id)
    app.refunding.taken_back(ANNA, first.id, "", 250, "XTR", app.now())
    pay(app, BORIS, 1000)
    app.bidding.bid(lot.auction.id, BORIS, 500, app.now())

    assert app.refunding.refundable(ANNA, app.now()) == []
    with pytest.raises(InsufficientFunds) as refusal:  # 400 are free again, and 250 of them are owed
        app.refunding.refund(ANNA, second.id, app.now())

    assert refusal.value.missing == xtr(100)
    assert app.refunding.refundable(ANNA, app.now()) == []
    pay(app, ANNA, 250)
    assert second in app.refunding.refundable(ANNA, app.now())
    assert app.refunding.refund(ANNA, second.id, app.now()).state is ChargeState.REFUNDED
    assert_invariants(dump_of(app.store))


def test_a_debt_that_earnings_settled_makes_nothing_refundable() -> None:
    """100 bought were spent and taken back: of what is bought since, 100 only make up for them (spec, section 2)."""
    app = owing(100)
    small, large = pay(app, ANNA, 20), pay(app, ANNA, 80)
    last = pay(app, ANNA, 30)
    earn(app, 130)
    assert wallet_of(app) == (160, 0, 0)
    assert {charge.id for charge in app.refunding.refundable(ANNA, app.now())} == {last.id, small.id}
    assert app.refunding.refund(ANNA, small.id, app.now()).state is ChargeState.REFUNDED
    with pytest.raises(SpentAlready) as refusal:
        app.refunding.refund(ANNA, large.id, app.now())
    assert refusal.value.details == {"refundable": 10}
    assert wallet_of(app) == (140, 0, 0)
    assert_invariants(dump_of(app.store))
