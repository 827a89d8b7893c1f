"""Reads the streams of bids and of the outbox, and puts what people have to be told on the notice queue."""

from __future__ import annotations

from typing import Any

from starbid import observability
from starbid.bootstrap import app
from starbid.domain.auction import Bid
from starbid.domain.events import AnyEvent
from starbid.storage.stream_records import Record, is_new, key_of, sequence_number, told_by

SERVICE = "notifier"


def lambda_handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """A batch of stream records, in order. Answers the first that could not be handed on: it and the rest come again.

    A row that cannot be read never will be; as it would keep all later ones waiting, it is logged and passed over. It
    stays in its table, so nothing is lost.
    """
    for record in event["Records"]:
        try:
            _hand_on(_read(record))
        except Exception:
            observability.failed(SERVICE, "a row could not be handed on; it comes again")
            return {"batchItemFailures": [{"itemIdentifier": sequence_number(record)}]}
    return {"batchItemFailures": []}


def _read(record: Record) -> Bid | AnyEvent | None:
    try:
        if not is_new(record):
            return None
        told = told_by(record)
    except Exception:
        keys = record.get("dynamodb", {}).get("Keys")
        observability.passed_over(SERVICE, "a row cannot be read and is passed over", keys=keys)
        return None
    if told is None:
        facts = {"keys": key_of(record)}
        observability.logger(SERVICE).warning("this version knows no such event; it is passed over", extra=facts)
    return told


def _hand_on(told: Bid | AnyEvent | None) -> None:
    match told:
        case None:
            pass
        case Bid():
            app().fan_out.bid(told)
        case _:
            app().fan_out.event(told)
