"""Everything between our bot and Telegram, in any test, is checked against the Bot API's contract.

Watched are our two ways to the Bot API, the stand-in's updates to the webhook, and its answers. Servers in this process
that play Telegram (`bot_server`, `bot_pool`) report their own traffic. A run in a separate process records everything
(`recorded_run`); it is judged here when it ends (`judge_record`).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from .bot_judge import breaches, judge

Note = Callable[[str, Any, Any], None]


def watch(patch: pytest.MonkeyPatch, note: Note) -> None:
    """Calls `note` with every call, answer and update, before it is sent."""
    from local import telegram_polling
    from local.telegram import bot_api, deliver
    from starbid.telegram import transport

    do_request, call, send, answer = (
        transport.PooledRequest.do_request,
        telegram_polling.BotApi.call,
        deliver.Courier.send,
        bot_api.call,
    )

    async def noted_request(self: Any, url: str, method: str, request_data: Any = None, **timeouts: Any) -> Any:
        wire = dict(request_data.json_parameters) if request_data else {}
        files = dict.fromkeys(request_data.multipart_data or {}) if request_data else {}
        note("call", url.rpartition("/")[2], wire | files)
        return await do_request(self, url, method, request_data, **timeouts)

    def noted_call(self: Any, method: str, patience: float = 1, **parameters: Any) -> Any:
        note("call", method, {name: v if isinstance(v, str) else json.dumps(v) for name, v in parameters.items()})
        return call(self, method, patience, **parameters)

    def noted_send(self: Any, person_id: int, kind: str, body: Any) -> None:
        note("update", kind, json.loads(json.dumps(body)))
        send(self, person_id, kind, body)

    def noted_answer(context: Any, request: Any, token: str, method: str) -> Any:
        response = answer(context, request, token, method)
        said: Any = response.json
        if said["ok"]:
            note("answer", method, said["result"])
        return response

    patch.setattr(transport.PooledRequest, "do_request", noted_request)
    patch.setattr(telegram_polling.BotApi, "call", noted_call)
    patch.setattr(deliver.Courier, "send", noted_send)
    patch.setattr(bot_api, "call", noted_answer)


@pytest.fixture(scope="session", autouse=True)
def watched_bot() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        watch(patch, judge)
        yield


@pytest.fixture(autouse=True)
def kept_contract() -> Iterator[None]:
    """Includes findings from fixtures of a module: they are reported with the next test."""
    yield
    found, breaches[:] = list(breaches), []
    assert not found, "\n".join(found)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Findings from the end of the last fixtures."""
    if breaches:
        print("\n".join(breaches))
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
