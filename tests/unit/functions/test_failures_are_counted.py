"""Whatever a function puts back or passes over is counted: of an invocation that answers, Lambda counts no error."""

from __future__ import annotations

from typing import Any

import pytest

import assistant.app
import auction_closer.app
import clerk.app
import log_keeper.app
import notifier.achiever
import notifier.app
import notifier.mail_reports
import notifier.projection
import notifier.recorder
import notifier.sender
import payments.app
import webhook.app
from notifier.sender import LASTING
from starbid import bootstrap
from starbid.config_reader import ConfigError
from starbid.observability import FAILURES, PASSED_OVER
from starbid.services.ports import Contended, Crowded, Notice, OutOfOrder, TryLater, Unavailable
from starbid.services.recording import of_bid
from tests.support.counted import counted
from tests.support.factories import ANNA, BORIS, auction, bid, join, terms
from tests.support.fakes import FakeApp
from tests.support.records import (
    Context,
    auction_record,
    batch,
    bid_record,
    entry_record,
    failures,
    message,
    wallet_record,
)
from webhook.dispatch import handle

A_BID = bid_record(bid(bid(auction(terms(100)), ANNA, 300).auction, BORIS, 500).bid)
BOT = {"id": 1, "is_bot": True, "first_name": "Starbid"}
CHAT = {"message_id": 1, "date": 1, "chat": {"id": ANNA, "type": "private"}}
PAYMENT = {"currency": "XTR", "total_amount": 5, "invoice_payload": "x", "telegram_payment_charge_id": "c"}
REPORT = {"user": {"id": ANNA, "is_bot": False, "first_name": "Anna"}, "invoice_payload": "x", "state": "failed"}
LOST_REPORTS: dict[str, dict[str, Any]] = {
    "a payment without a sum": {"message": CHAT | {"successful_payment": PAYMENT | {"total_amount": "5"}}},
    "a payment with another currency": {"message": CHAT | {"successful_payment": PAYMENT | {"currency": "TON"}}},
    "a refund of nobody's": {"message": CHAT | {"chat": {"id": -5, "type": "group"}, "refunded_payment": PAYMENT}},
    "a state that is not known": {"subscription": REPORT | {"state": "paused"}},
    "a renewal that nobody ordered": {"subscription": REPORT},
}
NOTICE = Notice("n1", ANNA, "subscription_ended", None, {})
PUT_BACK = {
    "notifier": (notifier.app, A_BID),
    "projector": (notifier.projection, auction_record(auction(terms(100)))),
    "recorder": (notifier.recorder, A_BID),
    "achiever": (notifier.achiever, entry_record(of_bid(bid(auction(terms(100)), ANNA, 300).bid))),
    "sender": (notifier.sender, message(NOTICE)),
    "closer": (auction_closer.app, message({"auction_id": "lot1"}, queue="CloserQueue")),
    "payments": (payments.app, wallet_record(ANNA, "XTR")),
    "log_keeper": (log_keeper.app, message({"log": "lot1", "step": ""}, queue="LogQueue")),
    "clerk": (clerk.app, message({"job": "export", "id": "e1"}, queue="DeskQueue")),
}
SWEEPS = {
    "closer": (auction_closer.app, {"sweep": True}),
    "payments": (payments.app, {"job": "sweep"}),
    "assistant": (assistant.app, {"sweep": True}),
}
UNREADABLE = {
    "notifier": (notifier.app, batch(A_BID | {"dynamodb": A_BID["dynamodb"] | {"NewImage": {"number": {"N": "1"}}}})),
    "recorder": (notifier.recorder, batch(A_BID | {"dynamodb": {"Keys": {}, "NewImage": {"number": {"N": "1"}}}})),
    "achiever": (notifier.achiever, batch(A_BID)),
    "sender": (notifier.sender, batch(message("not JSON"))),
    "closer": (auction_closer.app, {"sweep": "yes"}),
    "payments": (payments.app, {"job": "?"}),
    "log_keeper": (log_keeper.app, batch(message("[]", queue="LogQueue"))),
    "mail_reports": (notifier.mail_reports, batch({"Sns": {"Message": "[]"}})),
    "clerk": (clerk.app, batch(message("[]", queue="DeskQueue"))),
    "assistant": (assistant.app, batch(message("[]", queue="AssistantQueue"))),
}


@pytest.fixture
def without_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    """A function whose settings cannot be read: every use of the App raises."""

    def raising(*_: object) -> None:
        raise ConfigError("TELEGRAM_BOT_TOKEN is not set")

    monkeypatch.setattr(bootstrap, "read_settings", raising)
    bootstrap.reset()


