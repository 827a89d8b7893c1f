"""The catalogue on DynamoDB: rows of another format, and how much of it a search reads."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from moto import mock_aws

from starbid.services.auctions.browsing import listing_of
from starbid.services.ports import Search
from starbid.storage.catalogue.listings import ROWS_A_SHARD
from starbid.storage.rows import shards
from tests.support.dynamo import CREDENTIALS, DynamoApp, dynamo_app, join, put_up
from tests.support.factories import SELLER


@pytest.fixture
def moto_app(monkeypatch: pytest.MonkeyPatch) -> Iterator[DynamoApp]:
    for name, value in CREDENTIALS.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    with mock_aws(), dynamo_app(None) as app:
        join(app, SELLER, seller=True)
        yield app


def listed(app: DynamoApp, **changes: Any) -> str:
    lot = put_up(app, **changes)
    app.catalogue.put(listing_of(lot, app.now()), lot.card.description)
    return lot.auction.id


def forget_the_format(app: DynamoApp, auction_id: str) -> None:
    """As a row that was written before there were formats, with the words as they were."""
    app.catalogue.client.update_item(
        TableName=app.catalogue.tables["listings"],
        Key={"auction_id": {"S": auction_id}},
        UpdateExpression="REMOVE #format SET words = :words",
        ExpressionAttributeNames={"#format": "format"},
        ExpressionAttributeValues={":words": {"SS": ["сумк"]}},
    )


def test_rows_of_an_older_format_are_found_by_what_they_have_and_can_be_renewed(moto_app: DynamoApp) -> None:
    app = moto_app
    old, new = listed(app, title="Сумка"), listed(app, title="Сумка")
    forget_the_format(app, old)
    assert {row.auction_id for row in app.catalogue.find(Search(text="сумка")).items} == {old, new}
    assert [row.auction_id for row in app.catalogue.find(Search(text="сумок")).items] == [new]
    assert app.catalogue.stale(10) == [old]

    lot = app.store.lot(old)
    app.catalogue.put(listing_of(lot, app.now()), lot.card.description)

    assert app.catalogue.stale(10) == []
    assert {row.auction_id for row in app.catalogue.find(Search(text="сумок")).items} == {old, new}


def test_only_so_many_stale_rows_are_named_as_asked_for(moto_app: DynamoApp) -> None:
    ids = [listed(moto_app) for _ in range(5)]
    for auction_id in ids:
        forget_the_format(moto_app, auction_id)
    assert len(moto_app.catalogue.stale(3)) == 3
    assert sorted(moto_app.catalogue.stale(10)) == sorted(ids)


def test_a_search_reads_a_bounded_number_of_rows_and_goes_on_from_there(moto_app: DynamoApp) -> None:
    app = moto_app
    one = listing_of(put_up(app, title="Лампа"), app.now())
    for number in range(3 * ROWS_A_SHARD):
        app.catalogue.put(replace(one, auction_id=f"lamp{number}"), "")
    last = listed(app, title="Сумка", duration_seconds=86_400)
    read: list[int] = []
    app.catalogue.client.meta.events.register(
        "after-call.dynamodb.Query", lambda parsed, **_: read.append(parsed["ScannedCount"])
    )
    begun = app.now() + timedelta(seconds=1)

    first = app.catalogue.find(Search(text="сумки", begun_by=begun))
    assert first.items == ()
    assert first.cursor is not None
    assert read == [ROWS_A_SHARD] * len(shards("live"))

    second = app.catalogue.find(Search(text="сумки", begun_by=begun, cursor=first.cursor))
    assert [row.auction_id for row in second.items] == [last]
    assert second.cursor is None
