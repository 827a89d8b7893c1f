"""After a pause every row is moved once, whatever dies in between, and what was to fire meanwhile fires."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from starbid.domain.auction import Ending
from starbid.domain.errors import Conflict
from starbid.domain.events import LotBegan, LotEndingSoon
from starbid.domain.lots import on_card
from starbid.services.desk import carrying
from starbid.services.desk.carrying import Carrying, Place, place_of
from starbid.services.ports import Contended
from tests.support.factories import ANNA, BORIS, auction, card, join, market, put_up
from tests.support.fakes import START, Death, FakeApp, make_app
from tests.support.mortal import Fate, Mortal
from tests.support.paused import carry, decision, pause, pause_for, resume

HOUR = timedelta(hours=1)


@pytest.fixture
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(carrying, "PAGE", 4)
    monkeypatch.setattr(carrying, "AT_ONCE", 3)
    return


def street(app: FakeApp, size: int) -> list[str]:
    """Lots that end one a second, the first in ten minutes."""
    ids = [f"lot{number:05}" for number in range(size)]
    for number, auction_id in enumerate(ids):
        ends_at = app.now() + timedelta(seconds=600 + number)
        words = card(auction_id)
        lot = on_card(auction(id=auction_id, ends_at=ends_at, scheduled_end=ends_at), words)
        unit = app.store.unit()
        unit.create_auction(lot, words)
        unit.commit()
    return ids


def assert_moved_once(app: FakeApp, ids: list[str], by: timedelta) -> None:
    for number, auction_id in enumerate(ids):
        row = app.store.tables.auctions[auction_id]
        expected = START + timedelta(seconds=600 + number) + by
        assert (row.ends_at, row.scheduled_end, row.carried) == (expected, expected, 1)
        assert row.version == 2, "one write, and no second"
        assert app.store.auction(auction_id).ends_at == expected


def test_all_rows_are_moved_each_by_one_write(small_pages: None) -> None:
    app = make_app()
    ids = street(app, 30)
    pause_for(app, HOUR)
    carry(app)
    assert_moved_once(app, ids, HOUR)
    pauses = app.store.pauses()
    assert (pauses.unmoved, pauses.moved) == ((), 30)
    carry(app)
    app.desk_work.ask("resume", {})
    assert carry(app) == 0, "nothing is left"


def test_killed_at_any_moment_it_is_gone_on_with_and_every_lot_is_moved_once(small_pages: None) -> None:
    """By the message, which comes again, or by the sweep where it was lost."""
    moments = _moments_of_a_moving()
    assert moments > 60
    for dies_at in range(moments):
        app = make_app()
        ids = street(app, 10)
        pause_for(app, HOUR)
        fate = Fate(dies_at)
        app.__dict__["carrying"] = _mortal(app, fate)
        _until_done(app, fate, message_comes_again=dies_at % 2 == 0)
        assert fate.was_met
        assert_moved_once(app, ids, HOUR)
        assert {alarm.auction_id for alarm in app.scheduler.alarms if alarm.what == "close"} == set(ids)


def _moments_of_a_moving() -> int:
    app = make_app()
    street(app, 10)
    pause_for(app, HOUR)
    fate = Fate()
    app.__dict__["carrying"] = _mortal(app, fate)
    carry(app)
    return fate.moments


def _mortal(app: FakeApp, fate: Fate) -> Carrying:
    ports: list[Any] = [Mortal(port, fate) for port in (app.store, app.closing, app.watching, app.desk_work)]
    return Carrying(*ports)


def _until_done(app: FakeApp, fate: Fate, *, message_comes_again: bool) -> None:
    while app.store.pauses().unmoved:
        before = list(app.desk_work.asked)
        try:
            carry(app)
        except Death:
            fate.revive()
            app.clock.forward(minutes=3)
            app.desk_work.asked = [*before[:1], *app.desk_work.asked] if message_comes_again else []
        if not app.desk_work.asked:
            app.pausing.see_to_the_moving(app.now())
            app.clock.forward(minutes=1)


def test_ten_thousand_ends_are_moved_in_pages() -> None:
    app = make_app()
    ids = street(app, 10_000)
    pause_for(app, HOUR)
    steps = carry(app)
    assert_moved_once(app, ids, HOUR)
    assert steps < 3.1 * 10_000 / carrying.PAGE, "once, once more where a moved row is met again, and a pass to see it"


def test_two_who_move_at_once_move_each_lot_once(small_pages: None) -> None:
    app = make_app()
    ids = street(app, 12)
    pause_for(app, HOUR)
    other = Carrying(app.store, app.closing, app.watching, app.desk_work)
    app.store.meanwhile(lambda: other.step(Place(1), app.now()))
    carry(app)
    assert_moved_once(app, ids, HOUR)


def test_a_bid_that_comes_first_has_moved_the_lot_by_itself() -> None:
    app, lot = market(duration_seconds=600)
    pause_for(app, HOUR)
    app.bidding.bid(lot.auction.id, ANNA, 200, app.now())
    row = app.store.tables.auctions[lot.auction.id]
    assert (row.ends_at, row.carried) == (lot.auction.ends_at + HOUR, 1)
    carry(app)
    assert app.store.tables.auctions[lot.auction.id] == row
    assert app.scheduler.alarms[-1].at == row.due_at, "and it is woken to close it all the same"


def test_a_bid_at_the_same_moment_costs_the_lot_its_place_in_the_page_and_nothing_else(small_pages: None) -> None:
    app = make_app()
    ids = street(app, 3)
    join(app, ANNA, stars=1_000)
    pause_for(app, HOUR)
    app.store.meanwhile(lambda: app.bidding.bid(ids[1], ANNA, 200, app.now()))
    carry(app)
    rows = [app.store.tables.auctions[auction_id] for auction_id in ids]
    assert [row.ends_at for row in rows] == [START + timedelta(seconds=600 + n) + HOUR for n in range(3)]
    assert [row.version for row in rows] == [2, 2, 2]
    assert rows[1].leader_id == ANNA


def test_a_store_in_trouble_leaves_the_message_to_come_again(small_pages: None) -> None:
    app = make_app()
    ids = street(app, 3)
    pause_for(app, HOUR)
    message = app.desk_work.asked[0]
    app.store.fail_next(Contended(), times=20)
    with pytest.raises(Conflict):
        carry(app)
    app.store.heal()
    app.desk_work.asked.append(message)
    carry(app)
    assert_moved_once(app, ids, HOUR)


def test_a_lot_that_no_pause_stopped_is_left_alone() -> None:
    app, _ = market(duration_seconds=60)
    app.clock.forward(minutes=5)
    ahead = put_up(app, starts_at=(app.now() + 5 * HOUR).isoformat()).auction
    pause_for(app, HOUR)
    after = put_up(app).auction
    carry(app)
    for lot in (ahead, after):
        assert app.store.tables.auctions[lot.id] == lot


def test_a_pause_that_begins_while_lots_are_moved_stops_them_where_they_are(small_pages: None) -> None:
    app = make_app()
    ids = street(app, 8)
    pause_for(app, HOUR)
    name, facts, _ = app.desk_work.asked.pop()
    place = app.carrying.step(app.carrying.begin() or Place(0), app.now())
    pause_for(app, HOUR)
    assert place
    app.desk_work.asked.insert(0, (name, {"number": 1, "cursor": place.cursor, "moved": 0, "again": False}, 0))
    carry(app)
    for number, auction_id in enumerate(ids):
        row = app.store.tables.auctions[auction_id]
        # a pause takes effect a second after it is asked for: so much ran in between
        assert (row.ends_at, row.carried) == (START + timedelta(seconds=600 + number) + 2 * HOUR, 2)
    assert not app.store.pauses().unmoved
    assert facts == {}


def test_one_that_was_far_ahead_is_woken_by_its_old_alarm_and_set_again() -> None:
    """So a resume asks for no schedule of lots that end next week."""
    app, lot = market(duration_seconds=20 * 3600)
    old = app.scheduler.alarms[-1]
    pause_for(app, HOUR)
    carry(app)
    assert app.scheduler.alarms == [old]
    app.clock.now = old.at
    app.scheduler.fire(app)
    app.clock.now = lot.auction.ends_at + HOUR + timedelta(seconds=2)
    app.scheduler.fire(app)
    assert app.store.auction(lot.auction.id).ending is Ending.UNSOLD


def test_who_watches_is_reminded_by_the_new_end_and_of_the_start_at_the_end_of_the_pause() -> None:
    app, lot = market(duration_seconds=3600)
    begins = put_up(app, starts_at=(app.now() + timedelta(minutes=30)).isoformat())
    for each in (lot, begins):
        app.watching.watch(BORIS, each.auction.id, app.now())
    app.clock.forward(minutes=20)
    pause(app)
    for _ in range(60):
        app.clock.forward(minutes=1)
        app.scheduler.fire(app)
    assert not _told(app), "nothing begins and nothing ends"
    resume(app)
    carry(app)
    assert _told(app) == {"LotBegan": begins.auction.id}
    app.clock.forward(minutes=25)
    app.scheduler.fire(app)
    assert _told(app) == {"LotBegan": begins.auction.id, "LotEndingSoon": lot.auction.id}


def _told(app: FakeApp) -> dict[str, str]:
    events = (event for event in app.store.tables.events.values() if isinstance(event, LotBegan | LotEndingSoon))
    return {type(event).__name__: event.auction_id for event in events}


def test_what_the_message_says_can_be_read_and_nonsense_is_told() -> None:
    app = make_app()
    place = Place(3, "somewhere", 7, again=True)
    app.carrying.ask(place)
    assert place_of(app.desk_work.asked[0][1]) == place
    assert place_of({}) is None
    with pytest.raises(ValueError, match="number"):
        place_of({"number": "x"})


def test_the_record_is_small() -> None:
    """It is read with every lot: half a read unit is 4 KB."""
    from bench.meter import size_of
    from starbid.storage.codec import encode
    from starbid.storage.pauses import pauses_item

    app = make_app()
    for _ in range(10):
        app.pausing.pause(decision(app, "k" * 64))
        app.pausing.resume(decision(app, "r" * 64))
    full = replace(app.store.pauses(), stepped_at=app.now(), moved=10**9)
    assert size_of(encode(pauses_item(full, 0))) < 1_200
