"""Bids in another currency than Stars: who is blocked or owes is found by the bid's own transaction, and no other debt
is in its way.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from starbid.domain.auction import Ending
from starbid.domain.errors import AuctionClosed, BidTooLow, Blocked, InDebt, InsufficientFunds, OwnAuction
from starbid.domain.money import CURRENCIES, XTR, Money
from starbid.domain.payments import Charge
from tests.support.blocking import block, unblock
from tests.support.debts import earn, fall_into_debt
from tests.support.factories import ANNA, BORIS, CLARA, SELLER, join, put_up
from tests.support.fakes import FakeApp, make_app
from tests.support.fiat import RUB, owe, rub, top_up
from tests.support.invariants import assert_invariants, dump_of
from tests.support.lines import MS, decides, said, waits

MONEY = 100_000
KINDS = pytest.mark.parametrize("kind", ["english", "sealed", "vickrey"])
BOUGHT: dict[str, dict[str, Any]] = {
    "dutch": {"type": "dutch", "floor_price": 1_000, "drop_amount": 1_000, "drop_seconds": 60},
    "buy now": {"buy_now_price": 20_000},
}


def rouble_market(kind: str = "english", **terms: Any) -> tuple[FakeApp, str, dict[int, Charge]]:
    """ANNA, BORIS and CLARA with a thousand roubles each, and a lot from a hundred roubles on. Nobody has Stars."""
    app = make_app()
    charges = {}
    for who in (ANNA, BORIS, CLARA):
        join(app, who)
        charges[who] = top_up(app, who, rub(MONEY))
    return app, for_roubles(app, **({"type": kind, "start_price": 10_000} | terms)), charges


def for_roubles(app: FakeApp, **fields: Any) -> str:
    return put_up(app, goods="physical", currency=RUB, **fields).auction.id


def balance(app: FakeApp, who: int) -> tuple[int, int, int]:
    mine = app.store.wallet(who, RUB, consistent=True)
    return mine.available.amount, mine.held.amount, mine.owed.amount


# --- what it takes ----------------------------------------------------------------------------------------------------


@KINDS
def test_an_accepted_bid_takes_two_round_trips_in_every_currency(kind: str) -> None:
    app, lot, _ = rouble_market(kind)
    app.bidding.bid(lot, ANNA, 20_000, app.now(), confirmed=True)
    app.store.trips.clear()
    app.bidding.bid(lot, BORIS, 30_000, app.now(), confirmed=True)
    assert app.store.trips == ["auction+wallet+line", "commit"]
    assert balance(app, BORIS) == (70_000, 30_000, 0)
    assert_invariants(dump_of(app.store))


@pytest.mark.parametrize(("bidder", "amount", "refusal"), [(BORIS, 10_001, BidTooLow), (SELLER, 90_000, OwnAuction)])
def test_a_bid_that_can_only_be_refused_takes_one_round_trip(
    bidder: int, amount: int, refusal: type[Exception]
) -> None:
    app, lot, _ = rouble_market()
    app.bidding.bid(lot, ANNA, 20_000, app.now(), confirmed=True)
    app.store.trips.clear()
    with pytest.raises(refusal):
        app.bidding.bid(lot, bidder, amount, app.now())
    assert app.store.trips == ["auction+wallet+line"]


def test_a_lot_in_a_currency_that_is_not_topped_up_any_more_is_bid_on_all_the_same() -> None:
    """`TOPUP_CURRENCY` was changed while the lot was live: its money is still there."""
    app, lot, _ = rouble_market()
    assert RUB in app.settings.business.currencies
    later = make_app({"TOPUP_CURRENCY": "EUR"})
    later.store, later.clock = app.store, app.clock
    later.bidding.bid(lot, ANNA, 20_000, later.now(), confirmed=True)
    assert balance(app, ANNA) == (80_000, 20_000, 0)
    block(later, BORIS)
    with pytest.raises(Blocked):
        later.bidding.bid(lot, BORIS, 30_000, later.now(), confirmed=True)


def test_stars_back_no_bid_in_roubles_and_roubles_none_in_stars() -> None:
    app, lot, _ = rouble_market()
    join(app, 7, stars=MONEY)
    with pytest.raises(InsufficientFunds) as refusal:
        app.bidding.bid(lot, 7, 20_000, app.now(), confirmed=True)
    assert refusal.value.needed == rub(20_000)
    assert refusal.value.available == rub(0)
    with pytest.raises(InsufficientFunds):
        app.bidding.bid(put_up(app).auction.id, ANNA, 200, app.now())


# --- blocked, and in debt, between the reading and the writing --------------------------------------------------------

Act = Callable[[FakeApp, Charge], object]
INTERRUPTIONS: dict[str, tuple[Act, type[Exception]]] = {
    "blocked": (lambda app, charge: block(app, charge.user_id), Blocked),
    "charged back": (lambda app, charge: app.refunding.take_back(charge.id, app.now()), InDebt),
}
OF_ANNA = pytest.mark.parametrize(("act", "refusal"), INTERRUPTIONS.values(), ids=INTERRUPTIONS)


def hold_half(app: FakeApp, who: int = ANNA) -> str:
    """On another lot: what is charged back then leaves a debt."""
    elsewhere = for_roubles(app, start_price=10_000)
    app.bidding.bid(elsewhere, who, MONEY // 2, app.now(), confirmed=True)
    return elsewhere


@KINDS
@OF_ANNA
def test_a_bid_is_refused_to_who_may_not_bid_any_more_when_it_is_written(
    kind: str, act: Act, refusal: type[Exception]
) -> None:
    app, lot, charges = rouble_market(kind)
    hold_half(app)
    app.store.meanwhile(lambda: act(app, charges[ANNA]))
    with pytest.raises(refusal):
        app.bidding.bid(lot, ANNA, 20_000, app.now(), confirmed=True)
    assert app.store.auction(lot).bids_count == 0
    assert balance(app, ANNA)[1] == MONEY // 2
    assert_invariants(dump_of(app.store))


@KINDS
@OF_ANNA
def test_an_old_read_is_no_way_around_it(kind: str, act: Act, refusal: type[Exception]) -> None:
    app, lot, charges = rouble_market(kind)
    hold_half(app)
    app.store.lag = True
    act(app, charges[ANNA])
    with pytest.raises(refusal):
        app.bidding.bid(lot, ANNA, 20_000, app.now(), confirmed=True)
    assert_invariants(dump_of(app.store))


@OF_ANNA
def test_a_raise_of_who_leads_is_refused_too(act: Act, refusal: type[Exception]) -> None:
    app, lot, charges = rouble_market()
    app.bidding.bid(lot, ANNA, 60_000, app.now(), confirmed=True)
    app.store.meanwhile(lambda: act(app, charges[ANNA]))
    with pytest.raises(refusal):
        app.bidding.bid(lot, ANNA, 70_000, app.now(), confirmed=True)
    assert balance(app, ANNA)[1] == 60_000
    assert_invariants(dump_of(app.store))


def charged_back_and_earned(app: FakeApp, charge: Charge, earned: int) -> None:
    """Fifty thousand kopecks are owed, and so much has come in that has not settled them."""
    app.refunding.take_back(charge.id, app.now())
    earn(app, earned, charge.user_id, RUB)


@KINDS
@pytest.mark.parametrize("lag", [True, False])
def test_a_debt_that_comes_up_meanwhile_and_can_be_paid_is_paid_before_the_bid(kind: str, lag: bool) -> None:
    app, lot, charges = rouble_market(kind)
    hold_half(app)
    app.store.lag = lag
    app.store.meanwhile(lambda: charged_back_and_earned(app, charges[ANNA], 80_000))
    app.bidding.bid(lot, ANNA, 20_000, app.now(), confirmed=True)
    assert balance(app, ANNA) == (10_000, 70_000, 0)
    assert_invariants(dump_of(app.store))


@KINDS
@pytest.mark.parametrize("lag", [True, False])
def test_a_debt_that_comes_up_meanwhile_bars_the_bid_though_there_is_money_for_it(kind: str, lag: bool) -> None:
    app, lot, charges = rouble_market(kind)
    hold_half(app)
    app.store.lag = lag
    app.store.meanwhile(lambda: charged_back_and_earned(app, charges[ANNA], 45_000))
    with pytest.raises(InDebt) as refusal:
        app.bidding.bid(lot, ANNA, 20_000, app.now(), confirmed=True)
    assert refusal.value.owed == rub(5_000)
    assert app.store.auction(lot, consistent=True).bids_count == 0
    assert_invariants(dump_of(app.store))


@KINDS
def test_in_a_crowd_too(kind: str) -> None:
    app, lot, charges = rouble_market(kind)
    hold_half(app)
    line = [waits(app, lot, who, 20_000 + 5_000 * n, app.now() + n * MS) for n, who in enumerate((ANNA, BORIS))]
    app.store.meanwhile(lambda: charged_back_and_earned(app, charges[ANNA], 45_000))
    decides(app, lot)
    assert said(app, *line) == [InDebt, 1]
    assert_invariants(dump_of(app.store))


@pytest.mark.parametrize("terms", BOUGHT.values(), ids=BOUGHT)
def test_no_purchase_with_a_debt_that_comes_up_meanwhile(terms: dict[str, Any]) -> None:
    app, lot, charges = rouble_market(**terms)
    hold_half(app)
    app.store.meanwhile(lambda: charged_back_and_earned(app, charges[ANNA], 45_000))
    with pytest.raises(InDebt):
        app.bidding.buy(lot, ANNA, terms.get("buy_now_price", 10_000), app.now())
    assert_invariants(dump_of(app.store))


@pytest.mark.parametrize("terms", BOUGHT.values(), ids=BOUGHT)
@OF_ANNA
def test_a_purchase_is_refused_too(terms: dict[str, Any], act: Act, refusal: type[Exception]) -> None:
    app, lot, charges = rouble_market(**terms)
    hold_half(app)
    app.store.meanwhile(lambda: act(app, charges[ANNA]))
    with pytest.raises(refusal):
        app.bidding.buy(lot, ANNA, terms.get("buy_now_price", 10_000), app.now())
    assert app.store.auction(lot).ending is Ending.OPEN
    assert_invariants(dump_of(app.store))


@KINDS
@OF_ANNA
def test_in_a_crowd_they_are_refused_and_the_others_are_not(kind: str, act: Act, refusal: type[Exception]) -> None:
    app, lot, charges = rouble_market(kind)
    hold_half(app)
    line = [waits(app, lot, who, 20_000 + 5_000 * n, app.now() + n * MS) for n, who in enumerate((ANNA, BORIS, CLARA))]
    app.store.meanwhile(lambda: act(app, charges[ANNA]))
    decides(app, lot)
    assert said(app, *line) == [refusal, 1, 2]
    assert_invariants(dump_of(app.store))


# --- a debt bars bids in its own currency, and in no other ------------------------------------------------------------


def owing_stars() -> tuple[FakeApp, str]:
    """ANNA owes 100 Stars and has a thousand roubles."""
    app = make_app({"SUBSCRIPTION_PRICE": "100"})
    for who in (ANNA, BORIS):
        join(app, who)
        top_up(app, who, rub(MONEY))
    fall_into_debt(app, ANNA, 100)
    return app, for_roubles(app, start_price=10_000)


@KINDS
def test_who_owes_stars_bids_in_roubles_in_a_crowd_too(kind: str) -> None:
    app, _ = owing_stars()
    lot = for_roubles(app, type=kind, start_price=10_000)
    line = [waits(app, lot, who, 20_000 + 5_000 * n, app.now() + n * MS) for n, who in enumerate((ANNA, BORIS))]
    decides(app, lot)
    assert said(app, *line) == [1, 2]
    assert_invariants(dump_of(app.store))


def test_who_owes_stars_wins_and_is_delivered_to_in_roubles() -> None:
    app, lot = owing_stars()
    app.bidding.bid(lot, ANNA, 20_000, app.now(), confirmed=True)
    app.clock.forward(hours=1, seconds=2)
    assert app.closing.close(lot, app.now()).leader_id == ANNA
    app.follow_debts()
    assert app.store.deal(lot).frozen_at is None
    assert_invariants(dump_of(app.store))


@KINDS
def test_who_owes_roubles_bids_in_stars_and_in_no_roubles(kind: str) -> None:
    app, lot, _ = rouble_market(kind)
    join(app, 7, stars=10_000)
    owe(app, 7, rub(50_000), for_roubles(app, start_price=10_000))
    with pytest.raises(InDebt) as refusal:
        app.bidding.bid(lot, 7, 20_000, app.now(), confirmed=True)
    assert refusal.value.owed == rub(50_000)
    mine = [waits(app, lot, 7, 20_000, app.now()), waits(app, lot, ANNA, 30_000, app.now() + MS)]
    decides(app, lot)
    assert said(app, *mine) == [InDebt, 1]
    app.bidding.bid(put_up(app, type=kind).auction.id, 7, 500, app.now())
    assert app.store.wallet(7, XTR, consistent=True).held == Money(500, XTR)
    assert_invariants(dump_of(app.store))


@KINDS
def test_who_owes_roubles_wins_nothing_in_roubles_and_their_hold_settles_the_debt(kind: str) -> None:
    app, lot, charges = rouble_market(kind)
    app.bidding.bid(lot, BORIS, 30_000, app.now(), confirmed=True)
    app.bidding.bid(lot, ANNA, 60_000, app.now(), confirmed=True)
    app.refunding.take_back(charges[ANNA].id, app.now())
    assert balance(app, ANNA) == (0, 60_000, 60_000)
    app.clock.forward(hours=1, seconds=2)
    app.closing.sweep(app.now())
    app.follow_debts()
    auction = app.store.auction(lot, consistent=True)
    if kind == "english":
        assert auction.leader_id is None or auction.offer is not None
        assert auction.offer
        assert auction.offer.to_id == BORIS
    else:
        assert auction.leader_id == BORIS
    assert balance(app, ANNA) == (0, 0, 0)
    assert_invariants(dump_of(app.store))


def test_a_debt_in_roubles_bars_selling_for_stars() -> None:
    app, _, _ = rouble_market()
    join(app, 7, seller=True)
    owe(app, 7, rub(50_000), for_roubles(app, start_price=10_000))
    with pytest.raises(InDebt):
        app.publishing.require_seller(7, app.now())


# --- a block stands in every wallet -----------------------------------------------------------------------------------


@pytest.mark.parametrize("currency", CURRENCIES)
def test_who_is_blocked_is_so_in_the_wallet_of_every_currency_and_so_is_who_is_not_any_more(currency: str) -> None:
    app = make_app()
    join(app, ANNA)
    block(app, ANNA)
    assert app.store.wallet(ANNA, currency, consistent=True).blocked
    unblock(app, ANNA)
    assert not app.store.wallet(ANNA, currency, consistent=True).blocked


def test_money_that_comes_after_a_block_makes_nobody_able_to_bid() -> None:
    app, lot, _ = rouble_market()
    join(app, 7)
    block(app, 7)
    top_up(app, 7, rub(MONEY))
    with pytest.raises(Blocked):
        app.bidding.bid(lot, 7, 20_000, app.now(), confirmed=True)
    unblock(app, 7)
    app.bidding.bid(lot, 7, 20_000, app.now(), confirmed=True)


def test_a_bid_on_a_lot_that_is_over_hears_of_the_block_first() -> None:
    app, lot, _ = rouble_market()
    block(app, ANNA)
    app.clock.forward(hours=2)
    with pytest.raises(Blocked):
        app.bidding.bid(lot, ANNA, 1, app.now())
    with pytest.raises(AuctionClosed):
        app.bidding.bid(lot, BORIS, 20_000, app.now())
