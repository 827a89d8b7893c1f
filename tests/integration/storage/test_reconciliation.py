"""The comparison over the real adapters: Telegram by HTTP, charges and place in DynamoDB, and faults of both."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from starbid.billing.stars import TelegramStars
from starbid.domain.payments import ChargeState
from starbid.services.billing import reconciling
from starbid.services.billing.reconciling import Difference
from starbid.services.ports import TryLater, Unavailable
from starbid.telegram.bot_api import BotApi
from tests.support import factories
from tests.support.aws_faults import AwsFaults, sometimes, throttle, time_out
from tests.support.bot_server import TOKEN, BotServer
from tests.support.dynamo import DynamoApp, check, join
from tests.support.factories import ANNA

PAID, PAGE = 23, 10


@pytest.fixture
def server() -> Iterator[BotServer]:
    running = BotServer()
    yield running
    running.stop()


@pytest.fixture
def app(emulated: DynamoApp, server: BotServer, monkeypatch: pytest.MonkeyPatch) -> DynamoApp:
    """ANNA's payments as Telegram lists them: all booked, but for one that was not, and one that went back unheard."""
    monkeypatch.setattr(reconciling, "AT_ONCE", PAGE)
    api = BotApi(TOKEN, server.url, test=False)
    emulated.__dict__["stars"] = TelegramStars(lambda: api)
    join(emulated, ANNA)
    for number in range(PAID):
        _, payload = emulated.paying.order_stars(ANNA, 10, emulated.now())
        if number != 17:
            emulated.paying.credit(ANNA, f"c{number}", payload, 10, "XTR", emulated.now())
        server.transactions.append(transaction(emulated, f"c{number}", payload))
    server.transactions.append(transaction(emulated, "c3", "", side="receiver"))
    emulated.clock.forward(hours=1)
    return emulated


def transaction(app: DynamoApp, charge: str, payload: str, side: str = "source") -> dict[str, Any]:
    anna = {"id": ANNA, "is_bot": False, "first_name": "Anna"}
    partner = {"type": "user", "transaction_type": "invoice_payment", "user": anna, "invoice_payload": payload}
    return {"id": charge, "amount": 10, "date": int(app.now().timestamp()), side: partner}


def run(app: DynamoApp, found: list[Difference]) -> None:
    app.reconciling.compare(app.now(), lambda: True, found.append)


def compare_until_done(app: DynamoApp, expected: type[Exception]) -> list[Difference]:
    """Each run goes on where the one before failed."""
    found: list[Difference] = []
    with pytest.raises(expected):
        run(app, found)
    app.clock.forward(minutes=10)
    run(app, found)
    return found


def require_done(app: DynamoApp, found: list[Difference]) -> None:
    assert [(each.fault, each.charge_id, each.number) for each in found] == [
        ("missing", "c17", 17),
        ("refund", "c3", PAID),
    ]
    charges = app.store.charges(f"c{number}" for number in range(PAID))
    assert [charge.id for charge in charges.values() if charge.state is ChargeState.REFUNDED] == ["c3"]
    assert len(charges) == PAID
    assert app.store.wallet(ANNA, "XTR", consistent=True).available == factories.xtr(10 * (PAID - 1))
    check(app.store)
    found.clear()
    app.clock.forward(days=1)
    run(app, found)
    assert found == []


def test_a_page_is_one_read_of_charges_and_one_write_of_the_place(app: DynamoApp, server: BotServer) -> None:
    found: list[Difference] = []
    run(app, found)
    require_done(app, found)
    seen = AwsFaults(app.store.client)
    run(app, found)
    assert seen.calls.count("BatchGetItem") <= 1
    asked = [int(fields["offset"]) for method, fields in server.calls if method == "getStarTransactions"]
    assert asked[:4] == [0, PAGE - 1, 2 * (PAGE - 1), PAID]


@pytest.mark.parametrize(("status", "error"), [(429, TryLater), (500, TryLater), (502, TryLater)])
def test_telegram_fails_in_the_middle(app: DynamoApp, server: BotServer, status: int, error: type[Exception]) -> None:
    found: list[Difference] = []
    app.reconciling.compare(app.now(), iter([True, False]).__next__, found.append)
    server.answer_with("getStarTransactions", status, "not now")
    require_done(app, found + compare_until_done(app, error))


@pytest.mark.parametrize("fault", [throttle, time_out])
@pytest.mark.parametrize("operation", ["BatchGetItem", "PutItem"])
def test_dynamodb_fails_in_the_middle(app: DynamoApp, operation: str, fault: Any) -> None:
    """Whatever of it fails, the next run goes on; nothing is told twice but what one page found."""
    faults = AwsFaults(app.store.client)
    found: list[Difference] = []
    app.reconciling.compare(app.now(), iter([True, False]).__next__, found.append)
    faults.plan = sometimes(1, fault, operation)
    with pytest.raises(Unavailable):
        run(app, found)
    faults.heal()
    app.clock.forward(minutes=10)
    run(app, found)
    require_done(app, found)


def test_keys_that_dynamodb_left_out_are_asked_for_again(app: DynamoApp) -> None:
    client: Any = app.store.client
    real = client.batch_get_item

    def some(RequestItems: dict[str, Any]) -> dict[str, Any]:
        ((table, part),) = RequestItems.items()
        keys = part["Keys"]
        answer: dict[str, Any] = real(RequestItems={table: {**part, "Keys": keys[:4]}})
        answer["UnprocessedKeys"] = {table: {"Keys": keys[4:]}} if keys[4:] else {}
        return answer

    client.batch_get_item = some
    found: list[Difference] = []
    run(app, found)
    del client.batch_get_item
    require_done(app, found)


def test_the_age_is_read_back_as_it_was_kept(app: DynamoApp) -> None:
    app.reconciling.compare(app.now(), iter([True, False]).__next__, lambda _: None)
    assert app.reconciling.age(app.now()) == timedelta(hours=1)
    run(app, [])
    assert app.reconciling.age(app.now()) == timedelta(minutes=15)
