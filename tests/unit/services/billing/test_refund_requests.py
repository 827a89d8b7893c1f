"""Refunds that people ask for: one request for each charge, one decision, and only what the wallet can bear."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from starbid.domain.errors import InDebt, InsufficientFunds, Invalid
from starbid.domain.moderation import OwnAccount
from starbid.domain.payment_errors import NotRefundable, SpentAlready
from starbid.domain.payments import ChargeState
from starbid.domain.refund_requests import (
    KEPT,
    NoSuchRequest,
    RefundDecided,
    RefundRequest,
    RequestState,
    mark_of,
)
from starbid.domain.roles import NotAllowed, Role
from starbid.services.billing.refund_requests import RefundRequests
from starbid.services.ports import TryLater
from tests.support.debts import earn, fall_into_debt
from tests.support.desk import OWNER, deciding, decision
from tests.support.factories import ANNA, BORIS, SELLER, join, pay, put_up
from tests.support.fakes import Death, FakeApp, make_app
from tests.support.invariants import assert_invariants, dump_of

MARK = mark_of("c1")
FINANCE = 801


@pytest.fixture
def app() -> FakeApp:
    """ANNA paid 250 as charge c1."""
    app = make_app()
    for who in (ANNA, BORIS, OWNER):
        join(app, who)
    join(app, FINANCE, role=Role.FINANCE)
    pay(app, ANNA, 250, charge_id="c1")
    return app


def ask(app: FakeApp, who: int = ANNA, mark: str = MARK, reason: str = "by mistake") -> RefundRequest:
    return app.refund_requests.ask(app.refund_requests.charge_of(who, mark), reason, app.now())


def approve(app: FakeApp, by: int = OWNER) -> RefundRequest:
    return app.refund_requests.approve(ANNA, MARK, decision(app, by))


def refuse(app: FakeApp, reason: str = "not today", by: int = OWNER) -> RefundRequest:
    return app.refund_requests.refuse(ANNA, MARK, decision(app, by, reason))


def state(app: FakeApp) -> RequestState:
    return app.refund_requests.of_person(ANNA, app.now())[MARK].state


def charge(app: FakeApp) -> ChargeState:
    return app.store.tables.charges["c1"].state


def available(app: FakeApp) -> int:
    return app.store.wallet(ANNA, "XTR", consistent=True).available.amount


def acts(app: FakeApp) -> list[str]:
    return [entry.action for entry in app.store.tables.audit.values()]


def told(app: FakeApp, kind: str) -> list[int]:
    return [notice.user_id for notice in app.run_streams() if notice.kind == kind]


def test_nothing_goes_back_before_an_operator_approves_it(app: FakeApp) -> None:
    ask(app)
    assert (state(app), charge(app), available(app)) == ("open", "credited", 250)
    assert told(app, "refund_requested") == [OWNER]
    assert [one.mark for one in app.refund_requests.waiting(app.now(), 10)] == [MARK]
    approve(app)
    assert (state(app), charge(app), available(app)) == ("approved", "refunded", 0)
    assert app.stars.refunded == ["c1"]
    assert told(app, "refunded") == [ANNA]
    assert app.refund_requests.waiting(app.now(), 10) == []
    assert_invariants(dump_of(app.store))


def test_asked_twice_it_is_one_request_with_the_first_reason(app: FakeApp) -> None:
    first = ask(app)
    app.clock.forward(minutes=1)
    assert ask(app, reason="another") == first
    assert told(app, "refund_requested") == [OWNER]


def test_asked_once_more_it_is_answered_though_the_charge_is_gone(app: FakeApp) -> None:
    first, charge = ask(app), app.store.tables.charges["c1"]
    app.refunding.refund(ANNA, "c1", app.now())
    assert app.refund_requests.ask(charge, "again", app.now()) == first
    del app.store.tables.charges["c1"]
    assert app.refund_requests.ask(charge, "again", app.now()) == first


def test_what_was_refused_is_not_asked_for_again(app: FakeApp) -> None:
    ask(app)
    refuse(app, "it is <spent>")
    assert ask(app).state is RequestState.REFUSED
    assert told(app, "refund_refused") == [ANNA]
    assert (charge(app), available(app), app.stars.refunded) == ("credited", 250, [])
    assert ask(app).answer == "it is <spent>"


def test_anothers_charge_and_an_unknown_one_are_refused_alike(app: FakeApp) -> None:
    for who, mark in ((BORIS, MARK), (ANNA, "0" * 16), (ANNA, ""), (ANNA, "c1")):
        with pytest.raises(NotRefundable):
            ask(app, who, mark)
    assert not told(app, "refund_requested")


def test_a_charge_that_went_back_is_not_asked_for(app: FakeApp) -> None:
    app.refunding.refund(ANNA, "c1", app.now())
    with pytest.raises(NotRefundable):
        ask(app)


@pytest.mark.parametrize("reason", ["", "  ", "\u200b", "x" * 501])
def test_a_request_says_why(app: FakeApp, reason: str) -> None:
    with pytest.raises(Invalid):
        ask(app, reason=reason)
    assert app.refund_requests.of_person(ANNA, app.now()) == {}


def spend(app: FakeApp) -> None:
    app.people.subscribe(ANNA, "r1", app.now())


def freeze(app: FakeApp) -> None:
    join(app, SELLER, seller=True)
    app.bidding.bid(put_up(app).auction.id, ANNA, 200, app.now(), confirmed=True)


def owe(app: FakeApp) -> None:
    for request in ("r1", "r2"):
        app.people.subscribe(ANNA, request, app.now())
    fall_into_debt(app, ANNA, 100)


CANNOT_BEAR = [(spend, InsufficientFunds), (freeze, InsufficientFunds), (owe, InDebt)]


@pytest.mark.parametrize(("does", "error"), CANNOT_BEAR)
def test_what_the_wallet_cannot_bear_is_not_asked_for(
    app: FakeApp, does: Callable[[FakeApp], object], error: type[Exception]
) -> None:
    does(app)
    with pytest.raises(error):
        ask(app)


@pytest.mark.parametrize(("does", "error"), CANNOT_BEAR)
def test_what_the_wallet_cannot_bear_by_then_stays_open_and_nothing_is_on_record(
    app: FakeApp, does: Callable[[FakeApp], object], error: type[Exception]
) -> None:
    ask(app)
    does(app)
    with pytest.raises(error):
        approve(app)
    assert (state(app), charge(app), acts(app), app.stars.refunded) == ("open", "credited", [], [])


def test_bought_stars_that_were_spent_are_not_paid_back_out_of_earned_ones(app: FakeApp) -> None:
    ask(app)
    spend(app)
    earn(app, 500)
    with pytest.raises(SpentAlready):
        approve(app)
    assert state(app) == "open"


def test_of_two_operators_one_decides_and_the_other_is_told_how_it_stands(app: FakeApp) -> None:
    ask(app)
    approve(app, FINANCE)
    for act in (approve, refuse):
        with pytest.raises(RefundDecided) as refusal:
            act(app)
        assert refusal.value.state == "approved"
    assert (app.stars.refunded, acts(app)) == (["c1"], ["approve-refund"])


def test_two_operators_at_the_same_moment_refund_once_and_one_entry_is_written(app: FakeApp) -> None:
    ask(app)
    outcomes: list[str] = []

    def press(by: int) -> None:
        try:
            outcomes.append(approve(app, by).state)
        except RefundDecided as late:
            outcomes.append(late.state)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(press, (OWNER, FINANCE)))
    assert outcomes == ["approved", "approved"]
    assert (len(acts(app)), available(app)) == (1, 0)
    assert set(app.stars.refunded) == {"c1"}
    assert_invariants(dump_of(app.store))


def test_an_approval_that_meets_a_refusal_gives_nothing_back(app: FakeApp, monkeypatch: pytest.MonkeyPatch) -> None:
    """The refusal comes between the look at the request and the transaction."""
    ask(app)
    check = RefundRequests._known
    looked: list[int] = []

    def looks(self: RefundRequests, *about: object) -> RefundRequest:
        found = check(self, *about)  # type: ignore[arg-type]
        looked.append(1)
        if len(looked) == 2:  # the one within the transaction
            monkeypatch.setattr(RefundRequests, "_known", check)
            refuse(app, by=FINANCE)
        return found

    monkeypatch.setattr(RefundRequests, "_known", looks)
    with pytest.raises(RefundDecided):
        approve(app)
    assert (state(app), charge(app), app.stars.refunded) == ("refused", "credited", [])
    assert acts(app) == ["refuse-refund"]


def test_the_same_decision_sent_again_changes_nothing(app: FakeApp) -> None:
    ask(app)
    once = deciding("as agreed", app.now(), key="form-1")
    app.refund_requests.refuse(ANNA, MARK, once)
    with pytest.raises(RefundDecided):
        app.refund_requests.refuse(ANNA, MARK, once)
    assert acts(app) == ["refuse-refund"]


def test_support_may_not_decide_and_finance_not_about_its_own(app: FakeApp) -> None:
    ask(app)
    for act in (app.refund_requests.approve, app.refund_requests.refuse):
        with pytest.raises(NotAllowed):
            act(ANNA, MARK, deciding("so", app.now(), 802, Role.SUPPORT))
    with pytest.raises(OwnAccount):
        app.refund_requests.approve(ANNA, MARK, deciding("so", app.now(), ANNA, Role.FINANCE))
    assert state(app) == "open"


def test_nobody_decides_about_what_was_not_asked_for(app: FakeApp) -> None:
    for act in (approve, refuse):
        with pytest.raises(NoSuchRequest):
            act(app)
    assert app.stars.refunded == []


def test_no_answer_of_telegrams_leaves_it_to_the_sweep(app: FakeApp) -> None:
    ask(app)
    app.stars.fail_next(TryLater(30))
    with pytest.raises(TryLater):
        approve(app)
    assert (state(app), charge(app)) == ("approved", "refunding")
    app.clock.forward(minutes=30)
    app.refunding.finish_refunds(app.now())
    assert (charge(app), app.stars.refunded) == ("refunded", ["c1"])


def test_a_process_that_dies_before_telegram_is_told_is_followed_by_the_sweep(app: FakeApp) -> None:
    ask(app)
    app.stars.fail_next(Death())
    with pytest.raises(Death):
        approve(app)
    app.clock.forward(minutes=30)
    app.refunding.finish_refunds(app.now())
    assert (state(app), charge(app), available(app)) == ("approved", "refunded", 0)
    with pytest.raises(RefundDecided):
        approve(app)


def test_the_person_hears_of_a_refund_that_telegram_did_not_accept(app: FakeApp) -> None:
    ask(app)
    app.stars.refusing.add("c1")
    with pytest.raises(NotRefundable):
        approve(app)
    assert (charge(app), available(app)) == ("credited", 250)
    assert told(app, "refund_failed") == [ANNA]


@pytest.mark.parametrize("goes", ["by an operator", "by Telegram"])
def test_a_request_whose_charge_went_back_in_another_way_waits_for_nobody(app: FakeApp, goes: str) -> None:
    ask(app)
    if goes == "by Telegram":
        app.refunding.take_back("c1", app.now())
    else:
        app.charge_review.refund("c1", decision(app))
    assert app.refund_requests.sweep(app.now()) == 1
    assert state(app) == "overtaken"
    assert app.refund_requests.waiting(app.now(), 10) == []
    assert app.refund_requests.sweep(app.now()) == 0


def test_an_approval_of_what_went_back_in_another_way_is_done(app: FakeApp) -> None:
    ask(app)
    app.charge_review.refund("c1", decision(app))
    assert approve(app).state is RequestState.OVERTAKEN
    assert app.stars.refunded == ["c1"]


def test_a_decided_request_is_kept_for_400_days(app: FakeApp) -> None:
    ask(app)
    app.clock.now += KEPT * 2
    refuse(app)
    app.clock.now += KEPT
    assert app.refund_requests.find(ANNA, MARK, app.now()) is None


def test_why_somebody_asks_stands_in_no_event_and_no_record_of_acts(app: FakeApp) -> None:
    ask(app, reason="my dog ate it")
    approve(app)
    assert "my dog" not in repr(app.store.tables.events) + repr(app.store.tables.audit)
    assert "my dog" not in repr(app.refund_requests.find(ANNA, MARK, app.now()))
