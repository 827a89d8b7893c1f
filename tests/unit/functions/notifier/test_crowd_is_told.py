"""What a crowd on one lot makes people hear: at the pace of Telegram, the present state, and in the end the truth."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from itertools import pairwise

import pytest

from local.cloudformation import read_yaml
from local.template import TEMPLATE
from starbid.services import notices
from starbid.services.cards import redrawing
from starbid.services.living import AT_ONCE, PACE_SECONDS, SOUND_SECONDS
from tests.support.crowded import Call, Hall
from tests.support.factories import SELLER
from tests.support.fakes import FakeApp

PEOPLE, BIDS, SECONDS = 64, 2_000, 10


@pytest.fixture
def enter(put_in_place: Callable[[FakeApp], FakeApp]) -> Callable[[Hall], Hall]:
    """Makes the functions work for a hall."""

    def enter(hall: Hall) -> Hall:
        put_in_place(hall.app)
        return hall

    return enter


def bids_shown(call: Call) -> int:
    assert call.lot is not None
    return call.lot.bids_count


def require_truth(hall: Hall) -> None:
    """All who led and no longer do were told after it happened; nobody was told who led at that moment."""
    leader = hall.lot.leader_id
    last_outbid = {row.outbid_id: row.number for row in hall.rows if row.outbid_id is not None}
    assert len(last_outbid) > 1
    for person, number in last_outbid.items():
        told = hall.calls("outbid", person)
        assert all(call.lot and call.lot.leader_id != person for call in told)
        if person != leader:
            assert told, f"{person} was never told"
            assert bids_shown(told[-1]) >= number, f"{person} was outbid by {number} and does not know"
    reign = max((row.number for row in hall.rows if row.leader_id != leader), default=0)
    assert all(bids_shown(call) <= reign for call in hall.calls("outbid", leader)), "the leader heard of being outbid"


def require_pace(hall: Hall) -> None:
    for person in hall.bidders:
        for one, next_one in pairwise(hall.calls("outbid", person)):
            assert next_one.at - one.at >= timedelta(seconds=SOUND_SECONDS)


def test_a_crowd_of_64_with_2000_bids_in_10_seconds_is_told_at_a_pace_and_the_truth(
    enter: Callable[[Hall], Hall],
) -> None:
    hall = enter(Hall(PEOPLE))
    hall.shows_cards()
    hall.runs(SECONDS, BIDS / SECONDS)
    hall.settles()

    assert len(hall.rows) == BIDS
    singly = Counter(notice.kind for row in hall.rows for notice in notices.of_bid(row))
    assert singly["new_bid"] > 0.95 * BIDS
    assert singly["outbid"] > 0.4 * BIDS
    require_truth(hall)
    require_pace(hall)
    assert hall.counts["messages"] <= (SECONDS + 1) * (PEOPLE + 2), "a second: each person, the seller, the cards"
    assert hall.counts["receives"] <= 3 * hall.counts["messages"]
    assert hall.counts["most receives"] <= 5
    outbid = Counter(call.chat_id for call in hall.calls("outbid"))
    assert max(outbid.values()) <= (SECONDS + SOUND_SECONDS) // SOUND_SECONDS + 1
    seller = hall.calls("new_bid", SELLER)
    assert [call.is_new for call in seller] == [True] + [False] * (len(seller) - 1)
    assert len(seller) <= SECONDS // PACE_SECONDS + AT_ONCE + 1
    assert bids_shown(seller[-1]) == BIDS
    cards = Counter(call.chat_id for call in hall.calls("card"))
    assert set(cards) == set(hall.bidders)
    assert max(cards.values()) <= SECONDS // redrawing.PACE_SECONDS + 2
    versions = {card.version for card in hall.app.shown_cards.of_lot(hall.id, hall.app.now())}
    assert versions == {hall.lot.version}


def test_the_stream_of_bids_collects_those_of_a_second() -> None:
    functions = read_yaml(TEMPLATE)["Resources"]
    source = functions["NotifierFunction"]["Properties"]["Events"]["Bids"]["Properties"]
    assert source["MaximumBatchingWindowInSeconds"] == Hall.window
    assert source["BatchSize"] >= 500, "a crowd's second"


def test_without_a_window_of_the_stream_people_hear_no_more(enter: Callable[[Hall], Hall]) -> None:
    hall = enter(Hall(16, window=0))
    hall.runs(5, 100)
    hall.settles()
    require_truth(hall)
    require_pace(hall)


@pytest.mark.parametrize("seed", range(8))
def test_records_in_any_order_repeats_429s_and_deaths_leave_nobody_in_the_dark(
    enter: Callable[[Hall], Hall], seed: int
) -> None:
    hall = enter(Hall(8, rough=True, seed=seed))
    for bids in (40, 2, 40, 0.5):
        hall.runs(4, bids)
    hall.settles()
    require_truth(hall)
    assert bids_shown(hall.calls("new_bid", SELLER)[-1]) == len(hall.rows)
    assert hall.counts["most receives"] < 20, "none becomes a dead letter"


@pytest.mark.parametrize("rough", [False, True])
def test_who_is_outbid_as_the_lot_ends_hears_the_end_alone(enter: Callable[[Hall], Hall], rough: bool) -> None:
    hall = enter(Hall(16, rough=rough, terms={"extend_seconds": 0, "duration_seconds": 60}))
    hall.runs(50)
    hall.runs(12, 50)
    hall.closes()
    hall.settles()
    lot = hall.lot
    assert all(call.at < lot.ends_at for call in hall.calls("outbid"))
    ends = Counter((call.what, call.chat_id) for call in hall.messenger.calls if call.what in ("won", "lost", "sold"))
    people = {row.bidder_id for row in hall.rows} - {lot.leader_id}
    assert set(ends) == {("won", lot.leader_id), ("sold", SELLER), *(("lost", who) for who in people)}
    assert rough or set(ends.values()) == {1}
