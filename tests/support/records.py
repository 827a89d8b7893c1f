"""Events as Lambda gets them from DynamoDB streams and SQS."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from itertools import count
from typing import Any

from starbid.domain.auction import Auction, Bid
from starbid.domain.audit_trail import AuditEntry
from starbid.domain.event_log import LogEntry
from starbid.domain.events import AnyEvent
from starbid.domain.ledger import Transfer
from starbid.domain.people import Person
from starbid.services.ports import Notice
from starbid.storage.audit_trail import audit_item
from starbid.storage.codec import Item, decode, encode
from starbid.storage.event_log import log_item
from starbid.storage.event_rows import event_item
from starbid.storage.models import PersonRow, wire_of
from starbid.storage.rows import auction_item, bid_item, ms, transfer_item

ARN = "arn:aws:dynamodb:eu-central-1:123456789012:table/starbid-{}-1ABCDEFGHIJK/stream/2026-05-01T00:00:00.000"
WRITTEN = 1_777_636_805
_numbers = count(1)


class Context:
    """The used part of the context that Lambda passes to a handler."""

    function_name = "starbid-test"
    memory_limit_in_mb = 512
    invoked_function_arn = "arn:aws:lambda:eu-central-1:123456789012:function:starbid-test"
    aws_request_id = "8a2d0a57-4dd2-4c2c-9f3f-6c6c1b2c0d11"

    def __init__(self, left_ms: int = 60_000) -> None:
        self._left_ms = left_ms

    def get_remaining_time_in_millis(self) -> int:
        return self._left_ms


def batch(*records: dict[str, Any]) -> dict[str, Any]:
    return {"Records": list(records)}


def stream_record(table: str, key: Iterable[str], new: Item | None, old: Item | None = None) -> dict[str, Any]:
    """A record of the stream of `table` ("BidsTable"); `key` names the attributes of the key."""
    name = "REMOVE" if new is None else "INSERT" if old is None else "MODIFY"
    images = {which: encode(image) for which, image in (("NewImage", new), ("OldImage", old)) if image}
    keys = {attribute: next(iter(images.values()))[attribute] for attribute in key}
    number = next(_numbers)
    return {
        "eventID": f"{number:032x}",
        "eventName": name,
        "eventVersion": "1.1",
        "eventSource": "aws:dynamodb",
        "awsRegion": "eu-central-1",
        "dynamodb": {"Keys": keys, **images, "SequenceNumber": f"{number:021}", "SizeBytes": 300},
        "eventSourceARN": ARN.format(table),
    }


def bid_record(bid: Bid) -> dict[str, Any]:
    return stream_record("BidsTable", ("auction_id", "number"), bid_item(bid))


def event_record(event: AnyEvent) -> dict[str, Any]:
    return stream_record("OutboxTable", ("event_id",), event_item(event))


def record_of(told: Bid | AnyEvent) -> dict[str, Any]:
    return bid_record(told) if isinstance(told, Bid) else event_record(told)


def auction_record(after: Auction, before: Auction | None = None) -> dict[str, Any]:
    return part_record(auction_item(after), auction_item(before) if before else None)


def part_record(new: Item, old: Item | None = None) -> dict[str, Any]:
    """A change of one part of a lot."""
    return stream_record("AuctionsTable", ("auction_id", "part"), new, old)


def wallet_record(user_id: int, currency: str) -> dict[str, Any]:
    """A change of a wallet that passes the filter of its stream; only the key is used."""
    return stream_record("WalletsTable", ("user_id", "currency"), {"user_id": user_id, "currency": currency, "owed": 1})


def person_record(after: Person, before: Person | None = None, written: int = WRITTEN) -> dict[str, Any]:
    """A person was registered, or their row changed, in the second `written`."""
    new, old = (decode(wire_of(PersonRow.of(each))) if each else None for each in (after, before))
    record = stream_record("UsersTable", ("user_id",), new, old)
    record["dynamodb"]["ApproximateCreationDateTime"] = written
    return record


def transfer_record(transfer: Transfer) -> dict[str, Any]:
    return stream_record("LedgerTable", ("transfer_id",), transfer_item(transfer))


def act_record(act: AuditEntry) -> dict[str, Any]:
    item = {name: value for name, value in audit_item(act).items() if value is not None}
    return stream_record("AuditTable", ("audit_id",), item)


def entry_record(entry: LogEntry) -> dict[str, Any]:
    item = {name: value for name, value in log_item(entry).items() if value is not None}
    return stream_record("EventLogTable", ("slot", "order"), item)


def heard_record(key: str, form: str, user_id: int, at: datetime, **more: str) -> dict[str, Any]:
    """The receipt of an update that was handled."""
    row = {"pk": key, "sk": "-", "state": "done", "expires_at": 1, "heard": form, "user_id": user_id, "at": ms(at)}
    return stream_record("ScratchTable", ("pk", "sk"), row | more)


def message(body: Notice | dict[str, Any] | str, receives: int = 1, queue: str = "NoticeQueue") -> dict[str, Any]:
    """A message of a queue."""
    content = asdict(body) if isinstance(body, Notice) else body
    number = next(_numbers)
    return {
        "messageId": f"message-{number}",
        "receiptHandle": f"receipt-{number}",
        "body": content if isinstance(content, str) else json.dumps(content),
        "attributes": {"ApproximateReceiveCount": str(receives)},
        "messageAttributes": {},
        "eventSource": "aws:sqs",
        "eventSourceARN": f"arn:aws:sqs:eu-central-1:123456789012:starbid-{queue}",
        "awsRegion": "eu-central-1",
    }


def failures(answer: Any) -> list[str]:
    """The identifiers that a batch asked to get again."""
    return [failure["itemIdentifier"] for failure in answer["batchItemFailures"]]
