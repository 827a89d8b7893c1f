"""What a wallet shows beside its balances: money on its way, and movements with their lot and fee."""

from __future__ import annotations

from dataclasses import replace

import pytest

from starbid.domain.ledger import TransferKind
from starbid.services.statements import MOST_DEALS, Statement
from tests.support.desk import deciding
from tests.support.factories import ANNA, BORIS, SELLER, market, put_up, xtr
from tests.support.fakes import FakeApp

ADMIN = 900


@pytest.fixture
def app() -> FakeApp:
    app, _ = market(ANNA, BORIS)
    return app


def bought(app: FakeApp, price: int = 105, who: int = ANNA, title: str = "A brass lamp") -> str:
    lot = put_up(app, title=title, start_price=1, buy_now_price=price).auction.id
    app.bidding.buy(lot, who, price, app.now())
    app.clock.forward(seconds=1)
    return lot


def of(app: FakeApp, who: int, limit: int = 20) -> Statement:
    return app.statements.of(who, ["XTR"], app.now(), limit=limit)


def test_a_price_is_on_its_way_from_the_sale_to_the_confirmation_and_less_the_fee(app: FakeApp) -> None:
    lot = bought(app)
    for step in (None, lambda: app.dealing.deliver(SELLER, lot, "the key", app.now())):
        if step:
            step()
        mine, theirs = of(app, SELLER), of(app, ANNA)
        assert [each.title for each in mine.coming] == ["A brass lamp"]
        assert (mine.to_come("XTR"), mine.in_escrow("XTR")) == (xtr(100), xtr(0))
        assert (theirs.to_come("XTR"), theirs.in_escrow("XTR")) == (xtr(0), xtr(105))
    app.dealing.confirm(ANNA, lot, app.now())
    for who in (SELLER, ANNA):
        assert (of(app, who).coming, of(app, who).spent) == ((), ())
        assert of(app, who).wallets((), who) == ()


@pytest.mark.parametrize("release", [True, False])
def test_money_in_dispute_is_on_its_way_until_the_decision(app: FakeApp, release: bool) -> None:
    lot = bought(app)
    app.dealing.dispute(ANNA, lot, "no", app.now())
    assert (of(app, SELLER).to_come("XTR"), of(app, ANNA).in_escrow("XTR")) == (xtr(100), xtr(105))
    app.dealing.resolve(deciding("seen", app.now()), lot, release)
    assert (of(app, SELLER).coming, of(app, ANNA).spent) == ((), ())


def test_a_stranger_has_nothing_on_its_way(app: FakeApp) -> None:
    bought(app)
    assert of(app, BORIS).wallets((), BORIS) == ()


def test_each_movement_names_its_lot_and_the_fee_is_what_the_seller_did_not_get(app: FakeApp) -> None:
    lot, back = bought(app), bought(app, 50, title="A vase")
    app.dealing.deliver(SELLER, lot, "the key", app.now())
    app.dealing.confirm(ANNA, lot, app.now())
    app.clock.forward(days=14)
    app.dealing.advance(back, app.now())
    (sold, *_) = of(app, SELLER).histories["XTR"].movements
    assert (sold.transfer.kind, sold.title, sold.auction_id, sold.transfer.change, sold.fee) == (
        TransferKind.RELEASE, "A brass lamp", lot, xtr(100), xtr(5),
    )  # fmt: skip
    mine = [
        (each.transfer.kind.value, each.title, each.fee.amount) for each in of(app, ANNA).histories["XTR"].movements[:3]
    ]
    assert mine == [("return", "A vase", 0), ("sale", "A vase", 0), ("sale", "A brass lamp", 0)]


def test_a_movement_from_before_the_lot_was_noted_is_found_by_its_id(app: FakeApp) -> None:
    lot = bought(app)
    transfers = app.store.tables.transfers
    for key, transfer in transfers.items():
        transfers[key] = replace(transfer, facts={})
    first, *others = of(app, ANNA).histories["XTR"].movements
    assert (first.auction_id, first.title) == (lot, "A brass lamp")
    assert {each.auction_id for each in others} == {None}


def test_a_movement_about_a_lot_that_is_not_there_any_more_is_still_shown(app: FakeApp) -> None:
    lot = bought(app)
    del app.store.tables.auctions[lot]
    first = of(app, ANNA).histories["XTR"].movements[0]
    assert (first.auction_id, first.title, first.transfer.change) == (None, "", xtr(-105))


def test_a_subscription_is_no_fee(app: FakeApp) -> None:
    app.clock.forward(seconds=1)
    app.people.subscribe(ANNA, "r1", app.now())
    first = of(app, ANNA).histories["XTR"].movements[0]
    assert (first.transfer.kind, first.fee, first.title) == (TransferKind.SUBSCRIPTION, xtr(0), "")


def test_twenty_movements_and_deals_are_read_in_as_many_trips_as_one(app: FakeApp) -> None:
    trips = []
    for more in (1, 19):
        for _ in range(more):
            bought(app, 10)
        app.store.trips.clear()
        assert len(of(app, ANNA).spent) in (1, 20)
        trips.append(list(app.store.trips))
    assert trips[0] == trips[1] == ["transfers", "deals", "lots"]


def test_more_open_deals_than_are_shown_are_said_to_be_more(app: FakeApp) -> None:
    for _ in range(MOST_DEALS):
        bought(app, 10)
    assert of(app, ANNA).is_whole
    newest = bought(app, 10)
    mine = of(app, ANNA)
    assert (len(mine.spent), mine.is_whole, mine.spent[0].deal.auction_id) == (MOST_DEALS, False, newest)
