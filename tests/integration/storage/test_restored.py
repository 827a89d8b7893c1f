"""The check that an operator runs over restored tables asks AWS itself, not only the emulator of the tests."""

from __future__ import annotations

import pytest
from moto import mock_aws

from tests.support.dynamo import check, dynamo_app, join, put_up
from tests.support.factories import ANNA, SELLER


@mock_aws
def test_sound_tables_pass_and_a_wallet_that_the_ledger_does_not_know_is_named() -> None:
    with dynamo_app(None) as app:
        join(app, SELLER, seller=True)
        join(app, ANNA, stars=50)
        put_up(app)
        assert ".amazonaws.com" in app.store.client.meta.endpoint_url
        assert {person.id for person in check(app.store).people.values()} == {SELLER, ANNA}
        app.store.client.update_item(
            TableName=app.store.tables["wallets"],
            Key={"user_id": {"N": str(ANNA)}, "currency": {"S": "XTR"}},
            UpdateExpression="SET available = :more",
            ExpressionAttributeValues={":more": {"N": "51"}},
        )
        with pytest.raises(AssertionError, match="the ledger says 50"):
            check(app.store)
