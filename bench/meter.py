"""Counts DynamoDB's round trips and capacity units by botocore's own events."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

KB = 1024
_WRITES = ("TransactWriteItems", "PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem")


@dataclass
class Reading:
    """The cost of one act. Units as DynamoDB bills them; `computed` names the operations whose units we computed."""

    round_trips: int = 0
    write_units: float = 0
    index_write_units: float = 0
    read_units: float = 0
    bytes_read: int = 0
    calls: list[str] = field(default_factory=list)
    computed: set[str] = field(default_factory=set)

    def as_json(self) -> dict[str, Any]:
        return {name: sorted(value) if isinstance(value, set) else value for name, value in asdict(self).items()}


class Meter:
    """Listens to a client of DynamoDB for its whole life."""

    def __init__(self, client: DynamoDBClient) -> None:
        self._reading: Reading | None = None
        self._request: Mapping[str, Any] = {}
        events = client.meta.events
        events.register("before-parameter-build.dynamodb", self._ask_for_capacity)
        events.register("before-send.dynamodb", self._count)
        events.register("after-call.dynamodb", self._read)

    @contextmanager
    def measure(self) -> Iterator[Reading]:
        """The measurement is complete when the block ends."""
        self._reading = reading = Reading()
        try:
            yield reading
        finally:
            self._reading = None

    def _ask_for_capacity(self, params: dict[str, Any], model: Any, **_: Any) -> None:
        if "ReturnConsumedCapacity" in model.input_shape.members:
            params["ReturnConsumedCapacity"] = "INDEXES"
        self._request = params

    def _count(self, **_: Any) -> None:
        """Every request on the wire, botocore's own retries too."""
        if self._reading:
            self._reading.round_trips += 1

    def _read(self, parsed: dict[str, Any], model: Any, http_response: Any = None, **_: Any) -> None:
        reading = self._reading
        if reading is None:
            return
        reading.bytes_read += size_on_wire(parsed, model.name) if http_response is not None else 0
        reading.calls.append(model.name)
        capacity = parsed.get("ConsumedCapacity")
        if not capacity:
            reading.computed.add(model.name)
            self._compute(reading, model.name, parsed)
            return
        for table in capacity if isinstance(capacity, list) else [capacity]:
            _add(reading, model.name, table)

    def _compute(self, reading: Reading, operation: str, parsed: dict[str, Any]) -> None:
        """Units by DynamoDB's rules where the emulator reports none: a batch of reads, and a failed transaction."""
        if operation == "BatchGetItem":
            for table, items in parsed.get("Responses", {}).items():
                part = self._request["RequestItems"][table]
                each = 1.0 if part.get("ConsistentRead") else 0.5
                missing = len(part["Keys"]) - len(items)
                reading.read_units += each * (missing + sum(math.ceil(size_of(item) / (4 * KB)) for item in items))
        elif operation == "TransactWriteItems":
            reading.write_units += 2 * len(self._request["TransactItems"])


def _add(reading: Reading, operation: str, table: dict[str, Any]) -> None:
    if operation not in _WRITES:
        reading.read_units += table["CapacityUnits"]
        return
    indexes = sum(index["CapacityUnits"] for index in table.get("GlobalSecondaryIndexes", {}).values())
    reading.index_write_units += indexes
    reading.write_units += table["CapacityUnits"] - indexes


def size_on_wire(parsed: Mapping[str, Any], operation: str) -> int:
    """Bytes of the items in an answer, without the rest of it."""
    items = [parsed["Item"]] if "Item" in parsed else list(parsed.get("Items", ()))
    if operation == "BatchGetItem":
        items = [item for group in parsed.get("Responses", {}).values() for item in group]
    return sum(size_of(item) for item in items)


def size_of(item: Mapping[str, Mapping[str, Any]]) -> int:
    """Bytes of an item on the wire, as DynamoDB counts them."""
    return sum(len(name.encode()) + _size(value) for name, value in item.items())


def _size(value: Mapping[str, Any]) -> int:
    ((kind, content),) = value.items()
    match kind:
        case "S":
            return len(content.encode())
        case "N":
            return math.ceil(len(content.strip("-0")) / 2) + 1
        case "SS":
            return sum(len(each.encode()) for each in content)
        case "L":
            return 3 + sum(1 + _size(each) for each in content)
        case "M":
            return 3 + sum(1 + len(name.encode()) + _size(each) for name, each in content.items())
        case _:
            return 1
