"""The dashboard's figures: the same for every store."""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, tzinfo
from functools import partial
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from starbid.domain.analytics.counting import Seller
from starbid.domain.analytics.periods import Period
from starbid.domain.analytics.quarters import date_of, day_of, quarter_of
from starbid.domain.event_log import LogEntry
from starbid.services.analytics.dashboard import View
from starbid.services.ports import Contended, Correction
from starbid.storage import clients
from tests.support import entries as told
from tests.support.dynamo import DynamoApp, hammer
from tests.support.fakes import START, Death, StagedApp

BEGIN = datetime(2026, 3, 26, tzinfo=UTC)
DAYS = 6
"""With the night in which Berlin's clocks go forward."""
NOW = BEGIN + timedelta(days=DAYS, hours=3)
LIFE = told.a_life(7, BEGIN, DAYS, people=8, size=60)
LAST = day_of(quarter_of(NOW))
ZONES = ["UTC", "Europe/Berlin", "Asia/Kathmandu", "Asia/Kolkata", "Pacific/Chatham", "America/St_Johns"]


def kept(app: StagedApp, life: list[LogEntry], size: int = 30) -> None:
    for first in range(0, len(life), size):
        app.event_log.keep(life[first : first + size], NOW)


def view(app: StagedApp, zone: tzinfo = UTC) -> View:
    today = NOW.astimezone(zone).date()
    return app.dashboard.view(Period(today - timedelta(days=DAYS), today, zone), NOW)


def shown(app: StagedApp, zone: tzinfo = UTC) -> Mapping[str, object]:
    """Everything that the dashboard says of that time."""
    seen = view(app, zone)
    sums = [{name: value for name, value in day.items() if value} for day in seen.sums]
    gauges = [{name: value for name, value in day.items() if value} for day in seen.gauges]
    return {
        "sums": sums,
        "gauges": gauges,
        "funnel": seen.funnel,
        "sellers": app.figures.best_sellers("2026-03", "XTR", 9),
    }


def by_day(seen: View, metric: str) -> Mapping[object, int]:
    return {span.at.date(): value for span, value in zip(seen.spans, seen.series(metric), strict=True) if value}


@pytest.mark.parametrize("name", ZONES)
def test_the_figures_of_a_zone_are_those_that_counting_by_hand_gives(any_app: StagedApp, name: str) -> None:
    zone = ZoneInfo(name)
    kept(any_app, LIFE)
    seen = view(any_app, zone)
    for metric in ("bids", "turnover:XTR", "active"):
        assert by_day(seen, metric) == told.by_day(LIFE, zone, metric)
    assert seen.funnel == told.funnel_of(LIFE)


def test_whatever_comes_again_or_out_of_order_changes_nothing(any_app: StagedApp) -> None:
    kept(any_app, LIFE)
    before = shown(any_app)
    mixed = LIFE * 2
    random.Random(1).shuffle(mixed)
    kept(any_app, mixed, 17)
    assert shown(any_app) == before


@pytest.mark.parametrize("seed", [1, 2])
def test_the_order_of_entries_does_not_matter(any_app: StagedApp, seed: int) -> None:
    life = told.a_life(seed, BEGIN, 3, people=5, size=40)
    mixed = random.Random(seed).sample(life, len(life))
    kept(any_app, mixed, 13)
    seen = view(any_app)
    assert by_day(seen, "active") == told.by_day(life, UTC, "active")
    assert seen.funnel == told.funnel_of(life)


def test_packing_days_changes_no_figure(any_app: StagedApp) -> None:
    kept(any_app, LIFE)
    before = shown(any_app, ZoneInfo("Asia/Kathmandu"))
    any_app.housekeeping.pack(NOW, 200)
    assert any_app.figures.unpacked(LAST - 5, LAST) == [LAST - 1, LAST]
    assert shown(any_app, ZoneInfo("Asia/Kathmandu")) == before


def test_an_entry_that_comes_days_late_is_counted_in_its_packed_day(any_app: StagedApp) -> None:
    late = LIFE[3]
    kept(any_app, [entry for entry in LIFE if entry != late])
    any_app.housekeeping.pack(NOW, 200)
    kept(any_app, [late])
    seen = shown(any_app)
    any_app.housekeeping.pack(NOW, 200)
    assert shown(any_app) == seen
    assert by_day(view(any_app), "bids") == told.by_day(LIFE, UTC, "bids")
    assert by_day(view(any_app), "active") == told.by_day(LIFE, UTC, "active")


def test_made_again_from_the_log_they_are_the_same(any_app: StagedApp) -> None:
    kept(any_app, LIFE)
    before = shown(any_app)
    assert [any_app.rebuilding.day(day) for day in range(LAST - DAYS, LAST + 1)] == [0] * (DAYS + 1)
    assert shown(any_app) == before


def test_a_wrong_figure_is_what_the_log_says_once_it_is_made_again(any_app: StagedApp) -> None:
    """What was counted of entries that are not in the log goes, and what was lost comes back."""
    kept(any_app, LIFE)
    right = shown(any_app)
    day = LAST - 3
    spoil(any_app, day)
    assert shown(any_app) != right
    assert any_app.rebuilding.day(day) > 0
    assert any_app.rebuilding.day(day) == 0
    assert shown(any_app) == right


