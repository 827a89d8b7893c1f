"""Marks of watched lots: by person and by lot."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bench.meter import Meter
from starbid.services.ports import Mark
from tests.support.dynamo import DynamoApp, join, put_up
from tests.support.factories import ANNA, BORIS, SELLER
from tests.support.fakes import StagedApp


def mark_for(app: StagedApp, user_id: int, auction_id: str = "lamp") -> Mark:
    return Mark(user_id, auction_id, app.now() + timedelta(hours=1), app.now() + timedelta(days=30))


def test_a_mark_is_there_until_its_time_is_over(any_app: StagedApp) -> None:
    mark, watches = mark_for(any_app, ANNA), any_app.watches
    watches.put(mark)
    assert watches.mark(ANNA, "lamp", any_app.now()) == mark
    assert watches.marks_of(ANNA, mark.until - timedelta(seconds=1)) == [mark]
    assert watches.mark(ANNA, "lamp", mark.until) is None
    assert watches.marks_of(ANNA, mark.until) == []
    assert watches.mark(BORIS, "lamp", any_app.now()) is None


def test_a_mark_that_is_put_again_takes_the_place_of_the_first(any_app: StagedApp) -> None:
    mark, watches = mark_for(any_app, ANNA), any_app.watches
    later = replace(mark, ends_at=mark.ends_at + timedelta(hours=1))
    watches.put(mark)
    watches.put(later)
    assert watches.marks_of(ANNA, any_app.now()) == [later]
    assert watches.watchers("lamp", "", 9) == ((ANNA,), None)


def test_a_mark_that_is_dropped_is_gone_from_both_sides(any_app: StagedApp) -> None:
    watches = any_app.watches
    for who, lot in ((ANNA, "lamp"), (ANNA, "clock"), (BORIS, "lamp")):
        watches.put(mark_for(any_app, who, lot))
    for _ in range(2):
        watches.drop(ANNA, "lamp")
    assert [mark.auction_id for mark in watches.marks_of(ANNA, any_app.now())] == ["clock"]
    assert watches.watchers("lamp", "", 9) == ((BORIS,), None)


def test_who_watches_a_lot_comes_in_pages_in_the_order_of_their_ids(any_app: StagedApp) -> None:
    for number in (7, 1, 12, 3):
        any_app.watches.put(mark_for(any_app, number))
    any_app.watches.put(mark_for(any_app, 5, "clock"))
    seen: list[int] = []
    after = ""
    for _ in range(9):
        people, following = any_app.watches.watchers("lamp", after, 2)
        seen += people
        if following is None:
            break
        after = following
    assert seen == [1, 3, 7, 12]


def test_watching_costs_one_row_and_an_entry_of_the_index(emulated: DynamoApp) -> None:
    join(emulated, SELLER, seller=True)
    lot = put_up(emulated).auction.id
    with Meter(emulated.store.client).measure() as found:
        emulated.watching.watch(ANNA, lot, emulated.now())
    assert found.calls == ["BatchGetItem", "Query", "PutItem"]
    assert (found.write_units, found.index_write_units) == (1, 1)
    with Meter(emulated.store.client).measure() as found:
        emulated.watching.unwatch(ANNA, lot)
    assert found.calls == ["DeleteItem"]
