"""Records of DynamoDB streams as what they tell. Which table a record is from shows in its key."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from starbid.domain.auction import Bid
from starbid.domain.audit_trail import AuditEntry
from starbid.domain.events import AnyEvent
from starbid.domain.ledger import Transfer
from starbid.domain.people import Person
from starbid.services.ports import Heard
from starbid.storage.audit_trail import audit_from
from starbid.storage.codec import Item, decode
from starbid.storage.event_rows import event_from
from starbid.storage.models import person_from
from starbid.storage.rows import at, bid_from, transfer_from

Record = Mapping[str, Any]


def sequence_number(record: Record) -> str:
    """What a batch answers with to have this record and all after it again."""
    return str(record["dynamodb"]["SequenceNumber"])


def is_new(record: Record) -> bool:
    """Whether the record tells of an item that was not there before."""
    return bool(record["eventName"] == "INSERT")


def key_of(record: Record) -> Item:
    return decode(record["dynamodb"]["Keys"])


def told_by(record: Record) -> Bid | AnyEvent | None:
    """The bid or the event that a new row tells of; None for what this version does not know."""
    row = decode(record["dynamodb"]["NewImage"])
    if "event_id" in row:
        return event_from(row)
    return bid_from(row) if "number" in row else None


def title_before(record: Record) -> str | None:
    """The title that a changed card had before; None where it is new."""
    image = record["dynamodb"].get("OldImage", {})
    return str(image["title"]["S"]) if "title" in image else None


def version_of(record: Record) -> int:
    """The version of a changed part of a lot; 0 where it is gone."""
    image = record["dynamodb"].get("NewImage", {})
    return int(image["version"]["N"]) if "version" in image else 0


def written_at(record: Record) -> datetime:
    """When its row was written, by DynamoDB's clock, to the second; the same however often the record comes."""
    return datetime.fromtimestamp(int(record["dynamodb"]["ApproximateCreationDateTime"]), UTC)


def is_transfer(record: Record) -> bool:
    """Whether it is of the ledger."""
    return "transfer_id" in record["dynamodb"]["Keys"]


def transfer_in(record: Record) -> Transfer:
    return transfer_from(decode(record["dynamodb"]["NewImage"]))


def act_in(record: Record) -> AuditEntry:
    return audit_from(decode(record["dynamodb"]["NewImage"]))


def person_in(record: Record) -> tuple[Person | None, Person]:
    """As they were, if they were there, and as they are."""
    images = record["dynamodb"]
    before = images.get("OldImage")
    return person_from(decode(before)) if before else None, person_from(decode(images["NewImage"]))


def heard_in(record: Record) -> tuple[str, Heard, datetime]:
    """The key of an update, what it was, and when it first came."""
    row = decode(record["dynamodb"]["NewImage"])
    return row["pk"], Heard(row["user_id"], row["heard"], row.get("command", "")), at(row["at"])