def spoil(app: StagedApp, day: int) -> None:
    seller, sales = Seller(1, "XTR", date_of(day).isoformat()), app.figures.counted_sales(date_of(day).isoformat())
    quarter, seen = next(iter(app.figures.counted(day).items()))
    was = seen[0].figures
    app.figures.correct(Correction(quarter, seen, {**was, "bids": 99, "live": was.get("live", 0) + 5}, {"live": 5}))
    app.figures.correct_cohort(day, app.figures.counted_cohort(day), {"new@3": 7})
    app.figures.correct_sales(seller, sales.get(seller, 0), 12345)


def test_a_figure_that_somebody_counts_in_meanwhile_is_not_replaced(any_app: StagedApp) -> None:
    kept(any_app, LIFE)
    day = LAST - 3
    spoil(any_app, day)
    stale = any_app.figures.counted(day)
    quarter, seen = next(iter(stale.items()))
    for part in range(40):  # chance says which part of the quarter is written: all of them are, sooner or later
        any_app.event_log.keep([told.bid(datetime.fromtimestamp(quarter * 900 + part, UTC), 5)], NOW)
    assert not any_app.figures.correct(Correction(quarter, seen, {}, {}))
    any_app.rebuilding.day(day)
    assert by_day(view(any_app), "bids")[datetime.fromtimestamp(quarter * 900, UTC).date()] < 99 + 40


def test_balances_are_kept_by_the_hour(any_app: StagedApp) -> None:
    hour = int(START.timestamp()) // 3600
    for minutes, stars in ((0, 10), (5, 20), (60, 30)):
        any_app.figures.keep_balance(START + timedelta(minutes=minutes), stars)
    assert any_app.figures.balances(hour // 24, hour // 24) == {hour: 20, hour + 1: 30}


def test_best_sellers_come_first(any_app: StagedApp) -> None:
    sales = [
        *told.sold(BEGIN, 1, 2, 100),
        *told.sold(BEGIN, 3, 2, 250),
        *told.sold(BEGIN + timedelta(days=1), 1, 3, 200),
        *told.sold(BEGIN + timedelta(days=9), 3, 2, 999),
        *told.sold(BEGIN, 4, 2, 500, "RUB"),
    ]
    kept(any_app, sales)
    assert any_app.figures.best_sellers("2026-03", "XTR", 5) == ((1, 300), (3, 250))
    assert any_app.figures.best_sellers("2026-03", "XTR", 1) == ((1, 300),)


@pytest.mark.parametrize("answered", [1, 2, 3])
def test_a_recorder_that_dies_half_way_counts_the_rest_when_the_batch_comes_again(
    emulated: DynamoApp, monkeypatch: pytest.MonkeyPatch, answered: int
) -> None:
    """It dies after some of its transactions, the last of which is written though nobody was told."""
    client = clients.client("dynamodb")
    write, calls = client.transact_write_items, count(1)

    def mortal(**request: Any) -> Any:
        answer = write(**request)
        if next(calls) == answered:
            raise Death
        return answer

    monkeypatch.setattr(client, "transact_write_items", mortal)
    with pytest.raises(Death):
        emulated.event_log.keep(LIFE, NOW)
    emulated.event_log.keep(LIFE, NOW)
    assert by_day(view(emulated), "bids") == told.by_day(LIFE, UTC, "bids")
    assert by_day(view(emulated), "active") == told.by_day(LIFE, UTC, "active")
    assert view(emulated).funnel == told.funnel_of(LIFE)


def test_figures_that_are_made_again_while_entries_come_in_have_them_all(emulated: DynamoApp) -> None:
    half = len(LIFE) // 2
    kept(emulated, LIFE[:half])
    for day in range(LAST - DAYS, LAST + 1):
        if emulated.figures.counted(day):
            spoil(emulated, day)

    def remake() -> None:
        for day in range(LAST - DAYS, LAST + 1):
            emulated.rebuilding.day(day)

    hammer([remake, lambda: kept(emulated, LIFE[half:], 5)], threads=2)
    remake()
    for metric in ("bids", "turnover:XTR", "active"):
        assert by_day(view(emulated), metric) == told.by_day(LIFE, UTC, metric)
    assert view(emulated).funnel == told.funnel_of(LIFE)


def test_many_recorders_on_one_quarter_lose_nothing(emulated: DynamoApp) -> None:
    """All tell of the same people, some of the same entries."""
    life = [told.bid(BEGIN + timedelta(seconds=number % 60), number % 7) for number in range(120)]
    portions = [life[first : first + 20] for first in range(0, 120, 10)]

    def keep(portion: list[LogEntry]) -> None:
        for _ in range(20):
            try:
                emulated.event_log.keep(portion, NOW)
                return
            except Contended:  # as a batch of a stream, it comes again
                continue
        raise AssertionError

    hammer([partial(keep, portion) for portion in portions], threads=4)
    total = view(emulated).total
    assert (total["bids"], total["active"]) == (120, 7)
