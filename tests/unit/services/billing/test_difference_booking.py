"""Differences to Telegram, booked by an operator: what Telegram lists, once, and on record before the money moves."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from starbid.domain.payment_errors import AlreadyExplained, NotBookable
from starbid.domain.roles import NotAllowed, Role
from starbid.services.billing.differences import DifferenceState
from starbid.services.billing.reconciling import AT_ONCE
from starbid.services.ports import StarTransaction, TryLater
from tests.support.desk import OWNER, deciding, decision
from tests.support.factories import ANNA, BORIS, join
from tests.support.fakes import Death, FakeApp, make_app
from tests.support.invariants import assert_invariants, dump_of

MISSING = "missing:0:c1"


@pytest.fixture
def app() -> FakeApp:
    """Telegram lists a payment of ANNA's that no invoice of ours asked for."""
    app = make_app()
    for who in (ANNA, BORIS, OWNER):
        join(app, who)
    app.stars.listed = [told(app)]
    compare(app)
    return app


def told(app: FakeApp, **changes: object) -> StarTransaction:
    at = app.now() - timedelta(hours=1)
    return replace(
        StarTransaction("c1", 50, at, incoming=True, payer_id=ANNA, payload="not ours"),
        **changes,  # type: ignore[arg-type]
    )


def compare(app: FakeApp) -> None:
    app.reconciling.compare(app.now(), lambda: True, lambda found: app.differences.keep(found, app.now()))


def settle(app: FakeApp, found: str = MISSING) -> DifferenceState:
    return app.difference_booking.settle(found, decision(app, reason="paid by an old link")).state


def state(app: FakeApp) -> str:
    return app.differences.of(MISSING, app.now()).state.value


def available(app: FakeApp, who: int = ANNA) -> int:
    return app.store.wallet(who, "XTR", consistent=True).available.amount


def test_a_missing_payment_goes_into_the_wallet_of_who_paid_and_is_on_record(app: FakeApp) -> None:
    assert settle(app) == "settled"
    assert available(app) == 50
    assert app.store.tables.charges["c1"].state == "credited"
    (entry,) = app.store.tables.audit.values()
    assert (entry.action, entry.subject, entry.after) == ("settle-difference", f"difference/{MISSING}", "settling")
    assert entry.reason == "paid by an old link"
    assert app.differences.listed(DifferenceState.OPEN, app.now()).items == ()
    assert [one.id for one in app.differences.listed(DifferenceState.SETTLED, app.now()).items] == [MISSING]
    assert_invariants(dump_of(app.store))


def test_pressed_twice_or_by_two_operators_it_is_booked_once(app: FakeApp) -> None:
    settle(app)
    with pytest.raises(AlreadyExplained):
        settle(app)
    assert (available(app), len(app.store.tables.audit)) == (50, 1)


def test_of_two_operators_at_the_same_moment_one_is_on_record(app: FakeApp) -> None:
    app.differences.begin(MISSING, decision(app, reason="mine"))
    with pytest.raises(AlreadyExplained):
        app.differences.begin(MISSING, decision(app, reason="also mine"))
    assert app.differences.of(MISSING, app.now()).reason == "mine"
    assert len(app.store.tables.audit) == 1


def test_a_payment_that_went_back_since_is_booked_with_its_refund(app: FakeApp) -> None:
    app.stars.listed.append(told(app, incoming=False))
    settle(app)
    assert available(app) == 0
    assert app.store.tables.charges["c1"].state == "refunded"
    assert app.store.wallet(ANNA, "XTR", consistent=True).owed.amount == 0
    assert_invariants(dump_of(app.store))


@pytest.mark.parametrize("between", [AT_ONCE - 2, AT_ONCE - 1, AT_ONCE, 3 * AT_ONCE])
def test_a_refund_is_found_however_far_behind_its_payment(app: FakeApp, between: int) -> None:
    app.stars.listed += [told(app, id=f"x{number}", payer_id=BORIS) for number in range(between)]
    app.stars.listed.append(told(app, incoming=False))
    settle(app)
    assert (available(app), app.store.tables.charges["c1"].state) == (0, "refunded")


def test_the_refund_of_a_payment_that_nobody_knows_is_booked_with_it() -> None:
    app = make_app()
    join(app, ANNA)
    join(app, OWNER)
    app.stars.listed = [told(app, incoming=False)]
    compare(app)
    assert settle(app) == "settled"
    assert (available(app), app.store.tables.charges["c1"].state) == (0, "refunded")


def test_a_payment_that_was_reported_after_all_is_settled_by_that(app: FakeApp) -> None:
    app.paying.credit(ANNA, "c1", "", 50, "XTR", app.now())
    assert settle(app) == "settled"
    assert available(app) == 50


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"id": "another"}, "gone"),
        ({"kind": "unreadable"}, "gone"),
        ({"payer_id": None}, "person"),
        ({"nanostars": 5}, "amount"),
        ({"amount": 0}, "amount"),
    ],
)
def test_what_telegrams_list_does_not_prove_is_not_booked(
    app: FakeApp, changes: dict[str, object], reason: str
) -> None:
    app.stars.listed = [told(app, **changes)]
    with pytest.raises(NotBookable) as refusal:
        settle(app)
    assert refusal.value.reason == reason
    assert (state(app), available(app), app.store.tables.audit) == ("open", 0, {})


def test_a_list_that_ends_before_it_proves_nothing(app: FakeApp) -> None:
    app.stars.listed = []
    with pytest.raises(NotBookable):
        settle(app)


def test_a_fault_that_is_no_payment_is_explained_and_not_booked() -> None:
    app = make_app()
    join(app, OWNER)
    app.stars.listed = [told(app, kind="user/strange")]
    compare(app)
    with pytest.raises(NotBookable):
        settle(app, "kind:0:c1")
    assert app.differences.of("kind:0:c1", app.now()).state is DifferenceState.OPEN


def test_what_was_explained_is_not_booked(app: FakeApp) -> None:
    app.differences.explain(MISSING, decision(app))
    with pytest.raises(AlreadyExplained):
        settle(app)
    assert available(app) == 0


def test_no_answer_of_telegrams_decides_nothing(app: FakeApp) -> None:
    app.stars.fail_next(TryLater(5))
    with pytest.raises(TryLater):
        settle(app)
    assert (state(app), app.store.tables.audit) == ("open", {})


def test_a_death_before_the_money_is_finished_by_the_next_press(app: FakeApp, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(app.paying, "credit", lambda *_: (_ for _ in ()).throw(Death()))
        with pytest.raises(Death):
            settle(app)
    assert (state(app), available(app)) == ("settling", 0)
    assert [one.id for one in app.differences.listed(DifferenceState.OPEN, app.now()).items] == [MISSING]
    assert settle(app) == "settled"
    assert (available(app), len(app.store.tables.audit)) == (50, 1)


def test_a_death_after_the_money_books_no_second_time(app: FakeApp, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(app.differences, "finish", lambda *_: (_ for _ in ()).throw(Death()))
        with pytest.raises(Death):
            settle(app)
    assert (state(app), available(app)) == ("settling", 50)
    assert settle(app) == "settled"
    assert available(app) == 50


def test_support_books_nothing(app: FakeApp) -> None:
    with pytest.raises(NotAllowed):
        app.difference_booking.settle(MISSING, deciding("so", app.now(), 802, Role.SUPPORT))
    assert state(app) == "open"
