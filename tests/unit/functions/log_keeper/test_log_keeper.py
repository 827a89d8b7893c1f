import json
import logging
from collections.abc import Callable
from typing import Any

import pytest

from log_keeper.app import SPARE_MS, lambda_handler
from starbid.services import bid_logs
from starbid.services.ports import Unavailable
from tests.support import fake_logs
from tests.support.factories import ANNA, BORIS, market
from tests.support.fakes import FakeApp
from tests.support.records import Context, batch, failures, message


@pytest.fixture
def over(put_in_place: Callable[[FakeApp], FakeApp]) -> tuple[FakeApp, str]:
    """An app with a lot on which two bid in turn, and which has ended; and its id."""
    app, lot = market(stars=100_000)
    put_in_place(app)
    for number in range(8):
        app.bidding.bid(lot.auction.id, (ANNA, BORIS)[number % 2], 200 + 50 * number, app.now())
    app.clock.forward(hours=2)
    app.closing.close(lot.auction.id, app.now())
    return app, lot.auction.id


def hand_in(lot: str, step: str = "", left_ms: int = 100_000) -> tuple[dict[str, Any], str]:
    sent = message({"log": lot, "step": step}, queue="LogQueue")
    return lambda_handler(batch(sent), Context(left_ms)), sent["messageId"]


def test_a_message_has_a_log_written(over: tuple[FakeApp, str]) -> None:
    app, lot = over
    answer, _ = hand_in(lot)
    assert failures(answer) == []
    assert len(json.loads(app.log_files.files[lot])["entries"]) == 8


def test_with_little_time_left_another_message_goes_on(
    over: tuple[FakeApp, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bid_logs, "PART", 900)
    monkeypatch.setattr(bid_logs, "PAGE", 2)
    monkeypatch.setattr(fake_logs, "LEAST_PART", 900)
    app, lot = over
    hand_in(lot, left_ms=SPARE_MS)
    assert app.log_files.files == {}
    ((_, step),) = app.log_requests.asked
    hand_in(lot, step)
    assert len(json.loads(app.log_files.files[lot])["entries"]) == 8


def test_what_failed_comes_again(over: tuple[FakeApp, str], caplog: pytest.LogCaptureFixture) -> None:
    app, lot = over
    app.log_files.fail_next(Unavailable("s3"))
    with caplog.at_level(logging.ERROR):
        answer, name = hand_in(lot)
    assert failures(answer) == [name]
    assert failures(hand_in(lot)[0]) == []


@pytest.mark.parametrize("body", ["", "7", "null", "[]", "{}", '{"log": "lot1"}'])
def test_a_message_that_nobody_can_read_is_forgotten(
    fake: FakeApp, caplog: pytest.LogCaptureFixture, body: str
) -> None:
    with caplog.at_level(logging.ERROR):
        assert failures(lambda_handler(batch(message(body, queue="LogQueue")), Context())) == []
    assert "cannot be read" in caplog.text
