"""How far people have come: one contract for memory, moto and the emulator; and what counting costs."""

from __future__ import annotations

import random
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest

from bench.meter import KB, Meter, size_of
from starbid.domain.achievements.kinds import ACHIEVEMENTS, Key
from starbid.domain.achievements.progress import Progress
from starbid.domain.event_log import LogEntry, LogKind
from starbid.domain.events import AchievementsEarned
from starbid.services.ports import ConditionFailed
from starbid.services.recording import of_bid
from starbid.storage.achievements import progress_item
from starbid.storage.codec import encode
from tests.support.dynamo import DynamoApp, join, put_up
from tests.support.factories import ANNA, BORIS, SELLER, auction, bid, terms
from tests.support.fakes import START, StagedApp

FULL = Progress(
    ANNA,
    {Key.COLLECTOR: frozenset({"art", "books"}), Key.REGULAR: frozenset({"2026-18"})},
    {Key.FIRST_BID: START, Key.FIRST_WIN: START + timedelta(milliseconds=1)},
    1,
)


def test_progress_is_read_as_it_was_saved(any_app: StagedApp) -> None:
    assert any_app.achievements.of(ANNA) == Progress(ANNA)
    assert any_app.achievements.save(FULL)
    assert any_app.achievements.of(ANNA) == FULL
    bare = Progress(BORIS, version=1)
    assert any_app.achievements.save(bare)
    assert any_app.achievements.of_many([BORIS, 7, ANNA]) == {ANNA: FULL, BORIS: bare, 7: Progress(7)}
    assert any_app.achievements.of_many([]) == {}


def test_of_many_people_it_reads_all(any_app: StagedApp) -> None:
    for who in (1, 101, 250):
        assert any_app.achievements.save(Progress(who, version=1))
    found = any_app.achievements.of_many(range(1, 251))
    assert len(found) == 250
    assert [who for who, progress in found.items() if progress.version] == [1, 101, 250]


def test_only_the_next_version_is_saved(any_app: StagedApp) -> None:
    second = replace(FULL, version=2)
    assert not any_app.achievements.save(second)
    assert any_app.achievements.save(FULL)
    assert not any_app.achievements.save(replace(FULL, marks={}))
    assert any_app.achievements.save(second)
    assert not any_app.achievements.save(second)
    assert any_app.achievements.of(ANNA) == second


def test_a_unit_saves_it_with_its_event_or_neither(any_app: StagedApp) -> None:
    def written(progress: Progress) -> None:
        unit = any_app.store.unit()
        unit.save_progress(progress)
        unit.emit(AchievementsEarned(f"achieved:{ANNA}:first_bid", START, ANNA, ("first_bid",)))
        unit.commit()

    written(FULL)
    assert any_app.achievements.of(ANNA) == FULL
    with pytest.raises(ConditionFailed) as refused:
        written(FULL)
    assert refused.value.current("progress") == FULL
    written(replace(FULL, version=2))


def test_a_key_of_another_version_of_the_program_is_passed_over(emulated: DynamoApp) -> None:
    row = {"user_id": 5, "version": 1, "earned": {"first_moon": 1}, "marks": {"moons": {"a"}}}
    emulated.store.client.put_item(TableName=emulated.settings.tables["achievements"], Item=encode(row))
    assert emulated.achievements.of(5) == Progress(5, version=1)


def test_a_row_is_a_write_unit_however_far_a_person_has_come() -> None:
    """Every set one short of its target, of the longest marks."""
    nearly = {key: frozenset(f"{n:x>20}" for n in range(each.target - 1)) for key, each in ACHIEVEMENTS.items()}
    marks = {key: of for key, of in nearly.items() if ACHIEVEMENTS[key].counter is None and of}
    earned = {key: START for key in ACHIEVEMENTS if key not in marks}
    assert size_of(encode(progress_item(Progress(2**52, marks, earned, 10**6)))) <= KB


def bids(lot_id: str, *bidders: int) -> list[LogEntry]:
    placed = bid(auction(terms(100), id=lot_id), ANNA, 300).bid
    return [of_bid(replace(placed, number=n, bidder_id=who)) for n, who in enumerate(bidders, start=2)]


def test_450_bids_of_a_crowd_are_one_write_for_each_person_and_then_none(emulated: DynamoApp) -> None:
    join(emulated, SELLER, seller=True)
    lot = put_up(emulated).auction.id
    people = random.Random(5).choices(range(1_000, 1_090), k=450)
    with Meter(emulated.store.client).measure() as found:
        emulated.achieving.count(bids(lot, *people))
    calls = Counter(found.calls)
    assert calls == {"BatchGetItem": 2, "TransactWriteItems": len(set(people))}
    assert found.write_units == 4 * len(set(people)), "each has a first bid, which is told: two rows in a transaction"
    again = [replace(each, id=f"{each.id}x", at=each.at + timedelta(seconds=9)) for each in bids(lot, *people)]
    with Meter(emulated.store.client).measure() as found:
        emulated.achieving.count(again)
    assert Counter(found.calls) == {"BatchGetItem": 2}
    assert found.write_units == 0
    next_week = [replace(each, at=each.at + timedelta(days=7)) for each in bids(lot, *people)]
    with Meter(emulated.store.client).measure() as found:
        emulated.achieving.count(next_week)
    assert found.write_units == len(set(people)), "one row each, without a transaction"


def test_processes_that_count_the_same_at_once_earn_and_tell_once(emulated: DynamoApp) -> None:
    won = [LogEntry(f"w{n}", START, LogKind.LOT, "won", who, f"lot/l{n}") for n, who in enumerate((1, 2, 3) * 4)]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(emulated.achieving.count, [won] * 4))
    assert all(emulated.achievements.of(who).version == 1 for who in (1, 2, 3))
    outbox = emulated.store.client.scan(TableName=emulated.settings.tables["outbox"])["Items"]
    told = [row["event_id"]["S"] for row in outbox if row["type"]["S"] == "AchievementsEarned"]
    assert sorted(told) == [f"achieved:{who}:first_win" for who in (1, 2, 3)]
