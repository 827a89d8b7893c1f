"""Who muted a lot hears of it only what concerns their money and their deal, until they unmute it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from starbid.domain.errors import AuctionClosed, NotFound
from starbid.services.notices import KINDS
from starbid.services.ports import Notice
from starbid.services.watching import KEPT
from tests.support.factories import ANNA, BORIS, CLARA, SELLER, join, market, put_up
from tests.support.fakes import FakeApp
from tests.support.happenings import all_notices

ADMIN = 900
SILENT = {"new_bid", "outbid", "extended", "began", "ending_soon", "lost", "unsold"}
"""What only tells how the bidding goes; all else is about money, a deal, or an operator's act."""


def bidding(**changes: object) -> tuple[FakeApp, str]:
    app, lot = market(stars=100_000, **changes)
    app.run_streams()
    app.messenger.told.clear()
    return app, lot.auction.id


def bid(app: FakeApp, lot: str, who: int, amount: int) -> None:
    app.bidding.bid(lot, who, amount, app.now(), confirmed=True)
    app.run_streams()
    app.clock.forward(seconds=60)


def test_only_what_tells_how_the_bidding_goes_is_muted() -> None:
    silent = {notice.kind for notice in all_notices() if KINDS[notice.kind].mutes(calm(notice))}
    assert silent == SILENT | {"cancelled"}, "which its seller did, before there was a bid"


def calm(notice: Notice) -> Notice:
    """The same without a debt in it and without an operator."""
    return replace(notice, facts={**notice.facts, "owed": False, "reason": ""})


def test_an_end_that_a_debt_made_and_an_act_of_an_operator_are_heard() -> None:
    troubled = [n for n in all_notices() if n.kind in ("lost", "unsold", "cancelled")]
    assert {n.kind for n in troubled} == {"lost", "unsold", "cancelled"}
    for notice in troubled:
        facts = {**notice.facts, "owed": True, "reason": "stolen"}
        assert not KINDS[notice.kind].mutes(replace(notice, facts=facts))


def test_a_seller_who_muted_a_lot_hears_no_bids_and_hears_that_it_is_sold() -> None:
    app, lot = bidding()
    app.muting.mute(SELLER, lot, app.now())
    bid(app, lot, ANNA, 200)
    bid(app, lot, BORIS, 300)
    assert app.messenger.kinds_for(SELLER) == []
    assert app.messenger.kinds_for(ANNA) == ["outbid"]
    app.clock.forward(hours=2)
    app.closing.close(lot, app.now())
    app.run_streams()
    assert app.messenger.kinds_for(SELLER) == ["sold"]


def test_a_bidder_who_muted_a_lot_hears_nothing_of_it_until_they_win() -> None:
    app, lot = bidding(extend_seconds=600)
    bid(app, lot, ANNA, 200)
    app.muting.mute(ANNA, lot, app.now())
    app.clock.forward(minutes=55)
    for who, amount in ((BORIS, 300), (ANNA, 900), (BORIS, 400), (BORIS, 500)):
        bid(app, lot, who, amount)
    assert app.messenger.kinds_for(ANNA) == []
    assert app.store.auction(lot).extended_by > timedelta()
    app.clock.forward(hours=2)
    app.closing.close(lot, app.now())
    app.dealing.deliver(SELLER, lot, "the code", app.now())
    app.run_streams()
    assert app.messenger.kinds_for(ANNA) == ["won", "delivered"]


def test_a_loser_who_muted_a_lot_is_not_told_of_the_end_but_another_is() -> None:
    app, lot = bidding()
    join(app, CLARA, stars=10_000)
    app.run_streams()
    app.messenger.told.clear()
    for who, amount in ((CLARA, 200), (ANNA, 300), (BORIS, 900)):
        bid(app, lot, who, amount)
    app.muting.mute(ANNA, lot, app.now())
    app.clock.forward(hours=2)
    app.closing.close(lot, app.now())
    app.run_streams()
    assert (app.messenger.kinds_for(ANNA), app.messenger.kinds_for(CLARA)) == (["outbid"], ["outbid", "lost"])


def test_a_notice_on_its_way_is_not_told_to_somebody_who_muted_the_lot_meanwhile() -> None:
    app, lot = bidding()
    bid(app, lot, ANNA, 200)
    app.bidding.bid(lot, BORIS, 300, app.now())
    app.muting.mute(ANNA, lot, app.now())
    app.muting.mute(SELLER, lot, app.now())
    app.run_streams()
    assert app.messenger.kinds_for(ANNA) == []
    assert app.messenger.kinds_for(SELLER) == ["new_bid"]
    assert app.messenger.edited == []


def test_who_unmutes_a_lot_hears_of_what_comes_after_and_in_the_message_that_they_had() -> None:
    app, lot = bidding()
    bid(app, lot, ANNA, 200)
    app.muting.mute(SELLER, lot, app.now())
    bid(app, lot, BORIS, 300)
    app.muting.unmute(SELLER, lot)
    assert app.messenger.edited == []
    bid(app, lot, ANNA, 400)
    assert app.messenger.kinds_for(SELLER) == ["new_bid"]
    ((_, _, shown, _),) = app.messenger.edited
    assert shown is not None
    assert shown.auction.bids_count == 3


def test_a_muted_lot_mutes_no_other_and_nobody_else() -> None:
    app, lot = bidding()
    other = put_up(app).auction.id
    app.muting.mute(SELLER, lot, app.now())
    assert not app.muting.is_muted(SELLER, other, app.now())
    assert not app.muting.is_muted(ANNA, lot, app.now())
    bid(app, other, ANNA, 200)
    assert app.messenger.kinds_for(SELLER) == ["new_bid"]


def test_an_admin_who_muted_a_lot_still_hears_of_disputes_about_it() -> None:
    app, lot = bidding(buy_now_price=310)
    join(app, ADMIN)
    app.muting.mute(ADMIN, lot, app.now())
    app.bidding.buy(lot, ANNA, 310, app.now())
    app.dealing.dispute(ANNA, lot, "it does not work", app.now())
    app.run_streams()
    assert app.messenger.kinds_for(ADMIN) == ["dispute_opened"]


def test_it_stays_muted_until_long_after_its_end_however_far_that_is_moved() -> None:
    app, lot = bidding()
    app.muting.mute(SELLER, lot, app.now())
    end = app.store.auction(lot).ends_at
    assert app.muting.is_muted(SELLER, lot, end + KEPT)
    assert not app.muting.is_muted(SELLER, lot, end + KEPT + timedelta(days=100))


def test_muting_and_unmuting_twice_is_doing_it_once() -> None:
    app, lot = bidding()
    for _ in range(2):
        app.muting.mute(ANNA, lot, app.now())
    assert app.muting.is_muted(ANNA, lot, app.now())
    for _ in range(2):
        app.muting.unmute(ANNA, lot)
    assert not app.muting.is_muted(ANNA, lot, app.now())


def test_what_is_over_or_does_not_exist_cannot_be_muted_and_can_be_unmuted() -> None:
    app, lot = bidding()
    app.muting.mute(ANNA, lot, app.now())
    app.clock.forward(hours=2)
    with pytest.raises(AuctionClosed):
        app.muting.mute(BORIS, lot, app.now())
    with pytest.raises(NotFound):
        app.muting.mute(ANNA, "nothing", app.now())
    app.muting.unmute(ANNA, lot)
    app.muting.unmute(ANNA, "nothing")
    assert not app.muting.is_muted(ANNA, lot, app.now())
