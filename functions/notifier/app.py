"""Reads the streams of bids, outbox and ledger, and puts what people have to be told on the notice queue."""

from __future__ import annotations

from typing import Any

from starbid import observability
from starbid.bootstrap import app
from starbid.domain.auction import Bid
from starbid.domain.events import AnyEvent, Event
from starbid.domain.ledger import Transfer
from starbid.services.retrying import UNREADABLE
from starbid.storage.stream_records import (
    Record,
    is_new,
    is_transfer,
    key_of,
    sequence_number,
    told_by,
    transfer_in,
)

SERVICE = "notifier"


def lambda_handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """A batch of stream records. Bids are handed on together, as many on a lot are one piece of news; events in order.
    Answers the first record that could not be handed on: it and the rest come again.

    A row that cannot be read never will be; as it would keep all later ones waiting, it is logged and passed over. It
    stays in its table, so nothing is lost.
    """
    told = [(record, _read(record)) for record in event["Records"]]
    at = event["Records"][0]
    try:
        app().fan_out.bids(what for _, what in told if isinstance(what, Bid))
        for record, what in told:
            at = record
            if isinstance(what, Event):
                app().fan_out.event(what)
            elif isinstance(what, Transfer):
                _follow(what)
    except Exception:
        observability.failed(SERVICE, "a row could not be handed on; it comes again")
        return {"batchItemFailures": [{"itemIdentifier": sequence_number(at)}]}
    return {"batchItemFailures": []}


def _follow(transfer: Transfer) -> None:
    """A lot or a wallet that cannot be read must not hold up the ledger."""
    try:
        app().low_balance.follow(transfer, app().now())
    except UNREADABLE:
        observability.passed_over(SERVICE, "a low balance cannot be told", transfer=transfer.id)


def _read(record: Record) -> Bid | AnyEvent | Transfer | None:
    try:
        if not is_new(record):
            return None
        told = transfer_in(record) if is_transfer(record) else told_by(record)
    except Exception:
        keys = record.get("dynamodb", {}).get("Keys")
        observability.passed_over(SERVICE, "a row cannot be read and is passed over", keys=keys)
        return None
    if told is None:
        facts = {"keys": key_of(record)}
        observability.logger(SERVICE).warning("this version knows no such event; it is passed over", extra=facts)
    return told
