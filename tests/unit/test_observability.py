"""Logs: JSON, countable, and without secrets."""

from __future__ import annotations

import io
import json
import logging
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import botocore
import pytest

from starbid import observability
from tests.support.factories import ANNA, join
from tests.support.fakes import make_app
from tests.support.web import Client, program, widget_query
from webhook.dispatch import handle

BOT_TOKEN = "123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw-"


@pytest.fixture
def lines() -> Iterator[list[str]]:
    """What the loggers of these tests write, as it would go out."""
    written: list[str] = []
    handlers = []
    for service in ("web", "webhook", "test"):
        log = observability.logger(service)
        handler = logging.StreamHandler(_Lines(written))
        handler.setFormatter(log.handlers[0].formatter)
        log.addHandler(handler)
        handlers.append((log, handler))
    yield written
    for log, handler in handlers:
        log.removeHandler(handler)


class _Lines(io.StringIO):
    def __init__(self, lines: list[str]) -> None:
        super().__init__()
        self._lines = lines

    def write(self, text: str) -> int:
        self._lines.extend(line for line in text.splitlines() if line)
        return len(text)


def only(lines: list[str]) -> dict[str, Any]:
    (line,) = lines
    read: dict[str, Any] = json.loads(line)
    return read


def test_a_line_is_json_with_its_facts(lines: list[str]) -> None:
    observability.logger("test").warning("lot %s is gone", "lot1", extra={"request_id": "r-1"})
    line = only(lines)
    assert (line["level"], line["message"], line["service"], line["request_id"]) == (
        "WARNING",
        "lot lot1 is gone",
        "test",
        "r-1",
    )


@pytest.mark.parametrize(
    "secret",
    [
        BOT_TOKEN,
        "sb_abcdefghijklmnopqrstuvwxyzABCD_-",
        "0123456789abcdef" * 4,
    ],
)
def test_what_looks_like_a_secret_is_blotted_out(lines: list[str], secret: str) -> None:
    log = observability.logger("test")
    try:
        raise ValueError(f"GET https://api.telegram.org/bot{secret}/getMe?hash={secret} failed")
    except ValueError:
        log.exception("call failed: https://x/?id=1&hash=%s /bot%s/", secret, secret, extra={"url": f"?hash={secret}"})
    text = lines[0]
    if ":" in secret or secret.startswith("sb_"):
        assert secret not in text
    else:
        assert f"hash={secret}" not in text
    assert observability.HIDDEN in text
    json.loads(text)


def test_a_session_cookie_is_blotted_out(lines: list[str]) -> None:
    observability.logger("test").info("cookie: starbid_session=eyJ1IjoxfQ.abc-_def; other=1")
    assert "eyJ1" not in lines[0]
    assert "other=1" in lines[0]


def test_a_secret_that_was_named_is_blotted_out_however_json_writes_it(lines: list[str]) -> None:
    secret = 'hunter "2" ключ\\'
    observability.hide(secret, "x")
    observability.logger("test").info("it is %s, x", secret)
    assert "hunter" not in lines[0]
    assert only(lines)["message"] == f"it is {observability.HIDDEN}, x"


def test_a_counter_is_a_metric_that_cloudwatch_reads(lines: list[str]) -> None:
    observability.count("test", "ReconciliationDifferences", 2, table="bids")
    line = only(lines)
    assert directive_of(line)["Metrics"] == [{"Name": "ReconciliationDifferences", "Unit": "Count"}]
    assert (line["ReconciliationDifferences"], line["table"]) == (2, "bids")
    assert line["_aws"]["Timestamp"] > 10**12


def test_a_failure_is_told_and_counted_in_one_line(lines: list[str]) -> None:
    try:
        raise ValueError("no answer")
    except ValueError:
        observability.failed("test", "message %s comes again", "m1")
    line = only(lines)
    assert (line["level"], line["message"]) == ("ERROR", "message m1 comes again")
    assert line["location"].startswith("test_a_failure_is_told_and_counted_in_one_line:")
    assert "no answer" in line["exception"]
    assert directive_of(line)["Metrics"] == [{"Name": "Failures", "Unit": "Count"}]
    assert (line["Failures"], line["service"]) == (1, "test")


