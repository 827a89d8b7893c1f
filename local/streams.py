"""Reads DynamoDB streams: from the last checkpoint on, in batches shaped as Lambda events."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from botocore.exceptions import ClientError

from local.state import State

Record = dict[str, Any]

_LOST_PLACE = ("ExpiredIteratorException", "TrimmedDataAccessException", "ResourceNotFoundException")


class StreamReader:
    """The records of a stream for one consumer. Checkpoints survive restarts; the oldest record is first.

    `client` is boto3's of streams. `grown` counts how often the stream has grown, where somebody tells: it is not asked
    meanwhile.
    """

    def __init__(
        self, state: State, consumer: str, arn: str, client: Any, grown: Callable[[], int] | None = None
    ) -> None:
        self._state = state
        self._consumer = consumer
        self._arn = arn
        self._client = client
        self._iterators: dict[str, str] = {}
        self.is_told = grown is not None
        self._grown = grown
        self._read_up_to: int | None = None

    def read(self, limit: int) -> tuple[str, list[Record]] | None:
        """The next records of a shard and the shard's id; None where there is nothing new.

        This object reads each record once; after a restart reading continues behind the checkpoint.
        """
        grown = self._grown() if self._grown else None
        if grown is not None and grown == self._read_up_to:
            return None
        found = self._next(limit)
        if found is None and self._iterators:
            self._read_up_to = grown
        return found

    def _next(self, limit: int) -> tuple[str, list[Record]] | None:
        if not self._iterators:
            self._find_shards()
        for shard in list(self._iterators):
            while shard in self._iterators:
                try:
                    answer = self._client.get_records(ShardIterator=self._iterators[shard], Limit=limit)
                except ClientError as error:
                    if error.response["Error"]["Code"] not in _LOST_PLACE:
                        raise
                    self._iterators.clear()
                    return None
                self._follow(shard, answer.get("NextShardIterator"))
                records = [self._as_event(record) for record in answer["Records"]]
                seen = int(self._checkpoint(shard) or 0)
                if new := [record for record in records if sequence(record) > seen]:
                    return shard, new
                if not records:
                    break
        return None

    def commit(self, shard: str, record: Record) -> None:
        """Everything up to this record is done."""
        self._state.set_note(self._note(shard), record["dynamodb"]["SequenceNumber"])

    def _find_shards(self) -> None:
        description = self._client.describe_stream(StreamArn=self._arn)["StreamDescription"]
        for shard in description["Shards"]:
            self._iterators[shard["ShardId"]] = self._iterator(shard["ShardId"])

    def _iterator(self, shard: str) -> str:
        place = {"StreamArn": self._arn, "ShardId": shard}
        checkpoint = self._checkpoint(shard)
        if checkpoint:
            try:
                answer = self._client.get_shard_iterator(
                    **place, ShardIteratorType="AFTER_SEQUENCE_NUMBER", SequenceNumber=checkpoint
                )
                return str(answer["ShardIterator"])
            except ClientError as error:
                if error.response["Error"]["Code"] not in _LOST_PLACE:
                    raise
        answer = self._client.get_shard_iterator(**place, ShardIteratorType="TRIM_HORIZON")
        return str(answer["ShardIterator"])

    def _follow(self, shard: str, following: str | None) -> None:
        if following:
            self._iterators[shard] = following
        else:
            del self._iterators[shard]

    def _checkpoint(self, shard: str) -> str | None:
        return self._state.note(self._note(shard))

    def _note(self, shard: str) -> str:
        return f"stream.{self._consumer}.{self._arn}.{shard}"

    def _as_event(self, record: Mapping[str, Any]) -> Record:
        plain: Record = _plain(record)
        plain["eventSourceARN"] = self._arn
        return plain


def sequence(record: Record) -> int:
    """A record's place in its shard."""
    return int(record["dynamodb"]["SequenceNumber"])


def _plain(value: Any) -> Any:
    """boto3's values as Lambda's JSON has them: bytes in base64, times in seconds."""
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set):
        return [_plain(item) for item in value]
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    return value.timestamp() if isinstance(value, datetime) else value
