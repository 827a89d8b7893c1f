"""Writes of one item that are done only where what is there is as they expect."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from starbid.storage.codec import Item, encode, encode_value
from starbid.storage.errors import Unmet, aws_errors

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


def accepted(write: Callable[[], object]) -> bool:
    """Whether a write met its condition. Raises what `aws_errors` raises for anything else."""
    try:
        with aws_errors():
            write()
    except Unmet:
        return False
    return True


def put_if(dynamodb: DynamoDBClient, table: str, item: Item, condition: str, values: Mapping[str, Any]) -> bool:
    """Whether the item was put: where `condition`, which refers to `values` by their names, held."""
    request: dict[str, Any] = {"TableName": table, "Item": encode(item), "ConditionExpression": condition}
    if values:
        request["ExpressionAttributeValues"] = {name: encode_value(value) for name, value in values.items()}
    return accepted(lambda: dynamodb.put_item(**request))
