"""Gifts of Premium: sent exactly once, whatever fails or dies between any two calls."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from starbid.domain.errors import Conflict
from starbid.domain.payouts import Payout
from starbid.services.billing.gifts import PREMIUM, Gifts, Unclear
from starbid.services.billing.payouts import Payouts
from starbid.services.ports import OutOfOrder, StarTransaction, TryLater, Unavailable
from tests.support.debts import fall_into_debt
from tests.support.desk import decision
from tests.support.factories import ANNA, BORIS, join, pay
from tests.support.fakes import START, Death, FakeApp
from tests.support.invariants import assert_invariants, dump_of
from tests.support.mortal import Fate, Mortal
from tests.support.paying_out import ask, earned, money_of, stands, told, with_old_earnings
from tests.unit.services.billing.reconciled import differences

LOST = OutOfOrder(5)
"""The call went out, and no answer came."""


def approved(amount: int = 1000, method: str = "premium_3") -> tuple[FakeApp, Payout]:
    app = with_old_earnings(amount)
    return app, app.payouts.approve(ask(app, method=method, amount=amount).id, decision(app))


def send(app: FakeApp, payout: Payout) -> str:
    return app.gifts.send(payout.id, app.now()).state.value


def lose_the_answer(app: FakeApp, payout: Payout, *, after: bool) -> None:
    """`after`: Telegram has given it all the same."""
    app.stars.fail_next(LOST, after=after)
    with pytest.raises(OutOfOrder):
        send(app, payout)
    assert stands(app, payout) == "sending"


class Anybodys:
    """Claims that keep nobody out."""

    def claim(self, key: str, seconds: int, now: datetime) -> bool:
        return True

    def finish(self, key: str, seconds: int, now: datetime) -> None: ...

    def finished(self, key: str) -> bool:
        return False

    def forget(self, key: str) -> None: ...


def purchase(app: FakeApp, at: datetime | None = None, who: int = ANNA, months: int = 3) -> StarTransaction:
    return StarTransaction("bought", 1000, at or app.now(), False, PREMIUM, payer_id=who, months=months)


@pytest.mark.parametrize(
    ("method", "price", "months"), [("premium_3", 1000, 3), ("premium_6", 1500, 6), ("premium_12", 2500, 12)]
)
def test_an_approved_payout_becomes_premium(method: str, price: int, months: int) -> None:
    app, payout = approved(price, method)
    assert send(app, payout) == "paid"
    assert app.stars.given == [(ANNA, months)]
    assert money_of(app) == (0, 0)
    assert told(app) == ["payout_paid"]


def test_sending_again_sends_nothing() -> None:
    app, payout = approved()
    assert [send(app, payout) for _ in range(3)] == ["paid"] * 3
    assert app.stars.given == [(ANNA, 3)]


def test_only_what_is_approved_is_sent() -> None:
    app = with_old_earnings()
    payout = ask(app)
    assert send(app, payout) == "requested"
    app.payouts.cancel(ANNA, payout.id, app.now())
    assert send(app, payout) == "cancelled"
    assert app.stars.given == []


def test_ten_at_once_send_one() -> None:
    app, payout = approved()

    def one(_: int) -> str:
        try:
            return send(app, payout)
        except Conflict as conflict:
            return conflict.code

    with ThreadPoolExecutor(10) as crowd:
        seen = set(crowd.map(one, range(10)))
    assert seen <= {"approved", "sending", "paid", "conflict"}
    assert app.stars.given == [(ANNA, 3)]
    assert stands(app, payout) == "paid"


def test_one_whose_claim_has_lapsed_finds_that_another_sends_it() -> None:
    """As after a pause of the machine: it has read the payout as approved, and the other one's call is out."""
    app, payout = approved()
    late = Gifts(app.store, app.stars, Anybodys(), app.payouts)
    app.store.meanwhile(lambda: lose_the_answer(app, payout, after=True))
    assert late.send(payout.id, app.now()).state == "sending"
    assert app.stars.given == [(ANNA, 3)]


def test_what_telegram_refuses_comes_back_and_is_told() -> None:
    app, payout = approved()
    app.stars.ungiftable.add(ANNA)
    assert send(app, payout) == "returned"
    assert money_of(app) == (1000, 0)
    assert told(app) == ["payout_returned"]
    assert app.payouts.payable(ANNA, "XTR", app.now()).now.amount == 1000


@pytest.mark.parametrize("trouble", [LOST, TryLater(30), Unavailable()])
def test_without_an_answer_it_is_neither_repeated_nor_given_back(trouble: Exception) -> None:
    app, payout = approved()
    app.stars.fail_next(trouble, after=True)
    with pytest.raises(type(trouble)):
        send(app, payout)
    for minutes in (0, 2, 2.9):
        app.clock.forward(minutes=minutes)
        assert send(app, payout) == "sending"
    assert len(app.stars.given) == 1


