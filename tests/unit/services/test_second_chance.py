"""Second-chance offers: the runner-up takes what the winner gave back, in one transaction, once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from starbid.domain import audit, audit_check
from starbid.domain.auction import BidKind, Ending
from starbid.domain.deals import Deal, DealState
from starbid.domain.errors import (
    Blocked,
    InsufficientFunds,
    NoRunnerUp,
    NotFound,
    NotSold,
    NotYours,
    StarbidError,
    Unsettled,
    WrongDealState,
    WrongOfferState,
)
from starbid.domain.offers import Offer, OfferState
from starbid.domain.second_chance import price_to_offer
from starbid.services.ports import Contended
from tests.support.factories import ANNA, BORIS, CLARA, SELLER, market, put_up, xtr
from tests.support.fakes import Alarm, Death, FakeApp
from tests.support.invariants import assert_invariants, dump_of

ADMIN = 900
MS = timedelta(milliseconds=1)


def sold(**changes: object) -> tuple[FakeApp, str]:
    """A lot sold to ANNA, whom BORIS followed with a maximum of 300."""
    app, lot = market(bid_step=10, **changes)
    for who, amount in ((CLARA, 200), (BORIS, 300), (ANNA, 500)):
        app.bidding.bid(lot.auction.id, who, amount, app.now())
    app.clock.forward(hours=1)
    app.closing.close(lot.auction.id, app.now())
    return app, lot.auction.id


def refunded(**changes: object) -> tuple[FakeApp, str]:
    app, lot = sold(**changes)
    app.dealing.dispute(ANNA, lot, "not as described", app.now())
    app.dealing.settle(ADMIN, lot, False, "refund", app.now())
    return app, lot


def offered() -> tuple[FakeApp, str]:
    app, lot = refunded()
    app.second_chance.offer(SELLER, lot, app.now())
    return app, lot


def available(app: FakeApp, user_id: int) -> int:
    return app.store.wallet(user_id, "XTR", consistent=True).available.amount


def refuses(app: FakeApp, error: type[StarbidError], act: Callable[[], Any]) -> StarbidError:
    """`act` is refused and changes nothing."""
    before = app.store.tables.snapshot()
    with pytest.raises(error) as refusal:
        act()
    assert app.store.tables == before
    return refusal.value


def test_the_runner_up_is_offered_the_lot_at_their_own_maximum_for_48_hours() -> None:
    app, lot = refunded()
    assert price_to_offer(app.store.lot(lot), app.now()) == xtr(300)
    deal = app.second_chance.offer(SELLER, lot, app.now())
    assert deal.offer == Offer(BORIS, xtr(300), app.now() + timedelta(hours=48), OfferState.OPEN)
    assert app.store.deal(lot) == deal
    assert price_to_offer(app.store.lot(lot), app.now()) is None
    app.run_streams()
    ((person, notice, _),) = [told for told in app.messenger.told if told[1].kind == "second_chance"]
    assert (person.id, notice.facts["price"]) == (BORIS, [300, "XTR"])
    assert_invariants(dump_of(app.store))


def test_accepted_it_is_a_sale_like_any_other() -> None:
    app, lot = offered()
    app.run_streams()
    app.messenger.told.clear()
    app.scheduler.alarms.clear()
    new = app.second_chance.accept(BORIS, lot, app.now())

    assert (new.auction.ending, new.auction.leader_id, new.auction.price) == (Ending.SOLD, BORIS, xtr(300))
    assert new.auction.id != lot
    assert (new.card.title, new.card.seller_id) == ("A lamp", SELLER)
    assert new.deal is not None
    assert (new.deal.state, new.deal.buyer_id, new.deal.fee) == (DealState.AWAITING_DELIVERY, BORIS, xtr(15))
    assert new.deal.second_of == lot
    assert app.store.lot(new.auction.id, consistent=True) == new
    (row,) = app.store.bids(new.auction.id).items
    assert (row.kind, row.bidder_id, row.price) == (BidKind.BUY, BORIS, xtr(300))
    assert (available(app, BORIS), available(app, ANNA)) == (9_700, 10_000)
    offer = app.store.deal(lot).offer
    assert offer is not None
    assert offer.state is OfferState.ACCEPTED
    assert app.scheduler.alarms == [Alarm("deal", new.auction.id, new.deal.due_at or app.now())]
    app.run_streams()
    assert (app.messenger.kinds_for(BORIS), app.messenger.kinds_for(SELLER)) == (["won"], ["sold"])
    assert_invariants(dump_of(app.store))


def test_the_new_deal_goes_its_way_to_the_sellers_wallet() -> None:
    app, lot = offered()
    new = app.second_chance.accept(BORIS, lot, app.now()).auction.id
    app.dealing.deliver(SELLER, new, "x", app.now())
    app.dealing.confirm(BORIS, new, app.now())
    assert available(app, SELLER) == 285
    people = app.store.tables.people
    assert (people[SELLER].reputation.sold, people[BORIS].reputation.bought, people[ANNA].reputation.bought) == (
        1,
        1,
        0,
    )
    assert_invariants(dump_of(app.store))


def test_a_new_lot_is_in_no_list_of_live_lots() -> None:
    app, lot = offered()
    new = app.second_chance.accept(BORIS, lot, app.now()).auction
    app.store.project(app.now())
    assert app.store.tables.listings[new.id].status == "sold"
    assert not new.is_due(app.now())
    assert app.closing.sweep(app.now()) == 0


def test_an_offer_is_made_once() -> None:
    app, lot = offered()
    refusal = refuses(app, WrongOfferState, lambda: app.second_chance.offer(SELLER, lot, app.now()))
    assert refusal.details == {"state": "open"}
    app.clock.forward(hours=48)
    refusal = refuses(app, WrongOfferState, lambda: app.second_chance.offer(SELLER, lot, app.now()))
    assert refusal.details == {"state": "expired"}


def test_two_clicks_at_once_offer_once() -> None:
    app, lot = refunded()
    app.store.meanwhile(lambda: app.second_chance.offer(SELLER, lot, app.now()))
    with pytest.raises(WrongOfferState):
        app.second_chance.offer(SELLER, lot, app.now())
    assert [event for event in app.store.tables.events if event.startswith("second")] == [f"second-chance:{lot}"]


@pytest.mark.parametrize("person", [ANNA, BORIS, CLARA])
def test_only_the_seller_offers(person: int) -> None:
    app, lot = refunded()
    refuses(app, NotYours, lambda: app.second_chance.offer(person, lot, app.now()))


def test_nothing_is_offered_but_what_was_refunded() -> None:
    app, lot = sold()
    refuses(app, WrongDealState, lambda: app.second_chance.offer(SELLER, lot, app.now()))
    live = put_up(app).auction.id
    refuses(app, NotSold, lambda: app.second_chance.offer(SELLER, live, app.now()))
    refuses(app, NotFound, lambda: app.second_chance.offer(SELLER, "nothing", app.now()))


def test_without_a_runner_up_there_is_nobody_to_offer_to() -> None:
    app, lot = market(buy_now_price=150)
    app.bidding.buy(lot.auction.id, ANNA, 150, app.now())
    app.dealing.dispute(ANNA, lot.auction.id, "no", app.now())
    app.dealing.settle(ADMIN, lot.auction.id, False, "refund", app.now())
    refuses(app, NoRunnerUp, lambda: app.second_chance.offer(SELLER, lot.auction.id, app.now()))


def test_a_refunded_second_chance_has_no_third() -> None:
    app, lot = offered()
    new = app.second_chance.accept(BORIS, lot, app.now()).auction.id
    app.dealing.dispute(BORIS, new, "no", app.now())
    app.dealing.settle(ADMIN, new, False, "refund", app.now())
    refuses(app, NoRunnerUp, lambda: app.second_chance.offer(SELLER, new, app.now()))


def test_a_blocked_seller_offers_nothing() -> None:
    app, lot = refunded()
    app.store.block(SELLER)
    refuses(app, Blocked, lambda: app.second_chance.offer(SELLER, lot, app.now()))


def test_a_seller_who_owes_offers_nothing() -> None:
    app, lot = refunded()
    wallet = app.store.wallet(SELLER, "XTR", consistent=True)
    app.store.tables.wallets[SELLER, "XTR"] = replace(wallet, owed=xtr(5))
    refuses(app, Unsettled, lambda: app.second_chance.offer(SELLER, lot, app.now()))


def test_the_offer_of_a_seller_who_was_blocked_since_does_not_stand() -> None:
    app, lot = offered()
    app.store.block(SELLER)
    refusal = refuses(app, WrongOfferState, lambda: app.second_chance.accept(BORIS, lot, app.now()))
    assert refusal.details == {"state": "withdrawn"}


@pytest.mark.parametrize("person", [ANNA, CLARA, SELLER])
def test_only_the_runner_up_answers(person: int) -> None:
    app, lot = offered()
    refuses(app, NotYours, lambda: app.second_chance.accept(person, lot, app.now()))
    refuses(app, NotYours, lambda: app.second_chance.decline(person, lot, app.now()))


def test_it_can_be_taken_until_48_hours_are_over() -> None:
    app, lot = offered()
    end = app.now() + timedelta(hours=48)
    app.clock.now = end
    refusal = refuses(app, WrongOfferState, lambda: app.second_chance.accept(BORIS, lot, app.now()))
    assert refusal.details == {"state": "expired"}
    refuses(app, WrongOfferState, lambda: app.second_chance.decline(BORIS, lot, app.now()))
    app.clock.now = end - MS
    assert app.second_chance.accept(BORIS, lot, app.now()).auction.price == xtr(300)


def test_it_is_taken_once() -> None:
    app, lot = offered()
    app.second_chance.accept(BORIS, lot, app.now())
    refusal = refuses(app, WrongOfferState, lambda: app.second_chance.accept(BORIS, lot, app.now()))
    assert refusal.details == {"state": "accepted"}
    refuses(app, WrongOfferState, lambda: app.second_chance.decline(BORIS, lot, app.now()))


def test_a_crowd_of_clicks_takes_it_once() -> None:
    app, lot = offered()

    def accept(_: int) -> bool:
        try:
            app.second_chance.accept(BORIS, lot, app.now())
        except StarbidError:
            return False
        return True

    with ThreadPoolExecutor(16) as crowd:
        assert sum(crowd.map(accept, range(16))) == 1
    assert available(app, BORIS) == 9_700
    assert_invariants(dump_of(app.store))


def test_without_an_offer_there_is_nothing_to_take() -> None:
    app, lot = refunded()
    refusal = refuses(app, WrongOfferState, lambda: app.second_chance.accept(BORIS, lot, app.now()))
    assert refusal.details == {"state": "none"}


def test_it_takes_enough_money() -> None:
    app, lot = offered()
    other = put_up(app)
    app.bidding.bid(other.auction.id, BORIS, 9_701, app.now())
    refusal = refuses(app, InsufficientFunds, lambda: app.second_chance.accept(BORIS, lot, app.now()))
    assert refusal.details == {"available": 299, "needed": 300, "missing": 1}
    app.bidding.bid(other.auction.id, CLARA, 9_900, app.now())
    app.second_chance.accept(BORIS, lot, app.now())
    assert_invariants(dump_of(app.store))


def test_who_has_no_wallet_has_no_money() -> None:
    app, lot = offered()
    del app.store.tables.wallets[BORIS, "XTR"]
    refuses(app, InsufficientFunds, lambda: app.second_chance.accept(BORIS, lot, app.now()))


def test_a_blocked_runner_up_takes_nothing() -> None:
    app, lot = offered()
    app.store.block(BORIS)
    refuses(app, Blocked, lambda: app.second_chance.accept(BORIS, lot, app.now()))


def test_a_declined_offer_is_over_and_the_seller_hears_of_it() -> None:
    app, lot = offered()
    app.run_streams()
    app.messenger.told.clear()
    app.second_chance.decline(BORIS, lot, app.now())
    refusal = refuses(app, WrongOfferState, lambda: app.second_chance.accept(BORIS, lot, app.now()))
    assert refusal.details == {"state": "declined"}
    refuses(app, WrongOfferState, lambda: app.second_chance.decline(BORIS, lot, app.now()))
    app.run_streams()
    assert app.messenger.kinds_for(SELLER) == ["second_chance_declined"]


ACTS: dict[str, Callable[[FakeApp, str], Any]] = {
    "offer": lambda app, lot: app.second_chance.offer(SELLER, lot, app.now()),
    "accept": lambda app, lot: app.second_chance.accept(BORIS, lot, app.now()),
    "decline": lambda app, lot: app.second_chance.decline(BORIS, lot, app.now()),
}


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("act", ACTS)
def test_an_act_that_died_happens_once_on_the_next_try(act: str, after: bool) -> None:
    app, lot = refunded() if act == "offer" else offered()
    version = app.store.deal(lot).version
    app.store.fail_next(Death(), after=after)
    with pytest.raises(Death):
        ACTS[act](app, lot)
    assert_invariants(dump_of(app.store))
    if after:
        with pytest.raises(WrongOfferState):
            ACTS[act](app, lot)
    else:
        ACTS[act](app, lot)
    assert app.store.deal(lot).version == version + 1
    assert_invariants(dump_of(app.store))


def test_a_new_deal_whose_schedule_was_never_set_is_found_by_the_sweep() -> None:
    app, lot = offered()
    app.scheduler.fail_next(Death())
    with pytest.raises(Death):
        app.second_chance.accept(BORIS, lot, app.now())
    app.clock.forward(days=14)
    assert app.dealing.sweep(app.now()) == 1
    assert available(app, BORIS) == 10_000
    assert_invariants(dump_of(app.store))


@pytest.mark.parametrize("act", ACTS)
def test_contention_is_waited_out(act: str) -> None:
    app, lot = refunded() if act == "offer" else offered()
    app.store.fail_next(Contended(), times=3)
    assert ACTS[act](app, lot)


def test_the_log_of_the_new_lot_begins_anew() -> None:
    app, lot = offered()
    new = app.second_chance.accept(BORIS, lot, app.now())
    (row,) = app.store.bids(new.auction.id).items
    assert row.chain == new.auction.head
    assert new.auction.head != app.store.auction(lot).head
    assert new.auction.salt != app.store.auction(lot).salt
    assert audit_check.problems(audit.log_of(new.auction, [row], [])) == []


def test_rating_the_first_buyer_is_not_possible_after_a_refund() -> None:
    app, lot = refunded()

    def rate() -> Deal:
        return app.dealing.rate(ANNA, lot, 1, "", app.now())

    refuses(app, WrongDealState, rate)
