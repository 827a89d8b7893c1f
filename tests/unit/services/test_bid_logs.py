"""The files of bid logs: as the whole log is, however long, wherever the writer stops or dies; served cheaply."""

from __future__ import annotations

import json
from typing import Any

import pytest

from starbid.domain import audit, audit_check
from starbid.domain.audit_rows import Deciding, opened_of
from starbid.domain.errors import LogNotReady, NotClosed, NotFound
from starbid.domain.kinds import KINDS, kind_of
from starbid.services import bid_logs
from starbid.services.auctions import browsing
from starbid.services.bid_logs import as_json
from starbid.services.ports import Unavailable
from tests.support import fake_logs
from tests.support.desk import deciding
from tests.support.factories import ANNA, BORIS, CLARA, market
from tests.support.fakes import Death, FakeApp
from tests.support.logs import played
from tests.support.mortal import Fate, Mortal


@pytest.fixture(autouse=True)
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Parts of a few entries, pages of two."""
    monkeypatch.setattr(bid_logs, "PART", 900)
    monkeypatch.setattr(bid_logs, "PAGE", 2)
    monkeypatch.setattr(fake_logs, "LEAST_PART", 900)


def sold(bids: int = 12, **changes: object) -> tuple[FakeApp, str]:
    """A lot on which three people bid in turn, and which has ended."""
    app, lot = market(stars=100_000, **changes)
    for number in range(bids):
        app.bidding.bid(lot.auction.id, (ANNA, BORIS, CLARA)[number % 3], 200 + 50 * number, app.now())
    app.clock.forward(hours=5)
    app.closing.close(lot.auction.id, app.now())
    return app, lot.auction.id


def whole(app: FakeApp, lot: str) -> dict[str, Any]:
    """The log as the rules make it of all rows at once."""
    auction = app.store.auction(lot)
    rows = app.store.bids_after(lot, 0, 10_000)
    return audit.log_of(auction, rows, opened_of(auction, rows))


def never() -> bool:
    return False


def always() -> bool:
    return True


def write(app: FakeApp, lot: str, has_time: Any = always) -> int:
    """The writer, and its messages until there are none; answers how many turns it took."""
    waiting, turns = [(lot, "")], 0
    while waiting:
        app.log_writing.write(*waiting.pop(0), has_time)
        waiting += app.log_requests.asked
        app.log_requests.asked.clear()
        turns += 1
    return turns


@pytest.mark.parametrize("kind", ["english", "sealed", "vickrey"])
@pytest.mark.parametrize("has_time", [always, never])
@pytest.mark.parametrize("bids", [0, 1, 2, 30])
def test_the_file_holds_what_the_whole_log_holds_to_the_byte(kind: str, has_time: Any, bids: int) -> None:
    app, lot = sold(bids, type=kind)
    turns = write(app, lot, has_time)
    assert app.log_files.files[lot] == as_json(whole(app, lot))
    assert audit_check.problems(json.loads(app.log_files.files[lot])) == []
    assert turns > 5 if bids == 30 and has_time is never else turns <= 2


def test_a_bought_and_a_cancelled_lot_have_their_files_too() -> None:
    app, lot = market(buy_now_price=500)
    app.bidding.buy(lot.auction.id, ANNA, 500, app.now())
    other = market(type="sealed")
    for each, id_ in ((app, lot.auction.id), (other[0], other[1].auction.id)):
        if each is not app:
            each.bidding.bid(id_, ANNA, 300, each.now())
            each.publishing.cancel(900, id_, each.now(), decision=deciding("a reason", each.now()))
        write(each, id_)
        assert each.log_files.files[id_] == as_json(whole(each, id_))


@pytest.mark.parametrize("kind", KINDS)
def test_the_rows_that_decide_open_what_all_rows_open(kind: str) -> None:
    for seed in range(300):
        lot, rows = played(kind, seed, bids=14, currency=("XTR", "RUB")[seed % 2])
        deciding = Deciding(lot)
        for row in rows:
            deciding.add(row)
        few = deciding.rows()
        assert opened_of(lot, few) == opened_of(lot, rows)
        assert len(few) <= 2 * len({row.bidder_id for row in rows})
        shown = kind_of(lot).opened(lot, rows) if lot.ending == "sold" else frozenset()
        assert audit.openings(lot, few, opened_of(lot, few)) == audit.openings(lot, rows, shown)


def test_it_is_written_once() -> None:
    app, lot = sold()
    for _ in range(3):
        write(app, lot)
    assert app.log_files.writes == 1


def test_a_lot_that_runs_or_is_unknown_is_not_written() -> None:
    app, lot = market()
    write(app, lot.auction.id)
    write(app, "unknown")
    assert app.log_files.files == {}


def test_a_log_that_lacks_a_row_is_not_published() -> None:
    app, lot = sold()
    del app.store.tables.bids[lot, 12]
    with pytest.raises(LookupError):
        write(app, lot)
    assert app.log_files.files == {}


def test_two_writers_at_once_write_one_and_the_same() -> None:
    app, lot = sold(30)
    app.log_files.meanwhile(lambda: None)  # the look whether it is there
    app.log_files.meanwhile(lambda: write(app, lot))
    write(app, lot)
    assert app.log_files.writes == 1
    assert app.log_files.files[lot] == as_json(whole(app, lot))


def test_a_message_that_comes_twice_and_late_changes_nothing() -> None:
    app, lot = sold(30)
    app.log_writing.write(lot, "", never)
    ((_, step),) = app.log_requests.asked
    write(app, lot)
    content = app.log_files.files[lot]
    for _ in range(2):
        app.log_writing.write(lot, step, always)
    assert (app.log_files.files[lot], app.log_files.writes) == (content, 1)


def test_where_the_parts_were_given_up_it_is_begun_anew() -> None:
    app, lot = sold(30)
    app.log_writing.write(lot, "", never)
    ((_, step),) = app.log_requests.asked
    app.log_requests.asked.clear()
    app.log_files.uploads.clear()
    app.log_writing.write(lot, step, never)
    assert app.log_requests.asked == [(lot, "")]
    write(app, lot)
    assert app.log_files.files[lot] == as_json(whole(app, lot))


def test_a_step_that_nobody_kept_is_begun_anew() -> None:
    app, lot = sold(30)
    app.log_writing.write(lot, "forgotten", always)
    assert app.log_files.files[lot] == as_json(whole(app, lot))


def test_a_writer_that_dies_anywhere_leaves_nothing_half_done() -> None:
    moment = 0
    while True:
        app, lot = sold(9)
        fate = Fate(moment)
        app.log_writing._files, app.log_writing._requests = (
            Mortal(app.log_files, fate),
            Mortal(app.log_requests, fate),
        )
        waiting = [(lot, "")]
        while waiting:
            try:
                app.log_writing.write(*waiting[0], never)
                waiting.pop(0)
            except Death:
                fate.revive()
            waiting += app.log_requests.asked
            app.log_requests.asked.clear()
        assert app.log_files.files[lot] == as_json(whole(app, lot)), f"died at {fate.last}"
        assert app.log_files.writes == 1
        if not fate.was_met:
            break
        moment += 1
    assert moment > 15


# --- serving ----------------------------------------------------------------------------------------------------------


def test_a_log_of_few_bids_is_there_at_once_and_the_file_is_asked_for_once_a_minute() -> None:
    app, lot = sold(5)
    for _ in range(3):
        assert json.loads(app.bid_logs.find(lot, app.now()).content) == whole(app, lot)
    assert app.log_requests.asked == [(lot, "")]
    app.clock.forward(seconds=61)
    app.bid_logs.find(lot, app.now())
    assert len(app.log_requests.asked) == 2


def test_what_is_made_on_the_spot_is_what_the_file_will_be() -> None:
    app, lot = sold(5)
    before = app.bid_logs.find(lot, app.now()).content
    write(app, lot)
    assert app.bid_logs.find(lot, app.now()).content == before


def test_a_log_of_many_bids_is_never_made_for_who_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(browsing, "FEW_BIDS", 4)
    app, lot = sold(5)
    app.store.trips.clear()
    for _ in range(20):
        with pytest.raises(LogNotReady):
            app.bid_logs.find(lot, app.now())
    assert app.log_requests.asked == [(lot, "")]
    assert "bids" not in app.store.trips
    write(app, lot)
    assert json.loads(app.bid_logs.find(lot, app.now()).content) == whole(app, lot)


def test_a_finished_log_costs_no_look_at_the_lot() -> None:
    app, lot = sold(5)
    write(app, lot)
    app.store.trips.clear()
    app.bid_logs.find(lot, app.now())
    assert app.store.trips == []


def test_a_large_log_is_had_by_a_link(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bid_logs, "SMALL", 500)
    app, lot = sold(5)
    write(app, lot)
    file = app.bid_logs.find(lot, app.now())
    assert (file.content, file.link) == (b"", f"https://logs.example/{lot}.json")


def test_a_queue_that_does_not_answer_keeps_a_small_log_from_nobody_and_is_asked_again() -> None:
    app, lot = sold(5)
    app.log_requests.fail_next(Unavailable("sqs"))
    assert app.bid_logs.find(lot, app.now()).content
    app.bid_logs.find(lot, app.now())
    assert app.log_requests.asked == [(lot, "")]


def test_nothing_is_told_of_a_lot_that_runs_nor_asked_for() -> None:
    app, lot = market()
    with pytest.raises(NotClosed):
        app.bid_logs.find(lot.auction.id, app.now())
    with pytest.raises(NotFound):
        app.bid_logs.find("unknown", app.now())
    assert app.log_requests.asked == []