def test_a_lost_answer_is_found_in_telegrams_list() -> None:
    app, payout = approved()
    lose_the_answer(app, payout, after=True)
    app.clock.forward(minutes=5)
    assert app.gifts.sweep(app.now()) == 1
    kept = app.store.tables.payouts[payout.id]
    assert (kept.state, kept.transaction_id) == ("paid", "gift-1")
    assert app.stars.given == [(ANNA, 3)]
    assert told(app) == ["payout_paid"]
    assert app.gifts.sweep(app.now()) == 0


def test_what_is_not_in_the_list_is_sent_again_after_five_minutes() -> None:
    app, payout = approved()
    lose_the_answer(app, payout, after=False)
    app.clock.forward(minutes=4, seconds=59)
    assert (app.gifts.sweep(app.now()), app.stars.given) == (0, [])
    app.clock.forward(seconds=1)
    app.gifts.sweep(app.now())
    assert stands(app, payout) == "paid"
    assert app.stars.given == [(ANNA, 3)]


def test_a_first_try_that_shows_after_a_second_one_was_lost_counts() -> None:
    app, payout = approved()
    first = app.now()
    lose_the_answer(app, payout, after=False)
    app.clock.forward(minutes=5)
    lose_the_answer(app, payout, after=False)
    app.stars.listed.append(purchase(app, first))
    app.clock.forward(minutes=5)
    assert send(app, payout) == "paid"
    assert app.stars.given == []


@pytest.mark.parametrize(
    "change",
    [
        {"payer_id": BORIS},
        {"months": 6},
        {"incoming": True},
        {"kind": "user/gift_purchase"},
        {"at": START},
    ],
    ids=["another person", "another time", "into the bot", "a gift of another kind", "before the try"],
)
def test_other_purchases_are_not_it(change: dict[str, object]) -> None:
    app, payout = approved()
    lose_the_answer(app, payout, after=False)
    app.stars.listed.append(replace(purchase(app), **change))  # type: ignore[arg-type]
    app.clock.forward(minutes=5)
    assert send(app, payout) == "paid"
    assert app.stars.given == [(ANNA, 3)], "so it was sent again"


def test_a_purchase_whose_duration_telegram_does_not_tell_counts_as_it() -> None:
    app, payout = approved()
    lose_the_answer(app, payout, after=False)
    app.stars.listed.append(purchase(app, months=0))
    app.clock.forward(minutes=5)
    assert send(app, payout) == "paid"
    assert app.stars.given == []


def test_a_list_that_cannot_be_read_proves_nothing() -> None:
    app, payout = approved()
    lose_the_answer(app, payout, after=False)
    app.stars.listed.append(replace(purchase(app), kind="unreadable", at=datetime.fromtimestamp(0, app.now().tzinfo)))
    app.clock.forward(minutes=5)
    with pytest.raises(Unclear):
        send(app, payout)
    assert (stands(app, payout), app.stars.given) == ("sending", [])


def test_a_list_that_cannot_be_had_proves_nothing() -> None:
    app, payout = approved()
    lose_the_answer(app, payout, after=True)
    app.clock.forward(minutes=5)
    app.stars.fail_next(LOST)
    with pytest.raises(ExceptionGroup):
        app.gifts.sweep(app.now())
    assert (stands(app, payout), len(app.stars.given)) == ("sending", 1)
    app.gifts.sweep(app.now())
    assert (stands(app, payout), len(app.stars.given)) == ("paid", 1)


@pytest.mark.parametrize("older", [0, 1, 99, 100, 101, 350, 2999])
@pytest.mark.parametrize("newer", [0, 1, 250])
def test_the_purchase_is_found_wherever_it_stands_in_the_list(older: int, newer: int) -> None:
    app, payout = approved()
    some = StarTransaction("s", 1, app.now() - timedelta(days=1), incoming=True)
    app.stars.listed = [replace(some, id=f"o{number}") for number in range(older)]
    lose_the_answer(app, payout, after=True)
    app.stars.listed += [replace(some, id=f"n{number}", at=app.now()) for number in range(newer)]
    app.clock.forward(minutes=5)
    assert send(app, payout) == "paid"
    assert len(app.stars.given) == 1


def test_of_a_long_list_only_the_end_is_read() -> None:
    app, payout = approved()
    some = StarTransaction("s", 1, app.now() - timedelta(days=1), incoming=True)
    app.stars.listed = [replace(some, id=f"o{number}") for number in range(100_000)]
    lose_the_answer(app, payout, after=True)
    app.clock.forward(minutes=5)
    asked: list[int] = []
    listing = app.stars.transactions

    def counted(offset: int, limit: int) -> list[StarTransaction]:
        asked.append(limit)
        return listing(offset, limit)

    app.stars.transactions = counted  # type: ignore[method-assign]
    assert send(app, payout) == "paid"
    assert len(asked) < 30
    assert sum(asked) < 500


def test_two_gifts_to_one_person_are_some_minutes_apart() -> None:
    app = with_old_earnings(2000)
    first, second = (app.payouts.approve(ask(app, request).id, decision(app)) for request in "ab")
    assert (send(app, first), send(app, second)) == ("paid", "approved")
    app.clock.forward(minutes=14)
    app.gifts.sweep(app.now())
    assert stands(app, second) == "approved"
    app.clock.forward(minutes=1)
    app.gifts.sweep(app.now())
    assert stands(app, second) == "paid"
    assert app.stars.given == [(ANNA, 3), (ANNA, 3)]
    assert differences(app) == []


