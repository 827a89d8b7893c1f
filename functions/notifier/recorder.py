"""Reads the streams of bids, outbox, ledger, people, operators' acts and updates, and keeps the event log."""

from __future__ import annotations

from typing import Any

from starbid import observability
from starbid.bootstrap import app
from starbid.domain.auction import Bid
from starbid.services.recording import (
    Recorded,
    needs_lot,
    of_audit,
    of_bid,
    of_heard,
    of_reach,
    of_registration,
    of_transfer,
)
from starbid.services.retrying import UNREADABLE
from starbid.storage.errors import CallRefused
from starbid.storage.stream_records import (
    Record,
    act_in,
    heard_in,
    key_of,
    person_in,
    sequence_number,
    told_by,
    transfer_in,
    written_at,
)

SERVICE = "recorder"
NOTHING = Recorded()


def lambda_handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """A batch of stream records, kept together. Answers the first record that an outage kept from being logged: it and
    the rest come again, which changes nothing of what was kept.

    What cannot be read (a row, or the lot that it is about) is logged and passed over, as it would keep all later ones
    waiting. It stays in its table.
    """
    told = [(record, _read(record)) for record in event["Records"]]
    try:
        app().recording.record((what for _, what in told), app().now())
    except Exception:
        return _one_by_one(told)
    return {"batchItemFailures": []}


def _one_by_one(told: list[tuple[Record, Recorded]]) -> dict[str, Any]:
    """Lambda divides a batch where we say that it failed. So only the record that fails holds up those behind it."""
    for record, what in told:
        try:
            app().recording.record((what,), app().now())
        except (*UNREADABLE, CallRefused):
            observability.passed_over(SERVICE, "a row cannot be logged and is passed over", keys=_keys(record))
        except Exception:
            observability.failed(SERVICE, "a row could not be logged; it comes again")
            return {"batchItemFailures": [{"itemIdentifier": sequence_number(record)}]}
    return {"batchItemFailures": []}


def _read(record: Record) -> Recorded:
    try:
        return _told(record)
    except Exception:
        observability.passed_over(SERVICE, "a row cannot be read and is passed over", keys=_keys(record))
        return NOTHING


def _told(record: Record) -> Recorded:
    """What a record tells; which table it is from shows in its key."""
    if "NewImage" not in record["dynamodb"]:
        return NOTHING
    match tuple(sorted(key_of(record))):
        case ("auction_id", "number") | ("event_id",):
            return _bid_or_event(record)
        case ("transfer_id",):
            return Recorded((of_transfer(transfer_in(record)),))
        case ("audit_id",):
            return Recorded((of_audit(act_in(record)),))
        case ("user_id",):
            before, after = person_in(record)
            return Recorded(of_reach(before, after, written_at(record)) if before else (of_registration(after),))
        case ("pk", "sk"):
            return Recorded((of_heard(*heard_in(record)),))
    raise LookupError("no such table is logged")


def _bid_or_event(record: Record) -> Recorded:
    told = told_by(record)
    if isinstance(told, Bid):
        return Recorded((of_bid(told),))
    if told is None:
        facts = {"keys": key_of(record)}
        observability.logger(SERVICE).warning("this version knows no such event; it is passed over", extra=facts)
        return NOTHING
    needs_lot(told)  # one that is not registered fails here, alone
    return Recorded(event=told)


def _keys(record: Record) -> Any:
    return record.get("dynamodb", {}).get("Keys")
