from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import pytest

from notifier.achiever import lambda_handler
from starbid.domain.event_log import LogEntry, LogKind
from starbid.domain.events import AchievementsEarned
from starbid.services.ports import Unavailable
from starbid.storage.errors import CallRefused
from tests.support.achieved import earned
from tests.support.factories import ANNA, BORIS, CLARA
from tests.support.fakes import START, FakeApp
from tests.support.records import Context, batch, bid_record, entry_record, failures


def hand_in(*records: dict[str, Any]) -> dict[str, Any]:
    return lambda_handler(batch(*records), Context())


def won(who: int, lot: str = "lot1") -> LogEntry:
    return LogEntry(f"sold:{lot}:won", START, LogKind.LOT, "won", who, f"lot/{lot}", {"price": 5, "currency": "XTR"})


def test_an_entry_survives_its_row_and_counts(fake: FakeApp) -> None:
    assert failures(hand_in(entry_record(won(ANNA)))) == []
    assert fake.store.take_stream() == [AchievementsEarned("achieved:1:first_win", START, ANNA, ("first_win",))]


def test_a_batch_that_comes_twice_tells_once(fake: FakeApp) -> None:
    records = [entry_record(won(who, f"lot{who}")) for who in (ANNA, BORIS)]
    for again in (records, records[::-1]):
        assert failures(hand_in(*again)) == []
    assert len(fake.store.take_stream()) == 2


def test_what_has_expired_counts_for_nothing(fake: FakeApp) -> None:
    record = entry_record(won(ANNA))
    del record["dynamodb"]["NewImage"]
    assert failures(hand_in(record | {"eventName": "REMOVE"})) == []
    assert fake.store.tables.achievements == {}


def test_a_row_that_cannot_be_read_keeps_none_waiting(fake: FakeApp, caplog: pytest.LogCaptureFixture) -> None:
    odd = entry_record(won(ANNA))
    odd["dynamodb"]["NewImage"]["kind"] = {"S": "vermilion"}
    no_row = bid_record(_a_bid())
    assert failures(hand_in(odd, no_row, entry_record(won(BORIS)))) == []
    assert (earned(fake, ANNA), earned(fake, BORIS)) == (set(), {"first_win"})
    assert caplog.text.count("cannot be read") == 2


def _a_bid() -> Any:
    from tests.support.factories import auction, bid, terms

    return bid(auction(terms(100)), BORIS, 300).bid


RECORDS = [entry_record(replace(won(who, f"lot{who}"), at=START)) for who in (ANNA, BORIS, CLARA)]


def failing(fake: FakeApp, monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    """Nothing can be counted for BORIS."""
    count = fake.achieving.count

    def refuses(entries: Iterable[LogEntry]) -> None:
        entries = list(entries)
        if any(entry.user_id == BORIS for entry in entries):
            raise error
        count(entries)

    monkeypatch.setattr(fake.achieving, "count", refuses)


def test_where_counting_fails_the_batch_comes_again_from_there(fake: FakeApp, monkeypatch: pytest.MonkeyPatch) -> None:
    failing(fake, monkeypatch, Unavailable())
    assert failures(hand_in(*RECORDS)) == [RECORDS[1]["dynamodb"]["SequenceNumber"]]
    assert (earned(fake, ANNA), earned(fake, CLARA)) == ({"first_win"}, set())
    monkeypatch.undo()


def test_an_entry_that_is_refused_for_good_keeps_none_waiting(
    fake: FakeApp, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    failing(fake, monkeypatch, CallRefused("ValidationException"))
    assert failures(hand_in(*RECORDS)) == []
    assert earned(fake, CLARA) == {"first_win"}
    assert "is passed over" in caplog.text


def test_an_operator_has_it_catch_up(fake: FakeApp) -> None:
    fake.event_log.keep([won(ANNA)], fake.now())
    fake.clock.forward(minutes=1)
    answer = lambda_handler({"job": "catch-up", "since": "2026-01-01T00:00:00+00:00"}, Context())
    assert answer == {"since": None}
    assert earned(fake, ANNA) == {"first_win"}
    assert fake.store.take_stream() == [], "told to nobody"


@pytest.mark.parametrize("event", [{"job": "catch-up"}, {"job": "catch-up", "since": "May"}, {"job": "reindex"}, {}])
def test_what_is_no_job_and_no_batch_fails_and_counts_nothing(fake: FakeApp, event: dict[str, Any]) -> None:
    with pytest.raises((KeyError, ValueError)):
        lambda_handler(event, Context())
    assert fake.store.tables.achievements == {}
