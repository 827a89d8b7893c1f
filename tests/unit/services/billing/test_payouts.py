"""Payouts: what may be asked for, and what becomes of it. Gifts are sent in test_gifts."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest

from starbid.domain.errors import Conflict, InDebt, StarbidError
from starbid.domain.payout_errors import AlreadyDecided, NoSuchPayout, NotPayable, TooYoung
from starbid.domain.payouts import Payout, read_wish
from starbid.services.ports import Contended, Unavailable
from tests.support.debts import fall_into_debt
from tests.support.desk import decision
from tests.support.factories import ANNA, BORIS, SELLER, join, pay, put_up, xtr
from tests.support.fakes import FakeApp, make_app
from tests.support.fiat import rub
from tests.support.invariants import assert_invariants, dump_of
from tests.support.paying_out import (
    ADMIN,
    ask,
    ask_roubles,
    earned,
    money_of,
    stands,
    told,
    topped_up,
    with_old_earnings,
)


def roubles(amount: int = 50_000) -> FakeApp:
    return with_old_earnings(amount, "RUB")


def outcomes(calls: list[Callable[[], Payout]]) -> list[str]:
    """All at once: the state that each saw, or the code of its refusal."""

    def one(call: Callable[[], Payout]) -> str:
        try:
            return call().state.value
        except StarbidError as refusal:
            return refusal.code

    with ThreadPoolExecutor(len(calls)) as crowd:
        return list(crowd.map(one, calls))


# --- asking -----------------------------------------------------------------------------------------------------------


def test_the_money_leaves_the_wallet_at_once_and_an_operator_is_told() -> None:
    app = with_old_earnings(1200)
    join(app, ADMIN)
    payout = ask(app)
    assert money_of(app) == (200, 0)
    assert stands(app, payout) == "requested"
    assert (told(app, ADMIN), told(app)) == (["payout_requested"], [])


def test_no_more_than_is_payable_can_be_asked_for() -> None:
    app = with_old_earnings(999)
    with pytest.raises(NotPayable) as refused:
        ask(app)
    assert refused.value.payable == xtr(999)
    assert money_of(app) == (999, 0)


def test_bought_stars_are_not_paid_out() -> None:
    app = with_old_earnings(500)
    pay(app, ANNA, 5000)
    with pytest.raises(NotPayable) as refused:
        ask(app)
    assert refused.value.payable == xtr(500)


def test_a_top_up_of_yesterday_that_is_spent_keeps_no_old_earnings_back() -> None:
    """What was bought goes first, so what is left was earned; the approval reckons alike."""
    app = roubles(50_000)
    topped_up(app, 30_000)
    app.balances.adjust(ANNA, rub(-30_000), decision(app))
    payout = ask_roubles(app, 50_000)
    assert app.payouts.approve(payout.id, decision(app)).state == "approved"
    assert money_of(app, "RUB") == (0, 0)


def test_what_is_frozen_is_not_paid_out() -> None:
    app = with_old_earnings(1000)
    lot = put_up(app).auction.id
    app.bidding.bid(lot, ANNA, 100, app.now())
    with pytest.raises(NotPayable) as refused:
        ask(app)
    assert refused.value.payable == xtr(900)


def test_a_sale_counts_from_the_moment_at_which_its_price_went_into_escrow() -> None:
    app = make_app()
    join(app, ANNA, stars=2000)
    lot = put_up(app, buy_now_price=1500).auction.id
    app.bidding.buy(lot, ANNA, 1500, app.now())
    sold = app.now()
    app.clock.forward(days=2)
    app.dealing.deliver(SELLER, lot, "here", app.now())
    app.dealing.confirm(ANNA, lot, app.now())
    waits = app.payouts.payable(SELLER, "XTR", app.now())
    assert (waits.now, [(freed.at, freed.amount) for freed in waits.later]) == (
        xtr(0),
        [(sold.replace(day=22), xtr(1425))],
    )
    app.clock.now = sold.replace(day=22)
    assert ask(app, who=SELLER).state == "requested"


def test_a_request_sent_twice_is_one_payout() -> None:
    app = with_old_earnings(2500)
    assert ask(app) == ask(app)
    assert money_of(app) == (1500, 0)


def test_one_that_is_sent_again_after_its_end_does_not_begin_anew() -> None:
    app = with_old_earnings(2500)
    app.payouts.cancel(ANNA, ask(app).id, app.now())
    assert ask(app).state == "cancelled"
    assert money_of(app) == (2500, 0)


def test_ten_requests_at_once_pay_out_what_there_is() -> None:
    app = with_old_earnings(2500)
    seen = outcomes([partial(ask, app, f"r{number}") for number in range(10)])
    assert seen.count("requested") <= 2
    assert set(seen) <= {"requested", "not_payable", "conflict"}
    available, _ = money_of(app)
    assert available == 2500 - 1000 * seen.count("requested")


def test_the_same_request_ten_times_at_once_is_one_payout() -> None:
    app = with_old_earnings(2500)
    seen = outcomes([lambda: ask(app)] * 10)
    assert set(seen) <= {"requested", "conflict"}
    assert len(app.store.tables.payouts) == 1
    assert money_of(app) == (1500, 0)


def test_money_that_is_spent_in_between_is_not_paid_out() -> None:
    """Old Stars back a bid that wins just then; what is left has only just been earned."""
    app = with_old_earnings(1000)
    lot = put_up(app, duration_seconds=60, extend_seconds=0).auction.id
    app.bidding.bid(lot, ANNA, 1000, app.now(), confirmed=True)
    earned(app, 1000)
    app.clock.forward(seconds=63)
    app.store.meanwhile(lambda: app.closing.close(lot, app.now()))
    with pytest.raises(NotPayable):
        ask(app)
    assert_invariants(dump_of(app.store))


def test_what_came_in_while_a_request_was_on_its_way_is_young() -> None:
    """A request counts by its arrival; a sale that was released after that is in the wallet all the same."""
    app = with_old_earnings(1)
    arrived = app.now()
    app.clock.forward(seconds=5)
    earned(app, 1000)
    with pytest.raises(NotPayable) as refused:
        app.payouts.request(ANNA, read_wish("XTR", 1000, "premium_3", ""), "r1", arrived)
    assert refused.value.payable == xtr(1)


def test_who_owes_asks_for_nothing() -> None:
    app = with_old_earnings(5)
    fall_into_debt(app, ANNA, 100)
    with pytest.raises(InDebt):
        ask(app)


def test_a_debt_that_comes_up_in_between_is_settled_first() -> None:
    app = with_old_earnings(1000)
    charge = pay(app, ANNA, 100)
    app.people.subscribe(ANNA, "r", app.now())
    app.store.meanwhile(lambda: app.refunding.taken_back(ANNA, charge.id, "", 100, "XTR", app.now()))
    with pytest.raises(NotPayable):
        ask(app)
    assert money_of(app) == (900, -100)


@pytest.mark.parametrize("after", [True, False])
def test_a_store_that_fails_takes_the_money_once(after: bool) -> None:
    app = with_old_earnings(1000)
    app.store.fail_next(Unavailable(), after=after)
    with pytest.raises(Unavailable):
        ask(app)
    assert ask(app).state == "requested"
    assert money_of(app) == (0, 0)


def test_a_crowd_on_the_wallet_is_waited_for() -> None:
    app = with_old_earnings(1000)
    app.store.fail_next(Contended(), times=2)
    assert ask(app).state == "requested"


# --- ending unpaid ----------------------------------------------------------------------------------------------------


def test_the_person_cancels_until_it_is_approved() -> None:
    app = with_old_earnings(1000)
    payout = ask(app)
    assert app.payouts.cancel(ANNA, payout.id, app.now()).state == "cancelled"
    assert app.payouts.cancel(ANNA, payout.id, app.now()).state == "cancelled"
    assert money_of(app) == (1000, 0)
    again = ask(app, "r2")
    app.payouts.approve(again.id, decision(app))
    with pytest.raises(AlreadyDecided):
        app.payouts.cancel(ANNA, again.id, app.now())


def test_nobody_else_cancels_it() -> None:
    app = with_old_earnings(1000)
    payout = ask(app)
    with pytest.raises(NoSuchPayout):
        app.payouts.cancel(BORIS, payout.id, app.now())
    with pytest.raises(NoSuchPayout):
        app.payouts.cancel(ANNA, "none", app.now())


def test_what_comes_back_can_be_asked_for_again_at_once() -> None:
    app = with_old_earnings(1000)
    app.payouts.refuse(ask(app).id, decision(app, reason="try later"))
    assert app.payouts.payable(ANNA, "XTR", app.now()).now == xtr(1000)
    assert told(app) == ["payout_refused"]


def test_bought_roubles_come_back_as_bought() -> None:
    app = roubles(10_000)
    topped_up(app, 30_000)
    app.clock.forward(days=21)
    payout = ask_roubles(app, 25_000)
    assert payout.bought == 15_000
    assert money_of(app, "RUB") == (15_000, 15_000)
    app.payouts.cancel(ANNA, payout.id, app.now())
    assert money_of(app, "RUB") == (40_000, 30_000)


@pytest.mark.parametrize("end", ["cancel", "refuse", "approve"])
def test_two_ends_at_once_are_one(end: str) -> None:
    app = with_old_earnings(1000)
    payout = ask(app)
    calls = {
        "cancel": lambda: app.payouts.cancel(ANNA, payout.id, app.now()),
        "refuse": lambda: app.payouts.refuse(payout.id, decision(app, reason="no")),
        "approve": lambda: app.payouts.approve(payout.id, decision(app)),
    }
    seen = outcomes([*calls.values(), calls[end], calls[end]])
    won = stands(app, payout)
    assert won in seen
    assert set(seen) <= {won, "already_decided", "conflict"}
    assert money_of(app) == (0 if won == "approved" else 1000, 0)


# --- operators --------------------------------------------------------------------------------------------------------


def test_roubles_are_approved_begun_and_paid() -> None:
    app = roubles()
    payout = ask_roubles(app, 50_000)
    app.payouts.approve(payout.id, decision(app))
    app.payouts.begin(payout.id, decision(app))
    app.payouts.mark_paid(payout.id, decision(app))
    assert stands(app, payout) == "paid"
    assert money_of(app, "RUB") == (0, 0)
    assert told(app) == ["payout_approved", "payout_paid"]
    late_steps: list[Callable[[], Payout]] = [
        lambda: app.payouts.refuse(payout.id, decision(app, reason="no")),
        lambda: app.payouts.mark_paid(payout.id, decision(app)),
        lambda: app.payouts.approve(payout.id, decision(app)),
        lambda: app.payouts.cancel(ANNA, payout.id, app.now()),
    ]
    for late in late_steps:
        with pytest.raises(AlreadyDecided) as refused:
            late()
        assert refused.value.state == "paid"
    assert money_of(app, "RUB") == (0, 0)


def test_roubles_that_could_not_be_paid_come_back() -> None:
    app = roubles()
    payout = ask_roubles(app, 50_000)
    app.payouts.approve(payout.id, decision(app))
    app.payouts.begin(payout.id, decision(app))
    app.payouts.refuse(payout.id, decision(app, reason="the card is closed"))
    assert money_of(app, "RUB") == (50_000, 0)


def test_no_operator_pays_a_gift_by_hand() -> None:
    app = with_old_earnings(1000)
    payout = ask(app)
    app.payouts.approve(payout.id, decision(app))
    for call in (app.payouts.begin, app.payouts.mark_paid):
        with pytest.raises(AlreadyDecided):
            call(payout.id, decision(app))


def test_two_operators_pay_once() -> None:
    app = roubles()
    payout = ask_roubles(app, 50_000)
    app.payouts.approve(payout.id, decision(app))
    app.payouts.begin(payout.id, decision(app))
    seen = outcomes([lambda: app.payouts.mark_paid(payout.id, decision(app))] * 5)
    assert set(seen) <= {"paid", "already_decided", "conflict"}
    assert seen.count("paid") == 1
    assert money_of(app, "RUB") == (0, 0)


def test_money_that_the_ledger_tells_of_late_is_not_let_go() -> None:
    """The list of movements is a moment behind: a sale just released looks as if it were old."""
    app = with_old_earnings(1)
    app.store.lag = True
    earned(app, 1000)
    payout = ask(app)
    app.store.lag = False
    with pytest.raises(TooYoung):
        app.payouts.approve(payout.id, decision(app))
    app.clock.forward(days=21)
    assert app.payouts.approve(payout.id, decision(app)).state == "approved"


@pytest.mark.parametrize("is_listed", [True, False])
def test_money_that_comes_in_while_a_request_is_tried_again_is_not_let_go(is_listed: bool) -> None:
    """Its function was called before, and reads the wallet after: what it is dated says nothing of what it saw."""
    app, wish = with_old_earnings(1), read_wish("XTR", 1000, "premium_3", "")
    called_at = app.now()
    app.clock.forward(seconds=20)
    app.store.lag = not is_listed
    earned(app, 1000)
    if is_listed:
        with pytest.raises(NotPayable):
            app.payouts.request(ANNA, wish, "r1", called_at)
        return
    payout = app.payouts.request(ANNA, wish, "r1", called_at)
    app.store.lag = False
    app.clock.forward(hours=1)
    with pytest.raises(TooYoung):
        app.payouts.approve(payout.id, decision(app))


def test_what_is_earned_or_spent_after_the_request_is_no_matter() -> None:
    app = with_old_earnings(1200)
    earned(app, 5000)
    payout = ask(app)
    app.people.subscribe(ANNA, "r", app.now())
    app.clock.forward(hours=1)
    earned(app, 5000)
    assert app.payouts.approve(payout.id, decision(app)).state == "approved"


def test_the_queue_has_what_waits_for_an_operator_the_oldest_first() -> None:
    app = with_old_earnings(2500)
    earned(app, 100, "RUB")
    app.clock.forward(days=21)
    first, second, third = ask(app, "a"), ask(app, "b"), ask_roubles(app, 100, "c")
    waiting = {payout.id for payout in app.payout_review.waiting(app.now(), 10)}
    assert waiting == {first.id, second.id, third.id}
    app.payouts.approve(first.id, decision(app))
    app.payouts.cancel(ANNA, second.id, app.now())
    app.payouts.approve(third.id, decision(app))
    app.payouts.begin(third.id, decision(app))
    assert [payout.id for payout in app.payout_review.waiting(app.now(), 10)] == [third.id]


def test_a_sale_whose_buyer_owes_by_now_is_flagged() -> None:
    app = make_app()
    join(app, BORIS, stars=1500)
    charge = app.store.charges_of(BORIS)[0]
    lot = put_up(app, buy_now_price=1500, title="A vase").auction.id
    app.bidding.buy(lot, BORIS, 1500, app.now())
    app.dealing.deliver(SELLER, lot, "here", app.now())
    app.dealing.confirm(BORIS, lot, app.now())
    app.clock.forward(days=21)
    payout = ask(app, who=SELLER)
    assert app.payout_review.of(payout.id).flags == ()
    app.refunding.taken_back(BORIS, charge.id, "", 1500, "XTR", app.now())
    (flag,) = app.payout_review.of(payout.id).flags
    assert (flag.auction_id, flag.title, flag.buyer_id, flag.earned, flag.owed) == (
        lot,
        "A vase",
        BORIS,
        xtr(1425),
        xtr(1500),
    )
    assert app.payout_review.of(payout.id).is_whole


# --- debts ------------------------------------------------------------------------------------------------------------


def owing_with(app: FakeApp, owed: int = 300) -> None:
    """ANNA has spent what is taken back from her now."""
    charge = pay(app, ANNA, 100 * (owed // 100))
    for number in range(owed // 100):
        app.people.subscribe(ANNA, f"s{number}", app.now())
    app.refunding.taken_back(ANNA, charge.id, "", owed, "XTR", app.now())


@pytest.mark.parametrize("approved", [True, False])
def test_a_debt_brings_back_every_payout_that_is_not_sent_and_is_settled(approved: bool) -> None:
    app = with_old_earnings(2000)
    payouts = [ask(app, "a"), ask(app, "b")]
    if approved:
        app.payouts.approve(payouts[0].id, decision(app))
    owing_with(app)
    app.follow_debts()
    assert [stands(app, payout) for payout in payouts] == ["returned", "returned"]
    wallet = app.store.wallet(ANNA, "XTR", consistent=True)
    assert (wallet.available.amount, wallet.owed.amount) == (1700, 0)
    assert told(app) == ["payout_returned", "payout_returned"]
    assert_invariants(dump_of(app.store))


def test_a_debt_in_stars_leaves_roubles_alone() -> None:
    app = roubles()
    payout = ask_roubles(app, 50_000)
    owing_with(app, 100)
    app.follow_debts()
    assert stands(app, payout) == "requested"


def test_what_an_operator_is_paying_is_not_brought_back() -> None:
    app = roubles()
    payout = ask_roubles(app, 50_000)
    app.payouts.approve(payout.id, decision(app))
    app.payouts.begin(payout.id, decision(app))
    unit = app.store.unit()
    unit.change_debt(ANNA, payout.amount - payout.amount, payout.amount, payout.amount - payout.amount)
    unit.commit()
    app.payouts.bring_back(ANNA, "RUB", app.now())
    assert stands(app, payout) == "sending"


@pytest.mark.parametrize("step", ["approve", "begin"])
def test_nothing_is_let_go_while_its_owner_owes_even_if_nobody_has_followed_the_debt_yet(step: str) -> None:
    app = roubles()
    payout = ask_roubles(app, 50_000)
    if step == "begin":
        app.payouts.approve(payout.id, decision(app))
    zero = payout.amount - payout.amount
    unit = app.store.unit()
    unit.change_debt(ANNA, zero, payout.amount, zero)
    unit.commit()
    steps = {
        "approve": lambda: app.payouts.approve(payout.id, decision(app)),
        "begin": lambda: app.payouts.begin(payout.id, decision(app)),
    }
    with pytest.raises(InDebt):
        steps[step]()
    assert stands(app, payout) == "returned"
    assert not app.store.wallet(ANNA, "RUB", consistent=True).owed


def test_a_debt_that_what_is_available_settles_brings_nothing_back() -> None:
    app = with_old_earnings(1400)
    payout = ask(app)
    owing_with(app)
    app.follow_debts()
    assert stands(app, payout) == "requested"
    assert money_of(app)[0] == 100


def test_following_a_debt_again_and_again_changes_nothing_more() -> None:
    app = with_old_earnings(1000)
    ask(app)
    owing_with(app)
    app.follow_debts()
    before = money_of(app)
    for _ in range(3):
        app.payouts.bring_back(ANNA, "XTR", app.now())
    assert money_of(app) == before


def test_a_payout_that_ends_while_the_debt_is_followed_is_left_alone() -> None:
    app = with_old_earnings(1000)
    payout = ask(app)
    owing_with(app)
    app.store.meanwhile(lambda: None)
    app.store.meanwhile(lambda: app.payouts.cancel(ANNA, payout.id, app.now()))
    app.payouts.bring_back(ANNA, "XTR", app.now())
    assert stands(app, payout) in ("cancelled", "returned")
    assert_invariants(dump_of(app.store))


def test_a_conflict_without_end_is_told() -> None:
    app = with_old_earnings(1000)
    payout = ask(app)
    app.store.fail_next(Contended(), times=4)
    with pytest.raises(Conflict):
        app.payouts.approve(payout.id, decision(app))
    assert stands(app, payout) == "requested"
