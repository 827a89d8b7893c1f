"""Putting a lot up again in one click."""

from typing import Any

import pytest

from starbid.domain.auction import Ending, Status
from starbid.domain.deal_errors import NotRelistable, WrongOfferState
from starbid.domain.errors import Blocked, NotFound, NotYours, SubscriptionRequired
from starbid.domain.intents import Memory
from starbid.domain.lots import Lot
from starbid.domain.relisting import may_relist
from starbid.services.idempotency import MakeRecord
from starbid.services.ports import Contended
from tests.support.desk import deciding
from tests.support.factories import ANNA, BORIS, SELLER, market, put_up
from tests.support.fakes import Death, FakeApp
from tests.support.invariants import assert_invariants, dump_of

ADMIN = 900


def unsold(**changes: Any) -> tuple[FakeApp, Lot]:
    app, lot = market(pictures=("p1",), **{"reserve_price": 5_000, "bid_step": 7, **changes})
    app.bidding.bid(lot.auction.id, ANNA, 500, app.now())
    app.clock.forward(seconds=7202)
    app.closing.close(lot.auction.id, app.now())
    return app, lot


def refunded() -> tuple[FakeApp, str]:
    """A lot sold to ANNA and refunded; BORIS was the runner-up."""
    app, lot = market(reserve_price=250)
    app.bidding.bid(lot.auction.id, BORIS, 300, app.now())
    app.bidding.bid(lot.auction.id, ANNA, 500, app.now())
    app.clock.forward(hours=1, seconds=2)
    app.closing.close(lot.auction.id, app.now())
    app.dealing.dispute(ANNA, lot.auction.id, "no", app.now())
    app.dealing.resolve(deciding("refund", app.now()), lot.auction.id, False)
    return app, lot.auction.id


def test_the_same_words_pictures_terms_and_duration_begin_at_once() -> None:
    app, old = unsold(duration_seconds=5_000, extend_seconds=30)
    app.scheduler.alarms.clear()
    new = app.publishing.relist(SELLER, old.auction.id, app.now())
    assert new.auction.id != old.auction.id
    assert new.auction.terms == old.auction.terms
    assert (new.auction.status(app.now()), new.auction.bids_count) == (Status.LIVE, 0)
    assert (new.auction.ends_at - app.now()).total_seconds() == 5_000
    words = ("title", "description", "category", "goods", "pictures", "seller_id")
    assert all(getattr(new.card, name) == getattr(old.card, name) for name in words)
    assert new.card.pictures == ("p1",)
    assert new.card.created_at == app.now()
    assert [alarm.auction_id for alarm in app.scheduler.alarms] == [new.auction.id]
    app.bidding.bid(new.auction.id, ANNA, 200, app.now())
    assert_invariants(dump_of(app.store))


def test_a_late_bid_that_extended_the_old_lot_does_not_make_the_new_one_longer() -> None:
    app, lot = market(reserve_price=5_000, extend_seconds=120)
    app.clock.forward(seconds=3_590)
    app.bidding.bid(lot.auction.id, ANNA, 500, app.now())
    app.clock.forward(hours=1)
    new = app.publishing.relist(SELLER, lot.auction.id, app.now())
    assert (new.auction.ends_at - new.auction.starts_at).total_seconds() == 3_600


def test_a_second_click_gives_the_same_lot() -> None:
    app, old = unsold()
    new = app.publishing.relist(SELLER, old.auction.id, app.now())
    app.bidding.bid(new.auction.id, ANNA, 200, app.now())
    again = app.publishing.relist(SELLER, old.auction.id, app.clock.forward(seconds=5))
    assert (again.auction.id, again.auction.bids_count) == (new.auction.id, 1)

    app, lot = refunded()
    first = app.publishing.relist(SELLER, lot, app.now())
    assert app.publishing.relist(SELLER, lot, app.clock.forward(seconds=5)) == first


def test_two_clicks_at_once_make_one_lot() -> None:
    app, lot = refunded()
    made: list[Lot] = []
    app.store.meanwhile(lambda: made.append(app.publishing.relist(SELLER, lot, app.now())))
    assert app.publishing.relist(SELLER, lot, app.now()) == made[0]
    assert len(app.store.tables.auctions) == 2


def test_what_was_put_up_again_can_be_put_up_once_more() -> None:
    app, old = unsold()
    second = app.publishing.relist(SELLER, old.auction.id, app.now())
    app.clock.forward(hours=2)
    third = app.publishing.relist(SELLER, second.auction.id, app.now())
    assert len({old.auction.id, second.auction.id, third.auction.id}) == 3


def test_a_cancelled_lot_goes_up_again() -> None:
    app, lot = market()
    app.publishing.cancel(SELLER, lot.auction.id, app.now())
    assert app.publishing.relist(SELLER, lot.auction.id, app.now()).auction.ending is Ending.OPEN


def test_a_lot_whose_time_is_over_is_closed_first() -> None:
    app, lot = market()
    app.clock.forward(hours=1, seconds=2)
    assert app.publishing.relist(SELLER, lot.auction.id, app.now()).auction.ending is Ending.OPEN
    assert app.store.auction(lot.auction.id).ending is Ending.UNSOLD


