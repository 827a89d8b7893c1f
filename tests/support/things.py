"""A table and a picture in an emulator, and a check that they still exist."""

from __future__ import annotations

from typing import Any

import pytest

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


def check(endpoint: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert client("dynamodb", endpoint).scan(TableName="things")["Count"] == 3
    picture = client("s3", endpoint).get_object(Bucket="pictures", Key="a/b.webp")
    assert (picture["Body"].read(), picture["ContentType"]) == (b"picture", "image/webp")
    assert len(read(endpoint, State(None), monkeypatch)) == 3


def in_region(monkeypatch: pytest.MonkeyPatch) -> None:
    """What boto3 has to know for the local run's own clients."""
    for name, value in {"AWS_ACCESS_KEY_ID": "t", "AWS_SECRET_ACCESS_KEY": "t", "AWS_DEFAULT_REGION": REGION}.items():
        monkeypatch.setenv(name, value)


def read(endpoint: str, state: State, monkeypatch: pytest.MonkeyPatch, limit: int = 10) -> list[Any]:
    in_region(monkeypatch)
    reader = StreamReader(state, "test", "things", endpoint)
    found = reader.read(limit)
    if found is None:
        return []
    reader.commit(found[0], found[1][-1])
    return found[1]
