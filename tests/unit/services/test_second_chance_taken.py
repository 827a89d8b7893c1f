"""A second chance that is taken is a sale like any other; it is taken once, in time, and with enough money."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from starbid.domain import audit, audit_check
from starbid.domain.auction import BidKind, Ending
from starbid.domain.deal_errors import WrongOfferState
from starbid.domain.deals import DealState
from starbid.domain.errors import Blocked, InDebt, InsufficientFunds, NotYours, StarbidError
from starbid.domain.money import Money
from starbid.domain.second_chance_offer import OfferState
from starbid.domain.wallet import Wallet
from starbid.services.ports import Contended
from tests.support.desk import deciding
from tests.support.factories import ANNA, BORIS, CLARA, SELLER, market, put_up, xtr
from tests.support.fakes import Alarm, Death, FakeApp
from tests.support.invariants import assert_invariants, dump_of
from tests.support.refunds import available, offered, refunded, refuses
from tests.support.there import there

MS = timedelta(milliseconds=1)


def test_accepted_it_is_a_sale_like_any_other() -> None:
    app, lot = offered()
    app.run_streams()
    app.messenger.told.clear()
    app.scheduler.alarms.clear()
    new = app.second_chance.accept(BORIS, lot, app.now())

    assert (new.auction.ending, new.auction.leader_id, new.auction.price) == (Ending.SOLD, BORIS, xtr(210))
    assert new.auction.id != lot
    assert (new.card.title, new.card.seller_id) == ("A lamp", SELLER)
    assert new.deal is not None
    assert (new.deal.state, new.deal.buyer_id, new.deal.fee) == (DealState.AWAITING_DELIVERY, BORIS, xtr(10))
    assert new.deal.second_of == lot
    assert app.store.lot(new.auction.id, consistent=True) == new
    (row,) = app.store.bids(new.auction.id).items
    assert (row.kind, row.bidder_id, row.price) == (BidKind.BUY, BORIS, xtr(210))
    assert (available(app, BORIS), available(app, ANNA)) == (9_790, 10_000)
    offer = app.store.auction(lot).offer
    assert offer is not None
    assert offer.state is OfferState.ACCEPTED
    assert app.scheduler.alarms == [Alarm("deal", new.auction.id, new.deal.looks_at or app.now())]
    app.run_streams()
    assert (app.messenger.kinds_for(BORIS), app.messenger.kinds_for(SELLER)) == (["won"], ["sold"])
    assert_invariants(dump_of(app.store))


def test_the_new_deal_goes_its_way_to_the_sellers_wallet() -> None:
    app, lot = offered()
    new = app.second_chance.accept(BORIS, lot, app.now()).auction.id
    app.dealing.deliver(SELLER, new, "x", app.now())
    app.dealing.confirm(BORIS, new, app.now())
    assert available(app, SELLER) == 200
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
    assert app.second_chance.accept(BORIS, lot, app.now()).auction.price == xtr(210)


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
    assert available(app, BORIS) == 9_790
    assert_invariants(dump_of(app.store))


def test_without_an_offer_there_is_nothing_to_take() -> None:
    app, lot = refunded()
    refusal = refuses(app, WrongOfferState, lambda: app.second_chance.accept(BORIS, lot, app.now()))
    assert refusal.details == {"state": "none"}


def test_it_takes_enough_money() -> None:
    app, lot = offered()
    other = put_up(app)
    app.bidding.bid(other.auction.id, BORIS, 9_800, app.now(), confirmed=True)
    refusal = refuses(app, InsufficientFunds, lambda: app.second_chance.accept(BORIS, lot, app.now()))
    assert refusal.details == {"available": 200, "needed": 210, "missing": 10}
    app.bidding.bid(other.auction.id, CLARA, 9_900, app.now(), confirmed=True)
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


def test_a_debt_stands_in_the_way_of_an_offer_in_its_own_currency() -> None:
    app, lot = market(currency="RUB", goods="physical")
    for who, amount in ((BORIS, 300), (ANNA, 500)):
        app.store.tables.wallets[who, "RUB"] = Wallet(
            who, Money(500, "RUB"), Money(0, "RUB"), Money(0, "RUB"), Money(0, "RUB")
        )
        app.bidding.bid(lot.auction.id, who, amount, app.now(), confirmed=True)
    app.clock.forward(hours=1, seconds=2)
    app.closing.close(lot.auction.id, app.now())
    app.dealing.dispute(ANNA, lot.auction.id, "broken", app.now())
    app.dealing.resolve(deciding("refund", app.now()), lot.auction.id, False)
    app.second_chance.offer(SELLER, lot.auction.id, app.now())
    stars, roubles = (app.store.tables.wallets[BORIS, currency] for currency in ("XTR", "RUB"))
    app.store.tables.wallets[BORIS, "XTR"] = replace(stars, available=xtr(0), owed=xtr(5))
    app.store.tables.wallets[BORIS, "RUB"] = replace(roubles, available=Money(0, "RUB"), owed=Money(5, "RUB"))
    refuses(app, InDebt, lambda: app.second_chance.accept(BORIS, lot.auction.id, app.now()))


def test_a_debt_that_comes_up_while_an_offer_is_taken_is_settled_before_it() -> None:
    app, lot = offered()
    wallets, key = app.store.tables.wallets, (BORIS, "XTR")
    price, had = there(app.store.auction(lot).offer).price, wallets[key].available
    app.store.meanwhile(lambda: wallets.update({key: replace(wallets[key], owed=xtr(5))}))
    app.second_chance.accept(BORIS, lot, app.now())
    assert (wallets[key].available, wallets[key].owed) == (had - price - xtr(5), xtr(0))


ACTS: dict[str, Callable[[FakeApp, str], Any]] = {
    "offer": lambda app, lot: app.second_chance.offer(SELLER, lot, app.now()),
    "accept": lambda app, lot: app.second_chance.accept(BORIS, lot, app.now()),
    "decline": lambda app, lot: app.second_chance.decline(BORIS, lot, app.now()),
}


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("act", ACTS)
def test_an_act_that_died_happens_once_on_the_next_try(act: str, after: bool) -> None:
    app, lot = refunded() if act == "offer" else offered()
    version = app.store.auction(lot).version
    app.store.fail_next(Death(), after=after)
    with pytest.raises(Death):
        ACTS[act](app, lot)
    assert_invariants(dump_of(app.store))
    if after:
        with pytest.raises(WrongOfferState):
            ACTS[act](app, lot)
    else:
        ACTS[act](app, lot)
    assert app.store.auction(lot).version == version + 1
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
    ACTS[act](app, lot)
    assert app.store.auction(lot).offer


def test_the_log_of_the_new_lot_begins_anew() -> None:
    app, lot = offered()
    new = app.second_chance.accept(BORIS, lot, app.now())
    (row,) = app.store.bids(new.auction.id).items
    assert row.chain == new.auction.head
    assert new.auction.head != app.store.auction(lot).head
    assert new.auction.salt != app.store.auction(lot).salt
    assert audit_check.problems(audit.log_of(new.auction, [row], [])) == []
