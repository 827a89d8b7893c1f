"""Where a debt would be in the way of a bid, a lot, a subscription or a pay-out, it is settled first if it can be."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from starbid.domain.errors import InDebt, InsufficientFunds, StarbidError
from starbid.domain.lots import Lot
from starbid.domain.money import XTR
from starbid.services.ports import Contended, Unavailable
from tests.support.debts import earn, fall_into_debt, offsets, owing, told, wallet_of
from tests.support.factories import ANNA, BORIS, SELLER, draft, join, market, put_up, xtr
from tests.support.fakes import FakeApp
from tests.support.fiat import RUB, rub, top_up
from tests.support.invariants import assert_invariants, dump_of
from tests.support.refunds import refuses


def on_sale(app: FakeApp, **changes: Any) -> Lot:
    join(app, SELLER, seller=True)
    return put_up(app, **changes)


ACTS: dict[str, Callable[[FakeApp, str], Any]] = {
    "bid": lambda app, lot: app.bidding.bid(lot, ANNA, 300, app.now()),
    "buy": lambda app, lot: app.bidding.buy(lot, ANNA, 300, app.now()),
    "subscribe": lambda app, _: app.people.subscribe(ANNA, "r", app.now()),
    "publish": lambda app, _: app.publishing.publish(ANNA, draft(app.now()), (), "r", app.now()),
}


@pytest.mark.parametrize("act", ACTS)
def test_who_has_earned_enough_since_may_act_at_once(act: str) -> None:
    app = owing(100)
    lot = on_sale(app, start_price=100, buy_now_price=300).auction.id
    earn(app, 5_000)
    ACTS[act](app, lot)
    spent = {"bid": 300, "buy": 300, "subscribe": 100, "publish": 0}[act]
    assert app.store.tables.wallets[ANNA, "XTR"].available == xtr(4_900 - spent)
    assert wallet_of(app)[2] == 0
    assert told(app) == [(100, 0)]
    assert_invariants(dump_of(app.store))


@pytest.mark.parametrize("act", ACTS)
def test_who_has_earned_too_little_since_may_not_and_is_told_what_is_missing(act: str) -> None:
    app = owing(100)
    lot = on_sale(app, start_price=10, buy_now_price=300).auction.id
    earn(app, 60)
    with pytest.raises(InDebt) as refusal:
        ACTS[act](app, lot)
    assert refusal.value.owed == xtr(40)
    assert_invariants(dump_of(app.store))


@pytest.mark.parametrize("kind", ["english", "sealed", "vickrey"])
def test_a_bid_on_what_is_left_after_the_debt_is_one_that_can_be_paid(kind: str) -> None:
    app = owing(100)
    lot = on_sale(app, type=kind, start_price=10).auction.id
    earn(app, 150)
    refusal = refuses(app, InsufficientFunds, lambda: app.bidding.bid(lot, ANNA, 51, app.now()))
    assert refusal.details == {"available": 50, "needed": 51, "missing": 1}
    app.bidding.bid(lot, ANNA, 50, app.now())
    assert wallet_of(app) == (0, 50, 0)
    assert_invariants(dump_of(app.store))


@pytest.mark.parametrize("lag", [False, True])
def test_a_bid_that_is_refused_settles_nothing(lag: bool) -> None:
    """Refused for a debt or for any other reason: it changes nothing (spec, section 3)."""
    app = owing(100)
    lot = on_sale(app, start_price=10).auction.id
    earn(app, 60)
    app.store.lag = lag
    refuses(app, InDebt, lambda: app.bidding.bid(lot, ANNA, 20, app.now()))
    app.store.lag = False
    earn(app, 60)
    app.store.lag = lag
    refuses(app, StarbidError, lambda: app.bidding.bid(lot, ANNA, 9, app.now()))
    refuses(app, InsufficientFunds, lambda: app.bidding.bid(lot, ANNA, 21, app.now()))


@pytest.mark.parametrize("kind", ["english", "sealed", "vickrey"])
def test_a_debt_of_stars_bars_no_bids_in_roubles(kind: str) -> None:
    """Spec, section 2: a debt bars bids in its own currency, and selling in any."""
    app = owing(100)
    lot = on_sale(app, type=kind, start_price=10, goods="physical", currency=RUB).auction.id
    top_up(app, ANNA, rub(500))
    app.bidding.bid(lot, ANNA, 20, app.now())
    assert wallet_of(app) == (0, 0, 100)
    assert app.store.tables.wallets[ANNA, RUB].held == rub(20)
    assert_invariants(dump_of(app.store))


def test_an_old_read_of_money_that_has_gone_settles_nothing() -> None:
    app = owing(100)
    lot = on_sale(app, start_price=10).auction.id
    wallets = app.store.tables.wallets
    gone, wallets[ANNA, "XTR"] = wallets[ANNA, "XTR"], replace(wallets[ANNA, "XTR"], available=xtr(500))
    app.store.lag = True
    wallets[ANNA, "XTR"] = replace(gone, available=xtr(0))
    refuses(app, InDebt, lambda: app.bidding.bid(lot, ANNA, 20, app.now()))


def test_an_old_read_without_the_debt_is_no_way_around_it() -> None:
    """The write finds out; what is available settles the debt, and the bid is on the rest."""
    app = owing(100)
    lot = on_sale(app, start_price=10).auction.id
    debt = app.store.tables.wallets[ANNA, "XTR"]
    app.store.tables.wallets[ANNA, "XTR"] = replace(debt, available=xtr(130), owed=xtr(0))
    app.store.lag = True
    app.store.tables.wallets[ANNA, "XTR"] = debt
    earn(app, 130)
    with pytest.raises(InsufficientFunds):
        app.bidding.bid(lot, ANNA, 130, app.now())
    app.bidding.bid(lot, ANNA, 30, app.now())
    assert wallet_of(app) == (0, 30, 0)
    assert_invariants(dump_of(app.store))


def test_a_bid_and_its_settlement_are_found_done_when_the_bid_comes_again() -> None:
    app = owing(100)
    lot = on_sale(app, start_price=10).auction.id
    earn(app, 150)
    app.store.meanwhile(lambda: app.bidding.bid(lot, ANNA, 20, app.now()))
    app.bidding.bid(lot, ANNA, 50, app.now())
    assert offsets(app) == [100]
    assert wallet_of(app) == (0, 50, 0)
    assert_invariants(dump_of(app.store))


def test_a_debt_that_comes_up_while_a_bid_is_placed_is_settled_before_it() -> None:
    app, lot = market(ANNA, stars=250)
    (charge,) = app.store.charges_of(ANNA)
    app.people.subscribe(ANNA, "r", app.now())

    def taken_back_and_paid() -> None:
        app.refunding.taken_back(ANNA, charge.id, "", 250, "XTR", app.now())
        assert wallet_of(app) == (0, 0, 100)
        earn(app, 250)

    app.store.meanwhile(taken_back_and_paid)
    app.bidding.bid(lot.auction.id, ANNA, 150, app.now())
    assert wallet_of(app) == (0, 150, 0)
    assert_invariants(dump_of(app.store))


def test_what_a_bid_costs_is_as_it_was_where_nothing_is_owed() -> None:
    app, lot = market(ANNA, BORIS)
    for who, amount in ((ANNA, 300), (BORIS, 400)):
        app.store.trips.clear()
        app.bidding.bid(lot.auction.id, who, amount, app.now())
        assert app.store.trips == ["auction+wallet+line", "commit"]
    app.store.trips.clear()
    with pytest.raises(StarbidError):
        app.bidding.bid(lot.auction.id, ANNA, 10, app.now())
    assert app.store.trips == ["auction+wallet+line"]


def test_a_bid_that_settles_a_debt_first_takes_three_round_trips_more() -> None:
    app = owing(100)
    lot = on_sale(app, start_price=10).auction.id
    earn(app, 150)
    app.store.trips.clear()
    app.bidding.bid(lot, ANNA, 20, app.now())
    assert app.store.trips == ["auction+wallet+line", "auction+wallet+line", "wallet", "commit", "commit"]


# --- money of deals ---------------------------------------------------------------------------------------------------


def sold_by_a_debtor() -> tuple[FakeApp, str]:
    """SELLER sold a lot for 100, of which 95 will be theirs, and has come to owe 100."""
    app, lot = market(BORIS)
    app.bidding.bid(lot.auction.id, BORIS, 100, app.now())
    app.clock.forward(hours=1, seconds=2)
    app.closing.close(lot.auction.id, app.now())
    fall_into_debt(app, SELLER, 100)
    assert wallet_of(app, SELLER) == (0, 0, 100)
    return app, lot.auction.id


def test_a_sale_that_is_paid_out_settles_at_once() -> None:
    app, lot = sold_by_a_debtor()
    app.dealing.deliver(SELLER, lot, "the key", app.now())
    app.dealing.confirm(BORIS, lot, app.now())
    assert wallet_of(app, SELLER) == (0, 0, 5)
    assert told(app, SELLER) == [(95, 5)]
    assert_invariants(dump_of(app.store))


def test_a_sale_that_is_paid_out_by_itself_settles_too() -> None:
    app, lot = sold_by_a_debtor()
    app.dealing.deliver(SELLER, lot, "the key", app.now())
    app.clock.forward(days=7)
    app.scheduler.fire(app)
    assert wallet_of(app, SELLER) == (0, 0, 5)


def test_money_that_comes_back_for_a_lot_settles_what_its_buyer_owes() -> None:
    app, lot = market(ANNA, stars=250)
    (charge,) = app.store.charges_of(ANNA)
    app.bidding.bid(lot.auction.id, ANNA, 250, app.now())
    app.clock.forward(hours=1, seconds=2)
    app.closing.close(lot.auction.id, app.now())
    app.people.subscribe(ANNA, "r", app.now())
    app.refunding.taken_back(ANNA, charge.id, "", 250, "XTR", app.now())
    assert wallet_of(app) == (0, 0, 200)
    app.clock.forward(days=14)
    app.dealing.sweep(app.now())
    assert wallet_of(app) == (0, 0, 100)
    assert told(app) == [(100, 100)]
    assert_invariants(dump_of(app.store))


@pytest.mark.parametrize("fault", [Contended(), Unavailable("down")])
def test_a_deal_goes_its_way_whatever_becomes_of_the_debt(fault: Exception) -> None:
    app, lot = sold_by_a_debtor()
    app.dealing.deliver(SELLER, lot, "the key", app.now())
    app.store.meanwhile(lambda: None)
    app.store.meanwhile(lambda: app.store.fail_next(fault, times=4))
    assert app.dealing.confirm(BORIS, lot, app.now()).state == "completed"
    app.store.heal()
    assert wallet_of(app, SELLER) == (95, 0, 100)
    app.debts.offset(SELLER, XTR, app.now())
    assert wallet_of(app, SELLER) == (0, 0, 5)


def test_what_is_owed_by_nobody_costs_a_deal_one_read() -> None:
    app, lot = market(ANNA)
    app.bidding.bid(lot.auction.id, ANNA, 100, app.now())
    app.clock.forward(hours=1, seconds=2)
    app.closing.close(lot.auction.id, app.now())
    app.dealing.deliver(SELLER, lot.auction.id, "the key", app.now())
    app.store.trips.clear()
    app.dealing.confirm(ANNA, lot.auction.id, app.now())
    assert app.store.trips == ["deal", "commit", "wallet"]
