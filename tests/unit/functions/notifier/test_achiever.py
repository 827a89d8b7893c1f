from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from notifier.achiever import lambda_handler
from starbid import bootstrap
from starbid.domain.errors import Conflict
from starbid.domain.event_log import LogEntry, LogKind
from starbid.domain.events import AchievementsEarned
from starbid.services.achievements import counting
from starbid.services.ports import Contended, ReadBatch, Throttled, Unavailable
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

    def refuses(entries: Iterable[LogEntry], *, tell: bool) -> None:
        entries = list(entries)
        if any(entry.user_id == BORIS for entry in entries):
            raise error
        count(entries, tell=tell)

    monkeypatch.setattr(fake.achieving, "count", refuses)


@pytest.mark.parametrize("outage", [Unavailable(), Throttled(), Contended(), Conflict()])
def test_in_an_outage_the_batch_comes_again_from_there(
    fake: FakeApp, monkeypatch: pytest.MonkeyPatch, outage: Exception
) -> None:
    failing(fake, monkeypatch, outage)
    assert failures(hand_in(*RECORDS)) == [RECORDS[1]["dynamodb"]["SequenceNumber"]]
    assert (earned(fake, ANNA), earned(fake, CLARA)) == ({"first_win"}, set())


@pytest.mark.parametrize("fault", [CallRefused("ValidationException"), KeyError("reverse"), ValueError(), TypeError()])
def test_an_entry_that_can_never_be_counted_keeps_none_waiting(
    fake: FakeApp, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, fault: Exception
) -> None:
    failing(fake, monkeypatch, fault)
    assert failures(hand_in(*RECORDS)) == []
    assert earned(fake, CLARA) == {"first_win"}
    assert "is passed over" in caplog.text


def unreadable(monkeypatch: pytest.MonkeyPatch, what: str, key: object) -> None:
    """The row of this lot or person was written by a newer version of the program."""
    read = getattr(counting, what)

    def ask(reading: ReadBatch, asked: object) -> Any:
        if asked == key:
            raise KeyError("reverse")
        return read(reading, asked)

    monkeypatch.setattr(counting, what, ask)


def test_a_lot_that_cannot_be_read_keeps_no_other_waiting(
    fake: FakeApp, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    unreadable(monkeypatch, "_auction", "odd")
    odd = LogEntry("bid:odd:1", START, LogKind.BID, "bid", BORIS, "lot/odd", {"number": 1})
    assert failures(hand_in(entry_record(odd), entry_record(won(CLARA)))) == []
    assert earned(fake, CLARA) == {"first_win"}
    assert "PoisonedRows" in str([vars(record) for record in caplog.records])


def catch_up(since: datetime = START, **more: str) -> dict[str, Any]:
    return lambda_handler({"job": "catch-up", "since": since.isoformat(), **more}, Context())


def test_an_operator_has_it_catch_up(fake: FakeApp) -> None:
    fake.event_log.keep([won(ANNA)], fake.now())
    fake.clock.forward(hours=13)
    assert catch_up() == {"since": None}
    assert earned(fake, ANNA) == {"first_win"}
    assert fake.store.take_stream() == [], "told to nobody"


def test_catching_up_comes_past_what_cannot_be_read(fake: FakeApp, monkeypatch: pytest.MonkeyPatch) -> None:
    unreadable(monkeypatch, "_auction", "odd")
    odd = LogEntry("bid:odd:1", START, LogKind.BID, "bid", BORIS, "lot/odd", {"number": 1})
    fake.event_log.keep([odd, won(ANNA), won(CLARA, "lot3")], fake.now())
    fake.clock.forward(hours=13)
    assert catch_up() == {"since": None}
    assert (earned(fake, ANNA), earned(fake, CLARA)) == ({"first_win"}, {"first_win"})
    assert fake.store.take_stream() == []


def test_catching_up_goes_on_where_an_outage_stopped_it(fake: FakeApp, monkeypatch: pytest.MonkeyPatch) -> None:
    late = [replace(won(who, f"lot{who}"), at=START + timedelta(minutes=who)) for who in (ANNA, BORIS, CLARA)]
    fake.event_log.keep(late, fake.now())
    fake.clock.forward(hours=13)
    failing(fake, monkeypatch, Unavailable())
    answer = catch_up()
    assert answer == {"since": late[1].at.isoformat()}
    monkeypatch.undo()
    monkeypatch.setattr(bootstrap, "_app", fake)
    assert catch_up(datetime.fromisoformat(answer["since"])) == {"since": None}
    assert earned(fake, CLARA) == {"first_win"}


def test_what_the_stream_may_still_bring_is_left_to_it_and_told(fake: FakeApp) -> None:
    fake.event_log.keep([won(ANNA)], fake.now())
    fake.clock.forward(hours=11)
    assert catch_up() == {"since": None}
    assert fake.store.tables.achievements == {}
    hand_in(entry_record(won(ANNA)))
    assert [event.user_id for event in fake.store.take_stream() if isinstance(event, AchievementsEarned)] == [ANNA]


def test_an_operator_may_name_the_end(fake: FakeApp) -> None:
    fake.event_log.keep([won(ANNA), replace(won(BORIS, "lot2"), at=START + timedelta(minutes=1))], fake.now())
    assert catch_up(until=(START + timedelta(minutes=1)).isoformat()) == {"since": None}
    assert (earned(fake, ANNA), earned(fake, BORIS)) == ({"first_win"}, set())


@pytest.mark.parametrize(
    "event",
    [
        {},
        {"job": "reindex"},
        {"job": "catch-up"},
        {"job": "catch-up", "since": "May"},
        {"job": "catch-up", "since": "2026-05-01T00:00:00+00:00", "until": "May"},
    ],
)
def test_what_is_no_job_and_no_batch_fails_and_counts_nothing(fake: FakeApp, event: dict[str, Any]) -> None:
    with pytest.raises((KeyError, ValueError)):
        lambda_handler(event, Context())
    assert fake.store.tables.achievements == {}
