"""Spec, section 2: what somebody who owes has bought and not received is frozen, given back as needed, or freed."""

import pytest

from starbid.domain.deal_errors import AlreadyDisputed, DealFrozen, WrongDealState
from starbid.domain.deals import Deal, DealState
from starbid.domain.money import Money
from tests.support.factories import ANNA, BORIS, SELLER, pay, xtr
from tests.support.invariants import assert_invariants, dump_of
from tests.support.there import there

from .frozen import DAY, buy, buyers, charge_back, states, told, wallet


def test_a_debt_freezes_what_its_owner_bought_and_both_sides_are_told() -> None:
    app, lots = buyers(400, 600)
    app.run_streams()
    charge_back(app)
    assert (wallet(app), states(app, lots)) == ((0, 1_000), ["frozen", "frozen"])
    assert app.store.deal(lots[0]).due_at == app.now() + 7 * DAY
    told_before = told(app, SELLER)
    assert told_before == ["frozen", "frozen"]
    assert sorted(app.messenger.kinds_for(ANNA)) == ["frozen", "frozen", "refunded"]


def test_delivering_is_refused_while_the_buyer_owes_and_freezes_what_nobody_has_frozen_yet() -> None:
    app, (lot,) = buyers(1_000)
    app.refunding.taken_back(ANNA, "c1", "", 1_000, "XTR", app.now())
    with pytest.raises(DealFrozen):
        app.dealing.deliver(SELLER, lot, "the code", app.now())
    deal = app.store.deal(lot)
    assert (deal.delivery, deal.frozen_at) == (None, app.now())
    app.follow_debts()
    with pytest.raises(DealFrozen):
        app.dealing.deliver(SELLER, lot, "the code", app.now())


def test_a_payment_taken_back_while_the_seller_delivers_is_one_or_the_other() -> None:
    app, (lot,) = buyers(1_000)
    app.store.meanwhile(lambda: app.refunding.taken_back(ANNA, "c1", "", 1_000, "XTR", app.now()))
    with pytest.raises(DealFrozen):
        app.dealing.deliver(SELLER, lot, "the code", app.now())
    assert app.store.deal(lot).delivery is None


def test_who_owes_no_more_than_they_have_gets_what_they_bought() -> None:
    app, (lot,) = buyers(600)
    pay(app, ANNA, 600)
    app.refunding.taken_back(ANNA, "c1", "", 1_000, "XTR", app.now())
    assert wallet(app) == (0, 0)
    assert app.dealing.deliver(SELLER, lot, "the code", app.now()).state is DealState.DELIVERED


def test_what_is_delivered_is_paid_for_and_the_platform_bears_the_rest() -> None:
    app, (lot,) = buyers(1_000)
    app.dealing.deliver(SELLER, lot, "the code", app.now())
    charge_back(app)
    assert states(app, [lot]) == ["delivered"]
    app.dealing.confirm(ANNA, lot, app.now())
    assert app.store.wallet(SELLER, "XTR").available == xtr(950)
    assert wallet(app) == (0, 1_000)
    assert_invariants(dump_of(app.store))


def test_settling_the_debt_frees_the_deals_and_the_frozen_time_counts_for_nothing() -> None:
    app, (lot,) = buyers(1_000)
    due = there(app.store.deal(lot).due_at)
    app.clock.forward(days=3)
    charge_back(app)
    app.clock.forward(days=5)
    pay(app, ANNA, 1_000)
    app.follow_debts()
    deal = app.store.deal(lot)
    assert (deal.frozen_at, deal.due_at, deal.idle) == (None, due + 5 * DAY, 5 * DAY)
    assert told(app, SELLER)[-1] == "thawed"
    app.clock.forward(days=4, minutes=-1, milliseconds=-1)
    with pytest.raises(WrongDealState):
        app.dealing.take_back(ANNA, lot, app.now())
    app.clock.forward(milliseconds=1)
    assert app.dealing.take_back(ANNA, lot, app.now()).state is DealState.REFUNDED