def test_stacks_of_one_account_are_counted_apart(lines: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSM_PREFIX", "/starbid/starbid-test")
    observability.failed("test", "no answer")
    line = only(lines)
    dimensions = {name: line[name] for name in directive_of(line)["Dimensions"][0]}
    assert dimensions == {"stack": "starbid-test", "service": "test"}
    assert "exception" not in line


def test_what_nobody_can_read_is_counted_for_all_functions_together(lines: list[str]) -> None:
    observability.passed_over("test", "a row cannot be read", keys={"id": "b1"})
    line = only(lines)
    assert "exception" not in line
    directive = directive_of(line)
    assert directive["Dimensions"] == [["stack"]]
    assert (directive["Namespace"], line["PoisonedRows"], line["keys"]) == ("Starbid", 1, {"id": "b1"})


def directive_of(line: dict[str, Any]) -> dict[str, Any]:
    """What CloudWatch is to do with a line; the line itself says each dimension, as CloudWatch asks."""
    (directive,) = line["_aws"]["CloudWatchMetrics"]
    assert isinstance(directive, dict)
    assert all(line[dimension] for dimension in directive["Dimensions"][0])
    return directive


def test_a_request_that_fails_leaves_a_line_with_its_id_and_none_of_its_secrets(lines: list[str]) -> None:
    app = make_app({"TELEGRAM_BOT_TOKEN": BOT_TOKEN})
    join(app, ANNA)
    join(app, 7, name="An older name")
    client = program(app, ANNA)
    assert client.token is not None
    query = widget_query(app)
    app.store.fail_next(RuntimeError(f"refused {BOT_TOKEN}, {client.token}, {query}"), times=9)
    assert client.post("/api/v1/auctions/lot1/cancel", headers={"idempotency-key": "k"}).status == 500
    assert Client(app).get("/login/telegram", **query).status == 500
    failed = [json.loads(line) for line in lines]
    assert [line["route"] for line in failed] == ["/api/v1/auctions/<auction_id>/cancel", "/login/telegram"]
    assert {(line["level"], line["request_id"]) for line in failed} == {("ERROR", "request-1")}
    assert all(secret not in line for line in lines for secret in (BOT_TOKEN, client.token, query["hash"]))


def test_an_update_that_fails_leaves_a_line_without_secrets(lines: list[str]) -> None:
    app = make_app({"TELEGRAM_BOT_TOKEN": BOT_TOKEN})
    join(app, ANNA)
    app.store.fail_next(RuntimeError(f"refused {BOT_TOKEN}"))
    message = {
        "from": {"id": ANNA, "first_name": "A new name"},
        "chat": {"id": ANNA, "type": "private"},
        "text": "/menu",
    }
    handle(app, {"update_id": 1, "message": message}, app.now())
    assert only(lines)["message"] == "update 1 failed"
    assert BOT_TOKEN not in lines[0]


def test_no_line_goes_past_the_scrubbing() -> None:
    """A logger of logging's own writes to Lambda's handler: plain text, nothing below WARNING, secrets and all."""
    root = Path(__file__).resolve().parents[2]
    files = [path for part in ("functions", "layers/common/starbid") for path in (root / part).rglob("*.py")]
    assert len(files) > 100
    assert [path.name for path in files if "logging.getLogger" in path.read_text("utf-8")] == []


def test_a_process_tells_its_python_and_its_botocore_at_the_start(capsys: pytest.CaptureFixture[str]) -> None:
    observability.tell_start({"AWS_LAMBDA_FUNCTION_NAME": "starbid-web"})
    told = json.loads(capsys.readouterr().out)
    assert told["botocore"] == botocore.__version__
    assert told["python"] == sys.version.split()[0]
    assert (told["service"], told["message"], told["level"]) == ("starbid-web", "process started", "INFO")


def test_outside_lambda_a_start_is_no_news(capsys: pytest.CaptureFixture[str]) -> None:
    observability.tell_start({})
    assert capsys.readouterr().out == ""
