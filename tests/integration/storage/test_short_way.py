"""The short way to DynamoDB answers what botocore's own way answers."""

from __future__ import annotations

from typing import Any

from botocore.exceptions import ClientError

from starbid.storage import clients
from tests.support.dynamo import join, put_up
from tests.support.factories import ANNA, SELLER


def test_both_ways_answer_the_same(emulated: Any) -> None:
    join(emulated, SELLER, seller=True)
    join(emulated, ANNA, stars=1000)
    lot_id = put_up(emulated).auction.id
    short, tables = emulated.store.client, emulated.store.tables
    long = clients.session().create_client("dynamodb", config=clients.CONFIG)
    user, wallet = {"user_id": {"N": str(ANNA)}}, {"user_id": {"N": str(ANNA)}, "currency": {"S": "XTR"}}
    taken = {"ConditionExpression": "attribute_not_exists(user_id)", "ReturnValuesOnConditionCheckFailure": "ALL_OLD"}
    calls: list[tuple[str, dict[str, Any]]] = [
        ("get_item", {"TableName": tables["users"], "Key": user}),
        ("get_item", {"TableName": tables["users"], "Key": {"user_id": {"N": "999"}}}),
        (
            "batch_get_item",
            {"RequestItems": {tables["users"]: {"Keys": [user]}, tables["wallets"]: {"Keys": [wallet]}}},
        ),
        (
            "query",
            {
                "TableName": tables["auctions"],
                "KeyConditionExpression": "auction_id = :id",
                "ExpressionAttributeValues": {":id": {"S": lot_id}},
                "Limit": 1,
            },
        ),
        ("put_item", {"TableName": tables["users"], "Item": user, **taken}),
        ("transact_write_items", {"TransactItems": [{"Put": {"TableName": tables["users"], "Item": user, **taken}}]}),
        ("get_item", {"TableName": "no-such-table", "Key": user}),
    ]
    for name, request in calls:
        assert _told(short, name, request) == _told(long, name, request), name


def _told(client: Any, name: str, request: dict[str, Any]) -> Any:
    try:
        answer = getattr(client, name)(**request)
    except ClientError as error:
        told = dict(error.response)
        return type(error).__name__, told["Error"], told.get("CancellationReasons"), told.get("Item"), _status(told)
    return {key: value for key, value in answer.items() if key != "ResponseMetadata"}, _status(answer)


def _status(answer: Any) -> int:
    return int(answer["ResponseMetadata"]["HTTPStatusCode"])