@pytest.mark.parametrize("service", PUT_BACK)
def test_every_consumer_counts_what_it_puts_back(
    without_secrets: None, caplog: pytest.LogCaptureFixture, service: str
) -> None:
    module, record = PUT_BACK[service]

    assert len(failures(module.lambda_handler(batch(record), Context()))) == 1

    assert counted(caplog, FAILURES) == [service]


@pytest.mark.parametrize("service", SWEEPS)
def test_a_sweep_that_fails_is_counted_and_leaves_no_dead_letter(
    without_secrets: None, caplog: pytest.LogCaptureFixture, service: str
) -> None:
    module, event = SWEEPS[service]

    assert module.lambda_handler(event, Context()) is None

    assert counted(caplog, FAILURES) == [service]


@pytest.mark.parametrize("service", UNREADABLE)
def test_every_function_counts_what_nobody_can_read(
    fake: FakeApp, caplog: pytest.LogCaptureFixture, service: str
) -> None:
    module, event = UNREADABLE[service]
    module.lambda_handler(event, Context())
    assert counted(caplog, PASSED_OVER) == [service]


@pytest.mark.parametrize(
    ("trouble", "receives", "services"),
    [
        (TryLater(37), 1, []),  # a flood, somebody else at it, an edit that comes too soon: any busy minute has them
        (TryLater(5), LASTING - 1, []),
        (TryLater(5), LASTING, ["sender"]),
        (Crowded(5), LASTING, []),  # what concerns money goes first
        (OutOfOrder(5), 1, ["sender"]),
        (RuntimeError("Unauthorized"), 1, ["sender"]),
        (Unavailable("sqs"), 1, ["sender"]),
    ],
)
def test_the_sender_counts_failures_and_not_the_waits_of_a_busy_minute(
    fake: FakeApp, caplog: pytest.LogCaptureFixture, trouble: Exception, receives: int, services: list[str]
) -> None:
    join(fake, ANNA)
    fake.messenger.fail_next(trouble)

    assert len(failures(notifier.sender.lambda_handler(batch(message(NOTICE, receives)), Context()))) == 1

    assert counted(caplog, FAILURES) == services


def test_a_turn_that_time_left_no_room_for_is_no_failure(fake: FakeApp, caplog: pytest.LogCaptureFixture) -> None:
    assert len(failures(notifier.sender.lambda_handler(batch(message(NOTICE)), Context(1_000)))) == 1
    assert counted(caplog, FAILURES) == []


@pytest.mark.parametrize("headers", [{}, {"X-Telegram-Bot-Api-Secret-Token": "of-another-day"}])
def test_an_update_without_our_secret_is_counted(
    fake: FakeApp, caplog: pytest.LogCaptureFixture, headers: dict[str, str]
) -> None:
    assert webhook.app.lambda_handler({"headers": headers, "body": "{}"}, Context())["statusCode"] == 403
    assert counted(caplog, FAILURES) == ["webhook"]


@pytest.mark.parametrize(("trouble", "services"), [(RuntimeError("no table"), ["webhook"]), (Contended(), [])])
def test_an_update_that_fails_is_counted_and_one_that_only_met_others_is_not(
    fake: FakeApp, caplog: pytest.LogCaptureFixture, trouble: RuntimeError | Contended, services: list[str]
) -> None:
    join(fake, ANNA)
    fake.store.fail_next(trouble, times=9)
    sender = {"id": ANNA, "first_name": "A new name"}
    said = {"from": sender, "chat": {"id": ANNA, "type": "private"}, "text": "/menu"}

    assert handle(fake, {"update_id": 7, "message": said}, fake.now()) == 503

    assert counted(caplog, FAILURES) == services


@pytest.mark.parametrize("lost", LOST_REPORTS)
def test_a_report_of_money_that_cannot_be_booked_is_counted(
    fake: FakeApp, caplog: pytest.LogCaptureFixture, lost: str
) -> None:
    update = LOST_REPORTS[lost]
    if "message" in update:
        update = {
            "message": {"from": BOT if "refunded_payment" in update["message"] else REPORT["user"]} | update["message"]
        }
    assert handle(fake, {"update_id": 7} | update, fake.now()) == 200
    assert counted(caplog, PASSED_OVER) == ["webhook"]


def test_a_payment_that_is_booked_is_not(fake: FakeApp, caplog: pytest.LogCaptureFixture) -> None:
    message = CHAT | {"from": REPORT["user"], "successful_payment": PAYMENT}
    assert handle(fake, {"update_id": 7, "message": message}, fake.now()) == 200
    assert (counted(caplog, PASSED_OVER), counted(caplog, FAILURES)) == ([], [])
