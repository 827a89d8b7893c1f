"""Who is outbid has to act, and hears it: at once, then at a pace, by how the lot stands when they are told."""

from itertools import permutations

import pytest

from starbid.domain.auction import Bid
from starbid.services import notices
from starbid.services.claiming import KEEP_SECONDS
from starbid.services.living import SOUND_SECONDS
from starbid.services.notices.bids import SETTLING
from starbid.services.ports import Notice, TryLater
from tests.support.factories import ANNA, BORIS, CLARA, SELLER, market, put_up
from tests.support.fakes import FakeApp
from tests.support.there import there


def bidding(**changes: object) -> tuple[FakeApp, str]:
    app, lot = market(stars=100_000, **changes)
    app.run_streams()
    return app, lot.auction.id


def bid(app: FakeApp, lot: str, who: int) -> Bid:
    """A bid that takes the lead, or outbids oneself; answers its row."""
    app.bidding.bid(lot, who, 200 + 100 * app.store.auction(lot).bids_count, app.now())
    return app.store.bids(lot, limit=1).items[0]


def outbid(app: FakeApp, who: int) -> list[int]:
    """How many bids the lot had when the person was told of being outbid, each time."""
    shown = [(person.id, there(lot)) for person, notice, lot in app.messenger.told if notice.kind == "outbid"]
    return [lot.auction.bids_count for told, lot in shown if told == who]


def told(what: tuple[Notice, ...]) -> list[tuple[str, int, int]]:
    """Kind, person and number of the bid."""
    return sorted((notice.kind, notice.user_id, notice.facts["bids"]) for notice in what)


# --- bids that come together ------------------------------------------------------------------------------------------


def test_of_bids_that_come_together_each_person_hears_the_newest() -> None:
    app, lot = bidding()
    rows = [bid(app, lot, who) for who in (ANNA, BORIS, CLARA, BORIS, CLARA)]
    for order in permutations(rows):
        assert told(notices.of_bids(order)) == [("new_bid", SELLER, 5), ("outbid", ANNA, 2), ("outbid", BORIS, 5)]


def test_who_leads_again_among_bids_that_come_together_is_not_told_of_being_outbid() -> None:
    app, lot = bidding()
    rows = [bid(app, lot, who) for who in (ANNA, BORIS, ANNA)]
    for order in permutations(rows):
        assert told(notices.of_bids(order)) == [("new_bid", SELLER, 3), ("outbid", BORIS, 3)]


def test_lots_whose_bids_come_together_are_told_apart() -> None:
    app, lot = bidding()
    other = put_up(app).auction.id
    rows = [bid(app, on, who) for on, who in ((lot, ANNA), (other, BORIS), (lot, BORIS), (other, ANNA))]
    found = {(notice.kind, notice.user_id, notice.auction_id) for notice in notices.of_bids(rows)}
    assert found == {
        *(("new_bid", SELLER, each) for each in (lot, other)),
        ("outbid", ANNA, lot),
        ("outbid", BORIS, other),
    }


# --- the pace ---------------------------------------------------------------------------------------------------------


def test_the_first_time_is_told_at_once_and_the_next_when_the_pace_allows_with_the_present_state() -> None:
    app, lot = bidding()
    for who in (ANNA, BORIS):
        bid(app, lot, who)
    app.run_streams()
    assert outbid(app, ANNA) == [2]
    app.clock.forward(seconds=1)
    for who in (ANNA, BORIS, CLARA):
        bid(app, lot, who)
        app.run_streams()
    assert outbid(app, ANNA) == [2]
    app.clock.forward(seconds=SOUND_SECONDS - 1)
    app.run_streams()
    app.run_streams()
    assert outbid(app, ANNA) == [2, 5]
    assert not [notice for notice in app.outgoing.notices if notice.user_id == ANNA]


def test_each_telling_is_a_new_message_with_a_sound() -> None:
    app, lot = bidding()
    for who in (ANNA, BORIS, ANNA, BORIS, ANNA, BORIS):
        bid(app, lot, who)
        app.run_streams()
        app.clock.forward(seconds=SOUND_SECONDS)
    assert (outbid(app, ANNA), outbid(app, BORIS)) == ([2, 4, 6], [3, 5])
    assert "outbid" not in [notice.kind for _, notice, _, _ in app.messenger.edited]


def test_who_leads_again_by_then_hears_nothing_and_of_the_next_time_they_do() -> None:
    app, lot = bidding()
    for who in (ANNA, BORIS):
        bid(app, lot, who)
    waiting = notices.of_bids([app.store.bids(lot, limit=1).items[0]])
    bid(app, lot, ANNA)
    for notice in waiting:
        app.sending.send(notice, app.now())
    assert outbid(app, ANNA) == []
    bid(app, lot, BORIS)
    app.run_streams()
    assert outbid(app, ANNA) == [4]


def test_a_notice_that_comes_again_much_later_is_not_told_again() -> None:
    app, lot = bidding(duration_seconds=20 * 86_400)
    bid(app, lot, ANNA)
    notice = next(each for each in notices.of_bid(bid(app, lot, BORIS)) if each.kind == "outbid")
    app.run_streams()
    app.clock.forward(seconds=KEEP_SECONDS - 1)
    app.sending.send(notice, app.now())
    assert outbid(app, ANNA) == [2]


# --- the end ----------------------------------------------------------------------------------------------------------


def outbid_at_the_end() -> tuple[FakeApp, str, Notice]:
    """ANNA was outbid a second before the end, and it has ended."""
    app, lot = bidding(extend_seconds=0)
    bid(app, lot, ANNA)
    app.run_streams()
    app.clock.now = app.store.auction(lot).ends_at
    app.clock.forward(seconds=-1)
    notice = next(each for each in notices.of_bid(bid(app, lot, BORIS)) if each.kind == "outbid")
    app.clock.forward(seconds=1)
    return app, lot, notice


def test_what_would_be_told_while_a_lot_closes_waits_and_then_its_end_tells_it() -> None:
    app, lot, notice = outbid_at_the_end()
    with pytest.raises(TryLater):
        app.sending.send(notice, app.now())
    app.clock.now = app.store.auction(lot).due_at
    app.closing.close(lot, app.now())
    app.run_streams()
    app.sending.send(notice, app.now())
    assert outbid(app, ANNA) == []
    assert app.messenger.kinds_for(ANNA)[-1] == "lost"


def test_where_closing_takes_long_it_is_told_all_the_same() -> None:
    app, lot, notice = outbid_at_the_end()
    app.clock.now = app.store.auction(lot).due_at + SETTLING
    app.sending.send(notice, app.now())
    assert outbid(app, ANNA) == [2]
