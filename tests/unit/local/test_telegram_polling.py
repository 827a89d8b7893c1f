"""Long polling: updates in order, each handed on until it is taken, the place remembered."""

from __future__ import annotations

import http.client
import io
import json
import threading
import traceback
import urllib.error
from typing import Any

import pytest

from local.state import State
from local.telegram_polling import BotApi, Poller, TelegramError, Webhook


class Api:
    """A Bot API that answers `getUpdates` with what is in `answers`, then ends the poller."""

    def __init__(self, *answers: Any) -> None:
        self.answers = list(answers)
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.poller: Poller | None = None

    def call(self, method: str, **parameters: Any) -> Any:
        self.calls.append((method, parameters))
        if method == "deleteWebhook":
            return True
        if not self.answers:
            assert self.poller
            self.poller.stop()
            return []
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


class Run:
    def __init__(self, monkeypatch: pytest.MonkeyPatch, api: Api, statuses: list[int] | None = None) -> None:
        self.state = State(None)
        self.delivered: list[int] = []
        self.statuses = statuses or []
        self.api = api
        self.poller = Poller(api, self.state, self._deliver)  # type: ignore[arg-type]
        self.waits: list[float] = []
        monkeypatch.setattr(self.poller._ending, "wait", self.waits.append)
        api.poller = self.poller

    def _deliver(self, body: bytes) -> int:
        self.delivered.append(json.loads(body)["update_id"])
        return self.statuses.pop(0) if self.statuses else 200

    def offsets(self) -> list[int]:
        return [parameters["offset"] for method, parameters in self.api.calls if method == "getUpdates"]


def _updates(*ids: int) -> list[dict[str, Any]]:
    return [{"update_id": one} for one in ids]


def test_the_webhook_is_taken_away_and_updates_come_in_order(monkeypatch: pytest.MonkeyPatch) -> None:
    run = Run(monkeypatch, Api(_updates(5, 6), _updates(7)))
    run.poller._run()
    assert run.api.calls[0][0] == "deleteWebhook"
    assert "pre_checkout_query" in run.api.calls[1][1]["allowed_updates"]
    assert run.delivered == [5, 6, 7]
    assert run.offsets() == [0, 7, 8]
    assert run.state.note("telegram.offset") == "8"


def test_an_update_is_handed_on_again_until_it_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    run = Run(monkeypatch, Api(_updates(5, 6)), [500, 0, 200])
    run.poller._run()
    assert run.delivered == [5, 5, 5, 6]
    assert run.waits == [1.0, 2.0]


