"""The event log: the same for every store."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from starbid.domain.errors import Invalid
from starbid.domain.event_log import KEPT_FOR, LogEntry, LogKind
from tests.support.dynamo import DynamoApp, hammer
from tests.support.factories import ANNA, BORIS
from tests.support.fakes import START, StagedApp

ENTRY = LogEntry(
    "bid#lot1#1", START, LogKind.BID, "placed", user_id=ANNA, subject="lot/lot1", details={"amount": 10, "by": "chat"}
)
NOW = START + timedelta(minutes=1)


def entries(count: int, **changes: object) -> list[LogEntry]:
    """A second apart, the oldest first."""
    return [
        replace(ENTRY, id=f"e{number:03}", at=START + timedelta(seconds=number - count), **changes)  # type: ignore[arg-type]
        for number in range(count)
    ]


def all_pages(app: StagedApp, now: datetime = NOW, **asked: object) -> list[LogEntry]:
    found, cursor, pages = list[LogEntry](), None, 0
    while True:
        page = app.event_log.page(now, cursor=cursor, **asked)  # type: ignore[arg-type]
        found, cursor, pages = [*found, *page.items], page.cursor, pages + 1
        assert pages < 100
        if cursor is None:
            return found


def newest_first(entries: Iterable[LogEntry]) -> list[LogEntry]:
    return sorted(entries, key=lambda entry: (entry.at, entry.id), reverse=True)


def test_an_entry_is_found_as_it_was_kept(any_app: StagedApp) -> None:
    bare = LogEntry("x", START - timedelta(seconds=1), LogKind.ERROR, "web")
    any_app.event_log.keep([ENTRY, bare], NOW)
    assert all_pages(any_app) == [ENTRY, bare]


def test_what_is_there_already_stays_as_it_is_and_the_rest_goes_on(any_app: StagedApp) -> None:
    first = entries(50)
    any_app.event_log.keep(first[10:15], NOW)
    any_app.event_log.keep([*first, first[0]], NOW)
    any_app.event_log.keep([replace(first[3], details={})], NOW)
    assert all_pages(any_app) == newest_first(first)


@pytest.mark.parametrize("limit", [1, 3, 7, 20])
def test_pages_go_on_where_the_last_one_ended(any_app: StagedApp, limit: int) -> None:
    same_moment = [replace(ENTRY, id=f"s{number}") for number in range(5)]
    kept = [*entries(12), *same_moment]
    any_app.event_log.keep(kept, NOW)
    assert all_pages(any_app, limit=limit) == newest_first(kept)
    assert all_pages(any_app, limit=limit, user_id=ANNA) == newest_first(kept)
    assert all_pages(any_app, limit=limit, kind=LogKind.BID) == newest_first(kept)


def test_a_list_is_of_a_kind_and_of_a_person(any_app: StagedApp) -> None:
    kept = [
        replace(entry, kind=kind, user_id=who, id=f"{entry.id}{kind}{who}")
        for entry in entries(4)
        for kind in (LogKind.BID, LogKind.LOGIN)
        for who in (ANNA, BORIS, None)
    ]
    any_app.event_log.keep(kept, NOW)
    for kind in (None, LogKind.BID, LogKind.LOT):
        for who in (None, ANNA, 12345):
            expected = [entry for entry in kept if kind in (None, entry.kind) and who in (None, entry.user_id)]
            assert all_pages(any_app, kind=kind, user_id=who, limit=3) == newest_first(expected)


def test_a_period_has_its_beginning_in_it_and_not_its_end(any_app: StagedApp) -> None:
    kept = entries(10)
    any_app.event_log.keep(kept, NOW)
    for who in (None, ANNA):
        found = all_pages(any_app, since=kept[2].at, until=kept[5].at, user_id=who)
        assert found == newest_first(kept[2:5])
        assert all_pages(any_app, since=kept[5].at, until=kept[5].at, user_id=who) == []
        assert all_pages(any_app, since=kept[5].at, until=kept[2].at, user_id=who) == []


def test_a_list_goes_on_over_months_without_entries(any_app: StagedApp) -> None:
    moments = [START - timedelta(days=days) for days in (0, 31, 200, 399)]
    edges = [datetime(2026, 1, 1, tzinfo=UTC), datetime(2025, 12, 31, 23, 59, 59, 999_000, tzinfo=UTC)]
    assert START.year == 2026
    kept = [replace(ENTRY, id=f"m{number}", at=moment) for number, moment in enumerate([*moments, *edges])]
    any_app.event_log.keep(kept, NOW)
    assert all_pages(any_app, limit=2) == newest_first(kept)
    assert all_pages(any_app, limit=2, kind=LogKind.BID) == newest_first(kept)
    assert all_pages(any_app, limit=2, user_id=ANNA) == newest_first(kept)


def test_what_is_older_than_400_days_is_not_there(any_app: StagedApp) -> None:
    any_app.event_log.keep([ENTRY], NOW)
    end = START + KEPT_FOR
    for who in (None, ANNA):
        assert all_pages(any_app, end - timedelta(milliseconds=1), user_id=who) == [ENTRY]
        assert all_pages(any_app, end, user_id=who) == []


@pytest.mark.parametrize(
    "cursor", ["nonsense", "e30", "W10", "eyJvcmRlciI6eyJOIjoiMSJ9fQ", "eyJvcmRlciI6eyJTIjoieCJ9fQ"]
)
def test_a_cursor_that_is_none_is_refused(any_app: StagedApp, cursor: str) -> None:
    with pytest.raises(Invalid):
        any_app.event_log.page(NOW, cursor=cursor)


def test_many_who_keep_the_same_keep_it_once(emulated: DynamoApp) -> None:
    kept = entries(60)
    results = hammer([lambda: emulated.event_log.keep(kept, NOW)] * 4, threads=4)
    assert results == [None] * 4
    assert all_pages(emulated) == newest_first(kept)
