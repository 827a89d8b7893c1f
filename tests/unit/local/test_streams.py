"""Where the reader of a stream goes on, over a stream whose old records are trimmed or still there."""

from __future__ import annotations

from typing import Any

from botocore.exceptions import ClientError

from local.state import State
from local.streams import StreamReader

ARN = "arn:aws:dynamodb:eu-central-1:000000000000:table/things/stream/1"


class Shard:
    """One shard with the records 1 to `last`, which knows no place behind a record: it was trimmed meanwhile."""

    def __init__(self, last: int) -> None:
        self.numbers = list(range(1, last + 1))

    def describe_stream(self, **_: Any) -> Any:
        return {"StreamDescription": {"Shards": [{"ShardId": "s"}]}}

    def get_shard_iterator(self, *, ShardIteratorType: str, **_: Any) -> Any:
        if ShardIteratorType == "AFTER_SEQUENCE_NUMBER":
            raise ClientError({"Error": {"Code": "TrimmedDataAccessException"}}, "GetShardIterator")
        return {"ShardIterator": "0"}

    def get_records(self, *, ShardIterator: str, Limit: int) -> Any:
        begin = int(ShardIterator)
        numbers = self.numbers[begin : begin + Limit]
        records = [{"eventName": "INSERT", "dynamodb": {"SequenceNumber": str(number)}} for number in numbers]
        return {"Records": records, "NextShardIterator": str(begin + len(numbers))}


def numbers_of(found: Any) -> list[int]:
    return [int(record["dynamodb"]["SequenceNumber"]) for record in found[1]] if found else []


def test_what_was_done_hides_nothing_behind_it_though_nobody_tells_of_more() -> None:
    state, shard = State(None), Shard(last=7)
    first = StreamReader(state, "test", ARN, shard)
    for _ in range(2):
        found = first.read(2)
        assert found
        first.commit(found[0], found[1][-1])
    again = StreamReader(state, "test", ARN, shard, grown=lambda: 0)
    read = [numbers_of(again.read(2)) for _ in range(3)]
    assert read == [[5, 6], [7], []]
