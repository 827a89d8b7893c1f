"""The closer as Scheduler calls it: through Lambda's own API, as `sam local start-lambda` serves it."""

from __future__ import annotations

import json
from typing import Any

import boto3
from botocore.config import Config

from starbid.domain.auction import Ending

from .market import LOT, Market
from .ways import REGION, Way


def test_the_closer_waits_for_an_end_to_come_and_closes_what_is_over(way: Way, market: Market) -> None:
    market.put_up()
    with way.lambdas("AuctionCloserFunction", market.environment) as (endpoint, name):
        client = _client(endpoint)
        _call(client, name)
        assert market.auction().ending is Ending.OPEN

        end_lot(market)
        _call(client, name)
        assert market.auction().ending is Ending.UNSOLD


def end_lot(market: Market) -> None:
    """Move the stored end into the past, as time itself would."""
    boto3.client("dynamodb").update_item(
        TableName=market.environment["AUCTIONS_TABLE"],
        Key={"auction_id": {"S": LOT}, "part": {"S": "state"}},
        UpdateExpression="SET ends_at = :then",
        ExpressionAttributeValues={":then": {"N": str(int(market.app.now().timestamp() - 60) * 1000)}},
    )


def _client(endpoint: str) -> Any:
    config = Config(read_timeout=60, retries={"total_max_attempts": 1})
    return boto3.client("lambda", region_name=REGION, endpoint_url=endpoint, config=config)


def _call(client: Any, name: str) -> None:
    answer = client.invoke(FunctionName=name, Payload=json.dumps({"auction_id": LOT}).encode())
    assert answer["StatusCode"] == 200
    assert "FunctionError" not in answer
    assert json.loads(answer["Payload"].read() or b"null") is None