def test_while_one_gift_is_unknown_the_next_waits() -> None:
    app = with_old_earnings(2000)
    first, second = (app.payouts.approve(ask(app, request).id, decision(app)) for request in "ab")
    lose_the_answer(app, first, after=True)
    app.clock.forward(minutes=30)
    assert send(app, second) == "approved"
    assert send(app, first) == "paid"
    assert send(app, second) == "approved" or len(app.stars.given) == 2
    app.clock.forward(minutes=30)
    app.gifts.sweep(app.now())
    assert [stands(app, each) for each in (first, second)] == ["paid", "paid"]
    assert len(app.stars.given) == 2


def test_one_that_fails_does_not_stop_the_others() -> None:
    app, payout = approved()
    join(app, BORIS)
    earned(app, 1000, who=BORIS)
    app.clock.forward(days=21)
    other = app.payouts.approve(ask(app, who=BORIS).id, decision(app))
    app.stars.fail_next(LOST)
    with pytest.raises(ExceptionGroup):
        app.gifts.sweep(app.now())
    assert sorted((stands(app, payout), stands(app, other))) == ["paid", "sending"]


# --- debts ------------------------------------------------------------------------------------------------------------


def test_who_owes_by_then_gets_no_gift() -> None:
    app, payout = approved()
    fall_into_debt(app, ANNA, 100)
    assert send(app, payout) == "returned"
    assert app.stars.given == []
    assert money_of(app)[0] == 900


def test_a_debt_does_not_bring_back_what_may_have_left() -> None:
    app, payout = approved()
    lose_the_answer(app, payout, after=True)
    fall_into_debt(app, ANNA, 100)
    app.follow_debts()
    assert stands(app, payout) == "sending"
    app.clock.forward(minutes=5)
    assert send(app, payout) == "paid"


def test_a_lost_try_that_was_in_vain_is_not_repeated_for_one_who_owes_by_now() -> None:
    app, payout = approved()
    lose_the_answer(app, payout, after=False)
    fall_into_debt(app, ANNA, 100)
    app.clock.forward(minutes=5)
    assert send(app, payout) == "returned"
    assert app.stars.given == []
    assert money_of(app)[0] == 900


# --- death ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("gives", [True, False])
def test_a_death_between_any_two_calls_gives_one_gift_or_the_money_back(gives: bool) -> None:
    moment = 0
    while True:
        app, payout = approved()
        if not gives:
            app.stars.ungiftable.add(ANNA)
        fate = Fate(moment)
        store, stars, claims = (Mortal(port, fate) for port in (app.store, app.stars, app.scratch))
        mortal = Gifts(store, stars, claims, Payouts(store, app.settings.business))
        with suppress(Death):
            mortal.send(payout.id, app.now())
        fate.revive()
        for _ in range(4):
            app.clock.forward(minutes=10)
            app.gifts.sweep(app.now())
        assert stands(app, payout) == ("paid" if gives else "returned"), fate.last
        assert len(app.stars.given) == gives, fate.last
        assert_invariants(dump_of(app.store))
        assert told(app) == ["payout_paid" if gives else "payout_returned"]
        assert differences(app) == []
        if not fate.was_met:
            break
        moment += 1
    assert moment > 12


# --- the daily comparison ---------------------------------------------------------------------------------------------


def test_the_comparison_knows_our_gifts_and_keeps_their_numbers() -> None:
    app, payout = approved()
    send(app, payout)
    assert differences(app) == []
    assert app.store.tables.payouts[payout.id].transaction_id == "gift-1"


def test_a_gift_that_no_payout_is_behind_is_a_difference() -> None:
    app, payout = approved()
    send(app, payout)
    app.stars.listed.append(replace(purchase(app), id="another"))
    app.stars.listed.append(purchase(app, who=BORIS))
    app.stars.listed.append(replace(purchase(app), id="nobody's", payer_id=None))
    found = differences(app)
    assert [(each.fault, each.charge_id, each.is_mended) for each in found] == [
        ("gift", "another", False),
        ("gift", "bought", False),
        ("gift", "nobody's", False),
    ]


def test_a_gift_whose_answer_was_lost_is_booked_by_the_comparison() -> None:
    app, payout = approved()
    lose_the_answer(app, payout, after=True)
    (found,) = differences(app)
    assert (found.fault, found.is_mended) == ("gift", True)
    assert stands(app, payout) == "paid"
    assert differences(app) == []
    app.clock.forward(hours=1)
    assert (app.gifts.sweep(app.now()), len(app.stars.given)) == (0, 1)


def test_a_payment_is_not_taken_for_a_gift() -> None:
    app, payout = approved()
    pay(app, ANNA, 1000, "c1")
    app.stars.listed = [StarTransaction("c1", 1000, app.now(), incoming=True, payer_id=ANNA)]
    send(app, payout)
    assert differences(app) == []
