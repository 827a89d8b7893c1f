"""Each happening is told to the right people, and to nobody else."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from starbid.domain.auction import Bid
from starbid.domain.events import EVENTS, LotSold
from starbid.services import notices
from starbid.services.notices.registry import NEWS, kind, pack, tells, unpack_moment, unpack_money
from starbid.services.ports import Notice
from tests.support.desk import deciding
from tests.support.factories import ANNA, BORIS, CLARA, SELLER, auction, bid, bids, join, market, terms, xtr
from tests.support.fakes import START, FakeApp
from tests.support.happenings import happened, notices_of


def told(what: tuple[Notice, ...]) -> set[tuple[str, int]]:
    return {(notice.kind, notice.user_id) for notice in what}


def row(*placed: tuple[int, int], late: bool = False, **fixed: Any) -> Bid:
    """The row of the last of several bids; it is placed a second before the end where it is `late`."""
    lot = bids(auction(terms(100, step=10, **fixed)), *placed[:-1])
    at = lot.ends_at - timedelta(seconds=1) if late else START
    return bid(lot, *placed[-1], at).bid


# --- bids -------------------------------------------------------------------------------------------------------------


def test_a_first_bid_is_told_to_the_seller() -> None:
    assert told(notices.of_bid(row((ANNA, 500)))) == {("new_bid", SELLER)}


def test_who_is_outbid_hears_of_it_with_what_came_back() -> None:
    what = notices.of_bid(row((ANNA, 500), (BORIS, 900)))
    assert told(what) == {("new_bid", SELLER), ("outbid", ANNA)}
    (outbid,) = (notice for notice in what if notice.kind == "outbid")
    assert outbid.facts == {"price": [510, "XTR"], "bids": 2, "released": [500, "XTR"]}


def test_a_bid_that_does_not_take_the_lead_is_told_to_the_seller_only() -> None:
    assert told(notices.of_bid(row((ANNA, 500), (BORIS, 300)))) == {("new_bid", SELLER)}


def test_nobody_hears_that_a_sealed_bid_was_made() -> None:
    assert notices.of_bid(replace(row((ANNA, 500), (BORIS, 900)), sealed=True)) == ()


def test_an_own_raise_is_nobody_elses_business() -> None:
    assert notices.of_bid(row((ANNA, 500), (ANNA, 900))) == ()


def test_a_hidden_maximum_is_told_to_nobody() -> None:
    for notice in notices.of_bid(row((ANNA, 777), (BORIS, 300))):
        assert "777" not in str(notice)


def test_of_a_bid_that_extends_everybody_hears_one_thing() -> None:
    assert told(notices.of_bid(row((ANNA, 500), late=True))) == {("new_bid", SELLER)}
    overtaken, held_off = row((ANNA, 500), (BORIS, 900), late=True), row((ANNA, 500), (BORIS, 300), late=True)
    assert told(notices.of_bid(overtaken)) == {("new_bid", SELLER), ("outbid", ANNA)}
    assert told(notices.of_bid(held_off)) == {("new_bid", SELLER), ("extended", ANNA)}


def test_an_own_raise_that_extends_tells_the_seller_so() -> None:
    raised = row((ANNA, 200), (ANNA, 300), late=True, reserve=300)
    assert told(notices.of_bid(raised)) == {("new_bid", SELLER)}


# --- events, through the real use cases -------------------------------------------------------------------------------


def after(app: FakeApp, act: Callable[[], object]) -> set[tuple[str, int]]:
    """Who is told what because of `act`."""
    app.run_streams()
    act()
    return told(tuple(app.run_streams()))


def contested(**changes: Any) -> tuple[FakeApp, str]:
    """A lot that ANNA leads, BORIS and CLARA bid on."""
    app, lot = market(**changes)
    for who, amount in ((BORIS, 120), (CLARA, 140), (ANNA, 500)):
        app.bidding.bid(lot.auction.id, who, amount, app.now())
    return app, lot.auction.id


def close(app: FakeApp, lot: str) -> set[tuple[str, int]]:
    app.run_streams()
    app.clock.forward(hours=1, seconds=2)
    return after(app, lambda: app.closing.close(lot, app.now()))


def test_a_sale_is_told_to_the_winner_the_seller_and_each_loser_once() -> None:
    app, lot = contested()
    assert close(app, lot) == {("won", ANNA), ("sold", SELLER), ("lost", BORIS), ("lost", CLARA)}


def test_an_unsold_lot_is_told_to_the_seller_and_who_bid_on_it() -> None:
    app, lot = contested(reserve_price=600)
    assert close(app, lot) == {("unsold", SELLER), ("lost", ANNA), ("lost", BORIS), ("lost", CLARA)}


def test_a_lot_nobody_wanted_is_told_to_the_seller() -> None:
    app, lot = market()
    assert close(app, lot.auction.id) == {("unsold", SELLER)}


def test_a_purchase_is_told_as_a_sale_and_not_as_a_bid() -> None:
    app, lot = market(reserve_price=600, buy_now_price=700)
    app.bidding.bid(lot.auction.id, ANNA, 200, app.now())
    assert after(app, lambda: app.bidding.buy(lot.auction.id, BORIS, 700, app.now())) == {
        ("won", BORIS),
        ("sold", SELLER),
        ("lost", ANNA),
    }


def test_an_own_cancel_is_told_to_nobody_and_an_admins_to_everybody() -> None:
    app, lot = market()
    assert after(app, lambda: app.publishing.cancel(SELLER, lot.auction.id, app.now())) == set()
    app, contested_lot = contested()
    assert after(
        app, lambda: app.publishing.cancel(900, contested_lot, app.now(), decision=deciding("stolen", app.now()))
    ) == {
        ("cancelled", SELLER),
        ("cancelled", ANNA),
        ("cancelled", BORIS),
        ("cancelled", CLARA),
    }


def test_a_lot_that_is_cancelled_is_told_to_those_who_watch_it_once() -> None:
    app, lot = market()
    for who in (ANNA, SELLER):
        app.watching.watch(who, lot.auction.id, app.now())
    assert after(app, lambda: app.publishing.cancel(SELLER, lot.auction.id, app.now())) == {("cancelled", ANNA)}
    app, contested_lot = contested()
    for who in (ANNA, SELLER):
        app.watching.watch(who, contested_lot, app.now())
    app.run_streams()
    app.publishing.cancel(900, contested_lot, app.now(), decision=deciding("stolen", app.now()))
    told = [notice.user_id for notice in app.run_streams()]
    assert sorted(told) == sorted({SELLER, ANNA, BORIS, CLARA})


def test_a_delivery_is_told_to_the_buyer_and_its_text_to_no_queue() -> None:
    app, lot = contested()
    close(app, lot)
    assert after(app, lambda: app.dealing.deliver(SELLER, lot, "secret code", app.now())) == {("delivered", ANNA)}
    assert "secret code" not in str([notice for _, notice, _ in app.messenger.told])


def test_a_confirmed_deal_is_told_to_the_seller_and_one_released_by_time_to_both() -> None:
    app, lot = contested()
    close(app, lot)
    app.dealing.deliver(SELLER, lot, "x", app.now())
    assert after(app, lambda: app.dealing.confirm(ANNA, lot, app.now())) == {("released", SELLER)}

    app, lot = contested()
    close(app, lot)
    app.dealing.deliver(SELLER, lot, "x", app.now())
    app.clock.forward(days=7)
    assert after(app, lambda: app.dealing.sweep(app.now())) == {("released", SELLER), ("released", ANNA)}


def test_money_that_returns_is_told_to_both() -> None:
    app, lot = contested()
    close(app, lot)
    app.clock.forward(days=14)
    assert after(app, lambda: app.dealing.sweep(app.now())) == {("returned", ANNA), ("returned", SELLER)}


def test_payments_and_refunds_are_told_to_the_one_who_paid() -> None:
    app, _ = market()
    (charge,) = app.store.charges_of(ANNA)
    assert after(app, lambda: join(app, 50, stars=5)) == {("credited", 50)}
    assert after(app, lambda: app.refunding.refund(ANNA, charge.id, app.now())) == {("refunded", ANNA)}


def test_a_subscription_is_told_when_it_begins() -> None:
    app, _ = market()
    assert after(app, lambda: app.people.subscribe(ANNA, "r", app.now())) == {("subscribed", ANNA)}


UNTOLD = (
    *("LotPublished", "RatingsShown", "LoggedIn", "RequestFailed"),
    *("QuestionAnswered", "QuestionFailed", "TrialStarted", "TrialPaid", "ConsentChanged"),
    *("TalkReported", "LeavingTakenBack"),
)
"""For the event log alone."""


@pytest.mark.parametrize("name", EVENTS)
def test_every_event_has_its_notices(name: str) -> None:
    what = notices_of(happened(name))
    assert what or name in UNTOLD
    assert {notice.kind for notice in what} <= set(notices.KINDS)
    assert len({notice.id for notice in what}) == len(what)


def test_every_event_has_one_place_that_tells_it() -> None:
    assert set(NEWS) == set(EVENTS.values())
    with pytest.raises(ValueError, match="registered twice"):
        tells(LotSold)(lambda _: notices.News())


def test_no_kind_has_the_name_of_another() -> None:
    with pytest.raises(ValueError, match="registered twice"):
        kind("sold")


def test_money_and_moments_travel_as_json() -> None:
    assert unpack_money(json.loads(json.dumps(pack(xtr(310))))) == xtr(310)
    assert unpack_moment(json.loads(json.dumps(pack(START)))) == START