def test_an_update_that_was_not_taken_before_the_end_comes_again_at_the_next_start(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    run = Run(monkeypatch, Api(_updates(5, 6)), [200, 500])
    monkeypatch.setattr(run.poller._ending, "wait", lambda _seconds: run.poller.stop())
    run.poller._run()
    assert run.delivered == [5, 6]
    assert run.state.note("telegram.offset") == "6"


def test_telegram_is_given_the_time_it_asks_for(monkeypatch: pytest.MonkeyPatch) -> None:
    run = Run(monkeypatch, Api(TelegramError(429, "slow down", 17.0), TelegramError(500, "oops"), _updates(5)))
    run.poller._run()
    assert run.waits == [17.0, 2.0]
    assert run.delivered == [5]


def test_a_webhook_set_by_somebody_else_is_taken_away_again(monkeypatch: pytest.MonkeyPatch) -> None:
    run = Run(monkeypatch, Api(TelegramError(409, "conflict"), _updates(5)))
    run.poller._run()
    assert [method for method, _ in run.api.calls].count("deleteWebhook") == 2


def test_a_refused_token_ends_the_polling_with_a_word(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    run = Run(monkeypatch, Api(TelegramError(401, "Unauthorized")))
    run.poller._run()
    assert "TELEGRAM_BOT_TOKEN" in caplog.text


def test_an_unexpected_fault_does_not_end_the_polling(monkeypatch: pytest.MonkeyPatch) -> None:
    run = Run(monkeypatch, Api(RuntimeError("what"), _updates(5)))
    run.poller.start()
    run.poller._thread.join(5)
    assert run.delivered == [5]
    assert not [thread for thread in threading.enumerate() if thread.name == "telegram"]


def _answering(monkeypatch: pytest.MonkeyPatch, answer: Any) -> list[Any]:
    asked: list[Any] = []

    def urlopen(request: Any, timeout: float) -> Any:
        asked.append(request)
        if isinstance(answer, Exception):
            raise answer
        response = io.BytesIO(answer)
        response.status = 200  # type: ignore[attr-defined]
        return response

    monkeypatch.setattr("urllib.request.urlopen", urlopen)
    return asked


def test_a_method_is_called_with_its_parameters(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = _answering(monkeypatch, b'{"ok": true, "result": {"username": "a_bot"}}')
    api = BotApi("https://api.telegram.org/", "1:secret", test=True)
    assert api.call("getChat", chat_id=1) == {"username": "a_bot"}
    assert asked[0].full_url == "https://api.telegram.org/bot1:secret/test/getChat"
    assert json.loads(asked[0].data) == {"chat_id": 1}
    assert api.name() == "a_bot"


@pytest.mark.parametrize(
    ("body", "words", "retry_after"),
    [(b'{"description": "Too many", "parameters": {"retry_after": 3}}', "Too many", 3.0), (b"<html>", "no words", 0.0)],
)
def test_a_refusal_is_told_without_the_token(
    monkeypatch: pytest.MonkeyPatch, body: bytes, words: str, retry_after: float
) -> None:
    refusal = urllib.error.HTTPError("https://x/bot1:secret/getMe", 429, "no", {}, io.BytesIO(body))  # type: ignore[arg-type]
    _answering(monkeypatch, refusal)
    with pytest.raises(TelegramError) as caught:
        BotApi("https://x", "1:secret").call("getMe")
    assert (caught.value.code, str(caught.value), caught.value.retry_after) == (429, words, retry_after)


@pytest.mark.parametrize("token", ["1:secret ", "1:secret\n", "1:sec ret"])
@pytest.mark.parametrize("base", ["http://127.0.0.1:9", "banana", "http://a..b", "http://[1]"])
def test_an_address_that_cannot_be_is_told_without_the_token_in_it(base: str, token: str) -> None:
    with pytest.raises(TelegramError) as caught:
        BotApi(base, token).call("getMe")
    assert "sec" not in "".join(traceback.format_exception(caught.value))


@pytest.mark.parametrize("answer", [b"[]", b"5", b'{"result": []}', b'{"result": {}}', b'{"result": null}', b"{}"])
def test_an_answer_that_names_no_bot_is_an_error_too(monkeypatch: pytest.MonkeyPatch, answer: bytes) -> None:
    _answering(monkeypatch, answer)
    with pytest.raises(TelegramError):
        BotApi("https://x", "1:secret").name()


def test_an_answer_that_breaks_off_is_an_error_too(monkeypatch: pytest.MonkeyPatch) -> None:
    _answering(monkeypatch, http.client.IncompleteRead(b""))
    with pytest.raises(TelegramError, match="IncompleteRead"):
        BotApi("https://x", "1:secret").call("getMe")
    assert Webhook("http://127.0.0.1:1", "s").deliver(b"{}") == 0


def test_no_answer_is_an_error_too(monkeypatch: pytest.MonkeyPatch) -> None:
    _answering(monkeypatch, urllib.error.URLError("https://x/bot1:secret"))
    with pytest.raises(TelegramError) as caught:
        BotApi("https://x", "1:secret").call("getMe")
    assert "secret" not in str(caught.value)


def test_the_webhook_is_called_with_the_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = _answering(monkeypatch, b"")
    assert Webhook("http://127.0.0.1:1/telegram/webhook", "s3cret").deliver(b"{}") == 200
    assert asked[0].get_header("X-telegram-bot-api-secret-token") == "s3cret"
    refusal = urllib.error.HTTPError("x", 403, "no", {}, io.BytesIO())  # type: ignore[arg-type]
    _answering(monkeypatch, refusal)
    assert Webhook("http://127.0.0.1:1", "s").deliver(b"{}") == 403
    _answering(monkeypatch, OSError())
    assert Webhook("http://127.0.0.1:1", "s").deliver(b"{}") == 0
