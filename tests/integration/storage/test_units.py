"""What a unit of writing promises, the same for every store."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from starbid.domain.deals import DealTimes, deliver, open_deal
from starbid.domain.events import SubscriptionEnded
from starbid.domain.ledger import TransferKind, move, source_account, user_account
from starbid.domain.payments import Charge, Provider, Purpose
from starbid.domain.wallet import WalletChange
from starbid.services.ports import ConditionFailed, IdempotencyRecord, Standing
from tests.support import factories
from tests.support.dynamo import join, put_up
from tests.support.factories import ANNA, BORIS, SELLER, person, xtr
from tests.support.fakes import START, StagedApp
from tests.support.there import there

STARS = source_account(Provider.STARS)


def refused(unit: Any) -> ConditionFailed:
    with pytest.raises(ConditionFailed) as caught:
        unit.commit()
    return caught.value


def test_an_auction_id_is_taken_once(any_app: StagedApp) -> None:
    lot = factories.lot()
    unit = any_app.store.unit()
    unit.create_auction(lot.auction, lot.card)
    unit.commit()
    again = any_app.store.unit()
    again.create_auction(replace(lot.auction, seller_id=7), lot.card)
    assert refused(again).current("auction") == lot.auction
    assert any_app.store.lot(lot.auction.id, consistent=True) == lot


def test_a_write_on_an_old_version_is_refused_and_shows_the_present_one(any_app: StagedApp) -> None:
    join(any_app, SELLER, seller=True)
    join(any_app, ANNA, stars=1000)
    lot = put_up(any_app)
    after = any_app.bidding.bid(lot.auction.id, ANNA, 200, any_app.now()).auction
    unit = any_app.store.unit()
    unit.save_auction(lot.auction, replace(lot.auction, version=2))
    error = refused(unit)
    assert error.blames("auction")
    assert error.current("auction") == after


def test_nothing_of_a_refused_unit_happens(any_app: StagedApp) -> None:
    join(any_app, ANNA, stars=50)
    parts = {STARS: xtr(-10), user_account(ANNA): xtr(10)}
    unit = any_app.store.unit()
    unit.post(move("t1", TransferKind.STARS, ANNA, any_app.now(), parts))
    unit.change_wallet(WalletChange.hold(ANNA, xtr(51)))
    error = refused(unit)
    assert error.blames("wallet")
    assert not error.blames("transfer")
    assert error.current("wallet").available == xtr(50)
    assert [t.kind for t in any_app.store.transfers(ANNA, "XTR").items] == ["stars"]
    assert any_app.store.wallet(ANNA, "XTR", consistent=True).held == xtr(0)


@pytest.mark.parametrize("change", [WalletChange.hold(BORIS, xtr(1)), WalletChange.hold(BORIS, xtr(-1))])
def test_a_wallet_that_does_not_exist_has_nothing_to_give(any_app: StagedApp, change: WalletChange) -> None:
    unit = any_app.store.unit()
    unit.change_wallet(change)
    error = refused(unit)
    assert error.blames("wallet")
    assert error.current("wallet") is None


def test_money_that_is_asked_for_but_not_moved_must_be_there(any_app: StagedApp) -> None:
    join(any_app, ANNA, stars=100)
    enough = any_app.store.unit()
    enough.require_money(ANNA, xtr(100), START)
    enough.emit(SubscriptionEnded("e1", any_app.now(), ANNA))
    enough.commit()
    too_much = any_app.store.unit()
    too_much.require_money(ANNA, xtr(101), START)
    assert refused(too_much).refusals[0].key == str(ANNA)


@pytest.mark.parametrize("change", [-30, 0, 20])
def test_more_may_be_asked_of_a_wallet_than_is_taken_from_it(any_app: StagedApp, change: int) -> None:
    """Of several bids decided together each had to be paid for, though in the end the wallet moves little or not."""
    join(any_app, ANNA, stars=100)
    moved = WalletChange(ANNA, xtr(change), xtr(-change))
    if change > 0:
        held = any_app.store.unit()
        held.change_wallet(WalletChange.hold(ANNA, xtr(40)))
        held.commit()
    there = any_app.store.wallet(ANNA, "XTR", consistent=True).available

    def unit(needed: int, standing: Standing = Standing.GOOD) -> Any:
        unit = any_app.store.unit()
        unit.change_wallet(moved, standing, xtr(needed))
        unit.emit(SubscriptionEnded(f"e{needed}", any_app.now(), ANNA))
        return unit

    error = refused(unit(there.amount + 1))
    assert error.blames("wallet")
    assert error.current("wallet").available == there
    unit(there.amount).commit()
    after = any_app.store.wallet(ANNA, "XTR", consistent=True)
    assert after.available == there + xtr(change)
    debt = any_app.store.unit()
    debt.change_debt(ANNA, xtr(0), xtr(5), xtr(0))
    debt.commit()
    assert refused(unit(1)).current("wallet").owed == xtr(5)
    unit(2, Standing.ANY).commit()


def test_nothing_is_asked_of_a_wallet_that_needs_nothing(any_app: StagedApp) -> None:
    unit = any_app.store.unit()
    unit.change_wallet(WalletChange(BORIS, xtr(0), xtr(0)), Standing.GOOD, xtr(0))
    unit.emit(SubscriptionEnded("e1", any_app.now(), BORIS))
    unit.commit()
    marked = any_app.store.unit()
    marked.mark_wallet(person(BORIS, blocked=True), "XTR")
    marked.commit()
    blocked = any_app.store.unit()
    blocked.change_wallet(WalletChange(BORIS, xtr(0), xtr(0)), Standing.GOOD, xtr(0))
    assert refused(blocked).current("wallet").blocked


def test_somebody_in_debt_cannot_hold_but_can_be_paid(any_app: StagedApp) -> None:
    join(any_app, ANNA, stars=100)
    debt = any_app.store.unit()
    debt.change_debt(ANNA, xtr(-40), xtr(25), xtr(-65))
    debt.commit()
    unit = any_app.store.unit()
    unit.change_wallet(WalletChange.hold(ANNA, xtr(1)), Standing.GOOD)
    assert refused(unit).current("wallet").owed == xtr(25)
    credit = any_app.store.unit()
    credit.change_wallet(WalletChange.credit(ANNA, xtr(5)))
    credit.commit()
    wallet = any_app.store.wallet(ANNA, "XTR", consistent=True)
    assert (wallet.available, wallet.owed) == (xtr(65), xtr(25))


def test_a_debt_is_settled_by_number_and_from_what_is_there(any_app: StagedApp) -> None:
    join(any_app, ANNA, stars=100)
    debt = any_app.store.unit()
    debt.change_debt(ANNA, xtr(0), xtr(70), xtr(0))
    debt.commit()

    def offset(part: int, number: int) -> Any:
        unit = any_app.store.unit()
        unit.offset_debt(ANNA, xtr(part), number)
        return unit

    assert refused(offset(20, 2)).current("wallet").offsets == 0
    offset(20, 1).commit()
    assert refused(offset(20, 1)).current("wallet").offsets == 1
    assert refused(offset(51, 2)).blames("wallet")  # more than is owed
    offset(30, 2).commit()
    wallet = any_app.store.wallet(ANNA, "XTR", consistent=True)
    assert (wallet.available, wallet.owed, wallet.offsets) == (xtr(50), xtr(20), 2)
    poor = any_app.store.unit()
    poor.change_wallet(WalletChange.credit(ANNA, xtr(-40)))
    poor.commit()
    assert refused(offset(11, 3)).current("wallet").available == xtr(10)


def test_a_transfer_a_charge_and_a_memory_are_written_once(any_app: StagedApp) -> None:
    now = any_app.now()
    parts = {STARS: xtr(-10), user_account(ANNA): xtr(10)}
    charge = Charge("c1", Provider.STARS, ANNA, xtr(10), Purpose.STARS, None, now)

    def write() -> Any:
        unit = any_app.store.unit()
        unit.post(move("t1", TransferKind.STARS, ANNA, now, parts, note="n"))
        unit.add_charge(charge)
        unit.record(IdempotencyRecord("k", "f", {"status": 201, "body": {"price": None, "many": [1, "2"]}}))
        return unit

    write().commit()
    error = refused(write())
    assert {refusal.what for refusal in error.refusals} == {"transfer", "charge", "idempotency"}
    assert any_app.store.charge("c1") == charge
    assert there(any_app.store.idempotency_record("k")).result == {
        "status": 201,
        "body": {"price": None, "many": [1, "2"]},
    }
    assert any_app.store.transfers(ANNA, "XTR").items[0] == move("t1", TransferKind.STARS, ANNA, now, parts, note="n")


def test_a_seller_must_be_subscribed_at_that_moment(any_app: StagedApp) -> None:
    join(any_app, SELLER, seller=True)
    join(any_app, ANNA)

    def check(user_id: int, later: timedelta) -> Any:
        unit = any_app.store.unit()
        unit.require_seller(user_id, any_app.now() + later)
        unit.emit(SubscriptionEnded("e", any_app.now(), user_id))
        return unit

    check(SELLER, timedelta(days=29)).commit()
    assert refused(check(SELLER, timedelta(days=30))).current("person").id == SELLER
    assert refused(check(ANNA, timedelta())).blames("person")
    assert refused(check(999, timedelta())).current("person") is None


def test_a_deal_is_opened_once_and_moves_by_versions(any_app: StagedApp) -> None:
    now = any_app.now()
    deal = open_deal("lot1", SELLER, ANNA, xtr(310), xtr(0), 5, now, DealTimes())
    unit = any_app.store.unit()
    unit.open_deal(deal)
    unit.commit()
    again = any_app.store.unit()
    again.open_deal(deal)
    assert refused(again).blames("deal")
    delivered = deliver(deal, SELLER, "the code", now, DealTimes())
    step = any_app.store.unit()
    step.save_deal(deal, delivered)
    step.commit()
    assert any_app.store.deal("lot1") == delivered
    late = any_app.store.unit()
    late.save_deal(deal, delivered)
    assert refused(late).current("deal") == delivered


def test_an_event_of_the_same_id_does_not_stand_in_the_way(any_app: StagedApp) -> None:
    now = any_app.now()
    for transfer_id in ("t1", "t2"):
        unit = any_app.store.unit()
        unit.emit(SubscriptionEnded("same", now, ANNA))
        unit.post(
            move(
                transfer_id,
                TransferKind.STARS,
                ANNA,
                now,
                {STARS: xtr(-1), user_account(ANNA): xtr(1)},
            )
        )
        unit.commit()
    assert {transfer.id for transfer in any_app.store.transfers(ANNA, "XTR").items} == {"t1", "t2"}


def test_a_bid_number_is_taken_once(any_app: StagedApp) -> None:
    accepted = factories.bid(factories.auction(), ANNA, 200)
    unit = any_app.store.unit()
    unit.add_bid(accepted.bid)
    unit.commit()
    again = any_app.store.unit()
    again.add_bid(replace(accepted.bid, bidder_id=BORIS))
    assert refused(again).blames("bid")
    assert any_app.store.bids("lot1").items == (accepted.bid,)