def test_a_running_or_sold_lot_is_not_put_up_again() -> None:
    app, lot = market(buy_now_price=150)
    with pytest.raises(NotRelistable) as refusal:
        app.publishing.relist(SELLER, lot.auction.id, app.now())
    assert refusal.value.details == {"state": "live"}
    app.bidding.buy(lot.auction.id, ANNA, 150, app.now())
    with pytest.raises(NotRelistable) as refusal:
        app.publishing.relist(SELLER, lot.auction.id, app.now())
    assert refusal.value.details == {"state": "sold"}
    with pytest.raises(NotFound):
        app.publishing.relist(SELLER, "nothing", app.now())


def test_only_the_seller_puts_it_up_again() -> None:
    app, lot = refunded()
    for _ in range(2):
        with pytest.raises(NotYours):
            app.publishing.relist(ANNA, lot, app.now())
        app.publishing.relist(SELLER, lot, app.now())


def test_it_takes_a_subscription_and_good_standing() -> None:
    app, old = unsold()
    app.store.block(SELLER)
    with pytest.raises(Blocked):
        app.publishing.relist(SELLER, old.auction.id, app.now())
    app.store.block(SELLER, False)
    app.clock.forward(days=31)
    with pytest.raises(SubscriptionRequired):
        app.publishing.relist(SELLER, old.auction.id, app.now())
    assert len(app.store.tables.auctions) == 1


def test_a_lot_is_not_both_offered_to_the_runner_up_and_put_up_again() -> None:
    app, lot = refunded()
    app.second_chance.offer(SELLER, lot, app.now())
    with pytest.raises(NotRelistable) as refusal:
        app.publishing.relist(SELLER, lot, app.now())
    assert refusal.value.details == {"state": "offered"}
    assert not may_relist(app.store.lot(lot), SELLER, app.now())
    app.clock.forward(hours=48)
    assert may_relist(app.store.lot(lot), SELLER, app.now())
    app.publishing.relist(SELLER, lot, app.now())
    assert not may_relist(app.store.lot(lot), SELLER, app.now())

    app, lot = refunded()
    app.publishing.relist(SELLER, lot, app.now())
    with pytest.raises(WrongOfferState) as wrong:
        app.second_chance.offer(SELLER, lot, app.now())
    assert wrong.value.details == {"state": "relisted"}


def test_offering_and_putting_up_at_once_only_one_happens() -> None:
    app, lot = refunded()
    app.store.meanwhile(lambda: app.second_chance.offer(SELLER, lot, app.now()))
    with pytest.raises(NotRelistable):
        app.publishing.relist(SELLER, lot, app.now())
    app, lot = refunded()
    app.store.meanwhile(lambda: app.publishing.relist(SELLER, lot, app.now()))
    with pytest.raises(WrongOfferState):
        app.second_chance.offer(SELLER, lot, app.now())


def test_a_taken_offer_leaves_nothing_to_put_up_and_a_refunded_one_does() -> None:
    app, lot = refunded()
    app.second_chance.offer(SELLER, lot, app.now())
    new = app.second_chance.accept(BORIS, lot, app.now()).auction
    with pytest.raises(NotRelistable):
        app.publishing.relist(SELLER, lot, app.now())
    app.dealing.dispute(BORIS, new.id, "no", app.now())
    app.dealing.resolve(deciding("refund", app.now()), new.id, False)
    third = app.publishing.relist(SELLER, new.id, app.now())
    assert (third.auction.ends_at - third.auction.starts_at).total_seconds() == 3_600
    assert third.auction.terms == app.store.auction(lot).terms
    assert_invariants(dump_of(app.store))


@pytest.mark.parametrize("after", [False, True])
def test_a_relisting_that_died_happens_once_on_the_next_try(after: bool) -> None:
    app, lot = refunded()
    app.store.fail_next(Death(), after=after)
    with pytest.raises(Death):
        app.publishing.relist(SELLER, lot, app.now())
    new = app.publishing.relist(SELLER, lot, app.now())
    assert len(app.store.tables.auctions) == 2
    assert any(alarm.auction_id == new.auction.id for alarm in app.scheduler.alarms)


def test_contention_is_waited_out() -> None:
    app, old = unsold()
    app.store.fail_next(Contended(), times=3)
    assert app.publishing.relist(SELLER, old.auction.id, app.now()).auction.id in app.store.tables.auctions


def test_the_answer_to_a_repeated_request_is_remembered_with_the_lot() -> None:
    app, old = unsold()

    def tell(lot: Lot) -> dict[str, Any]:
        return {"id": lot.auction.id}

    new = app.publishing.relist(SELLER, old.auction.id, app.now(), MakeRecord(Memory("key", "body"), tell))
    memory: Any = app.store.idempotency_record("key")
    assert memory.result == {"id": new.auction.id}


def test_every_kind_goes_up_again_with_its_terms() -> None:
    app, _ = market()
    falling: dict[str, object] = {"type": "dutch", "floor_price": 50, "drop_amount": 10, "drop_seconds": 60}
    for fields in ({"type": "sealed"}, {"type": "vickrey"}, falling):
        lot = put_up(app, **fields)
        app.clock.forward(hours=2)
        new = app.publishing.relist(SELLER, lot.auction.id, app.now())
        assert new.auction.terms == lot.auction.terms
    assert_invariants(dump_of(app.store))
