from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from notifier.recorder import lambda_handler
from starbid.domain.audit_trail import Operator, decided
from starbid.domain.events import EVENTS, AnyEvent, LoggedIn, LotUnsold, SubscriptionEnded
from starbid.domain.roles import Role
from starbid.services.ports import Contended, Unavailable
from starbid.services.recording import LOGGED, LotFacts, Recording, needs_lot
from starbid.storage.errors import CallRefused
from tests.support.factories import ANNA, BORIS, CLARA, auction, bid, market, person, terms
from tests.support.fakes import START, FakeApp
from tests.support.records import (
    WRITTEN,
    Context,
    act_record,
    batch,
    bid_record,
    event_record,
    failures,
    heard_record,
    person_record,
    stream_record,
    transfer_record,
)


def hand_in(*records: dict[str, Any]) -> dict[str, Any]:
    return lambda_handler(batch(*records), Context())


def logged(app: FakeApp) -> list[tuple[str, str, int | None]]:
    return [(entry.kind.value, entry.name, entry.user_id) for entry in app.event_log.entries.values()]


def test_every_stream_is_logged(fake: FakeApp) -> None:
    app, _ = market()
    paid = next(iter(app.store.tables.transfers.values()))
    act = decided(Operator(900, Role.OWNER), "spam", "k1", START).entry("block-person", user_id=ANNA)
    anna = person(ANNA)
    left = replace(anna, unreachable=True, version=2)
    answer = hand_in(
        bid_record(bid(auction(terms(100)), BORIS, 300).bid),
        event_record(LoggedIn("login:1", START, CLARA, "bot")),
        transfer_record(paid),
        person_record(anna),
        person_record(left, anna),
        act_record(act),
        heard_record("update#5", "command", ANNA, START, command="balance"),
    )
    assert failures(answer) == []
    assert logged(fake) == [
        ("bid", "bid", BORIS),
        ("login", "began", CLARA),
        ("topup", "stars", paid.user_id),
        ("person", "registered", ANNA),
        ("person", "bot_blocked", ANNA),
        ("admin", "block-person", ANNA),
        ("message", "command", ANNA),
    ]
    times = {entry.name: entry.at for entry in fake.event_log.entries.values()}
    assert times["bot_blocked"].timestamp() == WRITTEN, "its row tells no time"
    assert times["command"] == START


def test_a_batch_that_comes_twice_changes_nothing(fake: FakeApp) -> None:
    anna = person(ANNA)
    records = [
        bid_record(bid(auction(terms(100)), BORIS, 300).bid),
        event_record(SubscriptionEnded("e1", START, ANNA)),
        person_record(replace(anna, blocked=True, version=2), anna),
        heard_record("update#5", "text", ANNA, START),
    ]
    hand_in(*records)
    before = dict(fake.event_log.entries)
    assert failures(hand_in(*reversed(records))) == []
    assert fake.event_log.entries == before


@pytest.mark.parametrize("kind", EVENTS.values())
def test_every_kind_of_event_survives_its_row_and_is_logged(
    fake: FakeApp, kind: type[AnyEvent], some_event: Callable[[type[AnyEvent]], AnyEvent]
) -> None:
    event = some_event(kind)
    assert failures(hand_in(event_record(event))) == []
    assert len(fake.event_log.entries) == len(LOGGED[kind].tell(event))


def test_a_row_that_cannot_be_read_is_passed_over_and_counted(fake: FakeApp, caplog: pytest.LogCaptureFixture) -> None:
    poisoned = bid_record(bid(auction(terms(100)), BORIS, 300).bid)
    poisoned["dynamodb"]["NewImage"]["kind"] = {"S": "vermilion"}
    other = stream_record("OtherTable", ("id",), {"id": "a"})
    unknown = event_record(SubscriptionEnded("e1", START, ANNA))
    unknown["dynamodb"]["NewImage"]["type"] = {"S": "PointsAwarded"}
    good = event_record(SubscriptionEnded("e2", START, CLARA))

    assert failures(hand_in(poisoned, other, unknown, good)) == []

    assert logged(fake) == [("subscription", "ended", CLARA)]
    assert caplog.text.count("cannot be read") == 2
    assert "knows no such event" in caplog.text


def test_an_event_that_nobody_registered_keeps_none_waiting(fake: FakeApp, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(LOGGED, LoggedIn)
    records = [event_record(LoggedIn("l", START, ANNA, "bot")), event_record(SubscriptionEnded("e2", START, CLARA))]
    assert failures(hand_in(*records)) == []
    assert logged(fake) == [("subscription", "ended", CLARA)]


def test_what_has_expired_is_nothing_that_happened(fake: FakeApp) -> None:
    record = event_record(SubscriptionEnded("e1", START, ANNA))
    del record["dynamodb"]["NewImage"]
    assert failures(hand_in({**record, "eventName": "REMOVE"})) == []
    assert logged(fake) == []


class Failing:
    """A log that takes none of a person's entries."""

    def __init__(self, app: FakeApp, monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
        self.keep, self.error = app.event_log.keep, error
        monkeypatch.setattr(app.event_log, "keep", self)

    def __call__(self, entries: Any, now: datetime) -> None:
        entries = list(entries)
        if any(entry.user_id == BORIS for entry in entries):
            raise self.error
        self.keep(entries, now)


RECORDS = [
    event_record(SubscriptionEnded(f"e{who}", START + timedelta(seconds=who), who)) for who in (ANNA, BORIS, CLARA)
]


@pytest.mark.parametrize("outage", [Unavailable(), Contended()])
def test_in_an_outage_the_batch_comes_again_from_there(
    fake: FakeApp, monkeypatch: pytest.MonkeyPatch, outage: Exception
) -> None:
    Failing(fake, monkeypatch, outage)
    assert failures(hand_in(*RECORDS)) == [RECORDS[1]["dynamodb"]["SequenceNumber"]]
    assert [who for *_, who in logged(fake)] == [ANNA]


@pytest.mark.parametrize("fault", [CallRefused("ValidationException"), KeyError("reverse"), ValueError()])
def test_an_entry_that_can_never_be_kept_keeps_none_waiting(
    fake: FakeApp, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, fault: Exception
) -> None:
    Failing(fake, monkeypatch, fault)
    assert failures(hand_in(*RECORDS)) == []
    assert [who for *_, who in logged(fake)] == [ANNA, CLARA]
    assert "is passed over" in caplog.text


def test_a_lot_that_cannot_be_read_keeps_no_other_row_from_the_log(
    fake: FakeApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was written by a newer version of the program, say."""
    unsold = LotUnsold("unsold:odd", START, "odd", 5, None, None)
    assert needs_lot(unsold)

    def unreadable(_: Recording, events: Sequence[AnyEvent]) -> dict[str, LotFacts]:
        if events:
            raise KeyError("reverse")
        return {}

    monkeypatch.setattr(Recording, "_lots", unreadable)
    assert failures(hand_in(event_record(unsold), *RECORDS)) == []
    assert [who for *_, who in logged(fake)] == [ANNA, BORIS, CLARA]
