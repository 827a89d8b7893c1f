"""A table and a picture in an emulator, and a check that they still exist."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from local.resources import stream_of
from local.state import State
from local.streams import StreamReader
from tests.support.emulator import REGION, client

TABLE = {
    "TableName": "things",
    "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
    "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
    "BillingMode": "PAY_PER_REQUEST",
    "StreamSpecification": {"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"},
}


def fill(endpoint: str) -> None:
    pictures = client("s3", endpoint)
    pictures.create_bucket(Bucket="pictures", CreateBucketConfiguration={"LocationConstraint": REGION})
    pictures.put_object(Bucket="pictures", Key="a/b.webp", Body=b"picture", ContentType="image/webp")
    tables = client("dynamodb", endpoint)
    tables.create_table(**TABLE)
    for number in range(3):
        tables.put_item(TableName="things", Item={"id": {"S": str(number)}, "raw": {"B": b"\x00\xff"}})
    expiring = {"Enabled": True, "AttributeName": "gone_at"}
    tables.update_time_to_live(TableName="things", TimeToLiveSpecification=expiring)


def check(endpoint: str) -> None:
    assert client("dynamodb", endpoint).scan(TableName="things")["Count"] == 3
    picture = client("s3", endpoint).get_object(Bucket="pictures", Key="a/b.webp")
    assert (picture["Body"].read(), picture["ContentType"]) == (b"picture", "image/webp")
    assert len(read(endpoint)) == 3


def reader_of(endpoint: str, state: State | None = None, grown: Callable[[], int] | None = None) -> StreamReader:
    """Of the stream of the things."""
    arn = stream_of(client("dynamodb", endpoint), "things")
    return StreamReader(state or State(None), "test", arn, client("dynamodbstreams", endpoint), grown)


def read(endpoint: str, state: State | None = None, limit: int = 10) -> list[Any]:
    reader = reader_of(endpoint, state)
    found = reader.read(limit)
    if found is None:
        return []
    reader.commit(found[0], found[1][-1])
    return found[1]
