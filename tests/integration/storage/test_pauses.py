"""The pause on every store: who reads a lot adds what its row lacks, and who writes it writes that."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any, get_type_hints

import pytest

from starbid.domain.auction import Auction, Ending
from starbid.domain.errors import Conflict
from starbid.domain.lots import Lot
from starbid.domain.pause import Paused, Pauses, PauseStands
from starbid.services.auctions.browsing import listing_of
from starbid.services.desk import carrying
from starbid.services.ports import ConditionFailed, ReadBatch, Search, Store, StoredAuction
from tests.support.dynamo import DynamoApp, check, hammer, join, put_up
from tests.support.factories import ANNA, BORIS, SELLER
from tests.support.fakes import StagedApp
from tests.support.paused import carry, decision, pause, pause_for, resume
from tests.support.there import there

HOUR = timedelta(hours=1)
Read = Callable[[StagedApp, str], datetime]


@pytest.fixture
def market(any_app: StagedApp) -> StagedApp:
    join(any_app, SELLER, seller=True)
    for who in (ANNA, BORIS):
        join(any_app, who, stars=10_000)
    return any_app


def in_batch(consistent: bool, of_lot: bool) -> Read:
    def read(app: StagedApp, lot: str) -> datetime:
        batch = app.store.batch()
        batch.person(ANNA)
        if of_lot:
            whole = batch.lot(lot, consistent=consistent)
            batch.fetch()
            return there(whole.value).auction.ends_at
        state = batch.auction(lot, consistent=consistent)
        batch.fetch()
        return there(state.value).ends_at

    return read


def refused(app: StagedApp, lot: str) -> datetime:
    """What a write that comes too late is told of the row, which nobody has moved yet."""
    (old,) = app.store.stored([lot])
    late = replace(old.auction, version=old.auction.version + 1)
    unit = app.store.unit()
    unit.save_auction(late, replace(late, version=late.version + 1))
    with pytest.raises(ConditionFailed) as told:
        unit.commit()
    current: Auction = told.value.current("auction")
    return current.ends_at


def listed(app: StagedApp, _: str) -> datetime:
    """In the lists as they were projected before the pause."""
    (found,) = app.browsing.live(Search(), app.now()).items
    return found.ends_at


READS: dict[str, Read] = {
    "auction": lambda app, lot: app.store.auction(lot).ends_at,
    "auction, consistent": lambda app, lot: app.store.auction(lot, consistent=True).ends_at,
    "lot": lambda app, lot: app.store.lot(lot).auction.ends_at,
    "lot, consistent": lambda app, lot: app.store.lot(lot, consistent=True).auction.ends_at,
    "lots": lambda app, lot: app.store.lots([lot])[lot].auction.ends_at,
    "lots_of_seller": lambda app, _: app.store.lots_of_seller(SELLER).items[0].auction.ends_at,
    "lots_by_creation": lambda app, _: app.store.lots_by_creation(None, app.now() + HOUR).items[0].auction.ends_at,
    "stored": lambda app, lot: app.store.stored([lot])[0].auction.ends_at,
    "batch.auction": in_batch(consistent=False, of_lot=False),
    "batch.auction, consistent": in_batch(consistent=True, of_lot=False),
    "batch.lot": in_batch(consistent=False, of_lot=True),
    "batch.lot, consistent": in_batch(consistent=True, of_lot=True),
    "listing": listed,
    "closing": lambda app, lot: app.closing.close(lot, app.now()).ends_at,
    "refused write": refused,
}


@pytest.mark.parametrize("name", READS)
def test_every_reader_adds_what_the_row_lacks(market: StagedApp, name: str) -> None:
    lot = put_up(market, extend_seconds=0)
    market.catalogue.put(listing_of(lot, market.now()), lot.card.description)
    pause_for(market, HOUR)
    pause_for(market, HOUR)
    assert READS[name](market, lot.auction.id) == lot.auction.ends_at + 2 * HOUR
    assert market.store.stored([lot.auction.id])[0].row.ends_at == lot.auction.ends_at


def test_no_way_to_read_a_lot_is_missing_above() -> None:
    """Whatever of the store answers a lot, by its annotations; `deals_of` answers those alone whose end is past."""
    about = (Auction, Lot, StoredAuction)
    ways = set()
    for port, prefix in ((Store, ""), (ReadBatch, "batch.")):
        for name in dir(port):
            verb = getattr(port, name)
            if not name.startswith("_") and callable(verb):
                answer = str(get_type_hints(verb).get("return"))
                if any(f"{kind.__module__}.{kind.__name__}" in answer for kind in about):
                    ways.add(prefix + name)
    assert ways - {"deals_of"} == {name.partition(",")[0] for name in READS} - {"listing", "closing", "refused write"}


def test_the_record_is_kept_whole(market: StagedApp) -> None:
    assert market.store.pauses() == market.store.pauses(consistent=True) == Pauses()
    begun = market.pausing.pause(decision(market, "k1"))
    assert market.store.pauses(consistent=True) == begun
    market.clock.forward(seconds=90)
    ended = market.pausing.resume(decision(market, "k2"))
    assert market.store.pauses(consistent=True) == ended
    carry(market)
    assert there(market.store.pauses(consistent=True).last).is_moved


def test_a_bid_writes_the_moved_times_and_the_pause_that_it_knew_of(market: StagedApp) -> None:
    lot = put_up(market).auction
    pause_for(market, HOUR)
    market.bidding.bid(lot.id, ANNA, 200, market.now())
    (stored,) = market.store.stored([lot.id])
    assert not stored.is_behind
    assert (stored.row.ends_at, stored.row.stood_still, stored.row.carried) == (lot.ends_at + HOUR, HOUR, 1)
    assert market.store.auction(lot.id).ends_at == lot.ends_at + HOUR


def test_rows_are_moved_and_lots_close_by_their_new_ends(market: StagedApp, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(carrying, "PAGE", 4)
    monkeypatch.setattr(carrying, "AT_ONCE", 3)
    lots = [put_up(market, duration_seconds=600 + number).auction for number in range(10)]
    over = put_up(market, duration_seconds=60).auction
    market.clock.forward(seconds=300)
    pause(market)
    market.clock.forward(hours=1)
    market.closing.sweep(market.now())
    resume(market)
    carry(market)
    last = there(market.store.pauses(consistent=True).last)
    length = there(last.ended) - last.began
    for lot in lots:
        row = market.store.stored([lot.id])[0].row
        assert (row.ends_at, row.version) == (lot.ends_at + length, 2)
    assert market.store.auction(over.id).ending is Ending.UNSOLD
    by_then = market.store.due_auctions(lots[4].ends_at + length + timedelta(seconds=2), 100)
    assert set(by_then) == {lot.id for lot in lots[:5]}


def test_two_owners_at_the_same_instant_pause_once_and_resume_once(emulated: DynamoApp) -> None:
    for act in (emulated.pausing.pause, emulated.pausing.resume):
        answers = hammer([partial(act, decision(emulated)) for _ in range(8)])
        done = [answer for answer in answers if isinstance(answer, Pauses)]
        assert len(done) == 1
        assert all(isinstance(answer, Pauses | PauseStands | Conflict) for answer in answers)
    assert len(emulated.store.pauses(consistent=True).history) == 1


@pytest.mark.parametrize("emulated", ["fast way"], indirect=True)
@pytest.mark.parametrize("kind", ["english", "sealed", "vickrey"])
def test_a_crowd_while_a_pause_begins_and_ends(emulated: DynamoApp, kind: str) -> None:
    """Who arrived in the pause is told so, and nobody else; the lot ends with the time that it had left."""
    join(emulated, SELLER, seller=True)
    crowd = range(1, 13)
    for who in crowd:
        join(emulated, who, stars=20_000)
    lot = put_up(emulated, type=kind, duration_seconds=60, extend_seconds=0 if kind == "english" else None).auction
    emulated.clock.forward(seconds=55)
    emulated.pausing.pause(decision(emulated, "p"))
    began = there(emulated.store.pauses(consistent=True).running).began
    moments = [began - timedelta(milliseconds=1), began, began + timedelta(seconds=3)]
    answers = _bids(emulated, lot.id, moments, crowd, 1_000, [])
    _assert_told(answers, [False, True, True])
    emulated.clock.now = began + HOUR - timedelta(seconds=1)
    emulated.pausing.resume(decision(emulated, "r"))
    ended = there(there(emulated.store.pauses(consistent=True).last).ended)
    emulated.clock.now = ended + timedelta(seconds=1)
    work = [lambda: carry(emulated), lambda: emulated.closing.sweep(ended)]
    late = [ended - timedelta(milliseconds=1), began - timedelta(milliseconds=1), ended, ended + timedelta(seconds=1)]
    answers = _bids(emulated, lot.id, late, crowd, 5_000, work)
    _assert_told(answers, [True, False, False, False])
    end = lot.ends_at + (ended - began)
    assert emulated.store.auction(lot.id, consistent=True).ends_at == end
    emulated.clock.now = end + timedelta(seconds=2)
    assert emulated.closing.close(lot.id, emulated.now()).ending is Ending.SOLD
    check(emulated.store)


def _bids(
    app: DynamoApp, lot: str, moments: list[datetime], crowd: range, least: int, also: list[Callable[[], Any]]
) -> list[tuple[datetime, Any]]:
    asked = [(moment, who) for who in crowd for moment in moments]
    calls = [
        lambda moment=moment, who=who, n=n: app.bidding.bid(lot, who, least + 37 * n, moment, confirmed=True)
        for n, (moment, who) in enumerate(asked)
    ]
    answers = hammer([*calls[:6], *also, *calls[6:]], threads=16)
    kept = answers[:6] + answers[6 + len(also) :]
    for failure in answers[6 : 6 + len(also)]:
        assert not isinstance(failure, BaseException), failure
    return [(moment, answer) for (moment, _), answer in zip(asked, kept, strict=True)]


def _assert_told(answers: list[tuple[datetime, Any]], paused: list[bool]) -> None:
    for place, (moment, answer) in enumerate(answers):
        assert isinstance(answer, Paused) == paused[place % len(paused)], (moment, answer)