def test_after_the_time_of_a_freeze_prices_go_back_the_newest_first_as_many_as_the_debt_needs() -> None:
    app, lots = buyers(300, 300, 300, stars=1_000)
    app.refunding.taken_back(ANNA, "c1", "", 1_000, "XTR", app.now())
    app.follow_debts()
    assert wallet(app) == (0, 900)
    pay(app, ANNA, 450)
    app.follow_debts()
    assert (wallet(app), states(app, lots)) == ((0, 450), ["frozen"] * 3)
    app.clock.forward(days=7, milliseconds=-1)
    app.scheduler.fire(app)
    assert states(app, lots) == ["frozen"] * 3
    app.clock.forward(milliseconds=1)
    app.scheduler.fire(app)
    app.follow_debts()
    assert states(app, lots) == ["awaiting_delivery", "refunded", "refunded"]
    assert wallet(app) == (150, 0)
    assert app.store.deal(lots[0]).due_at is not None
    assert_invariants(dump_of(app.store))
    assert told(app, SELLER).count("returned") == 2
    app.dealing.deliver(SELLER, lots[0], "the code", app.now())


def test_what_was_bought_in_another_currency_is_not_frozen() -> None:
    app, (lot,) = buyers(1_000)
    price = Money(5_000, "RUB")
    roubles = Deal("roubles", 101, ANNA, price, price.percent(5), app.now(), app.now() + DAY)
    app.store.tables.deals["roubles"] = roubles
    app.refunding.taken_back(ANNA, "c1", "", 1_000, "XTR", app.now())
    app.follow_debts()
    assert states(app, [lot, "roubles"]) == ["frozen", "awaiting_delivery"]


def test_the_deals_of_others_go_on() -> None:
    app, (mine,) = buyers(1_000)
    theirs = buy(app, 500, BORIS)
    charge_back(app)
    assert states(app, [mine, theirs]) == ["frozen", "awaiting_delivery"]
    app.dealing.deliver(SELLER, theirs, "the code", app.now())


def test_a_frozen_deal_can_be_disputed_and_is_frozen_again_when_the_buyer_withdraws() -> None:
    app, (lot,) = buyers(1_000)
    charge_back(app)
    app.clock.forward(days=1)
    disputed = app.dealing.dispute(ANNA, lot, "where is it?", app.now())
    assert (disputed.state, disputed.frozen_at, disputed.idle) == (DealState.DISPUTED, None, DAY)
    app.clock.forward(days=1)
    app.dealing.withdraw(ANNA, lot, app.now())
    assert states(app, [lot]) == ["frozen"]
    assert app.store.deal(lot).idle == 2 * DAY
    with pytest.raises(AlreadyDisputed):
        app.dealing.dispute(ANNA, lot, "again", app.now())


def test_a_frozen_deal_is_not_taken_back_by_hand() -> None:
    app, (lot,) = buyers(1_000)
    app.clock.forward(days=6)
    charge_back(app)
    app.clock.forward(days=6)
    with pytest.raises(DealFrozen):
        app.dealing.take_back(ANNA, lot, app.now())


def test_a_deal_that_is_due_to_go_back_is_not_frozen() -> None:
    app, (lot,) = buyers(1_000)
    app.clock.forward(days=14)
    charge_back(app)
    assert states(app, [lot]) == ["awaiting_delivery"]
    app.dealing.sweep(app.now())
    app.follow_debts()
    assert (states(app, [lot]), wallet(app)) == (["refunded"], (0, 0))


def test_following_a_wallet_twice_tells_once() -> None:
    app, _ = buyers(1_000)
    charge_back(app)
    app.run_streams()
    for _ in range(3):
        app.freezing.follow(ANNA, "XTR", app.now())
    assert told(app, SELLER) == []
