"""The stand-in as a WSGI application: OpenAI's API as far as chat completions need it, and a page."""

from __future__ import annotations

import json
import socket
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from email.utils import formatdate
from typing import Any

from werkzeug import Request, Response
from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map, Rule

from local.openai import pages
from local.openai.answers import answer_to, text_of
from local.openai.manners import MOST_PAUSE, PAUSE, Manner, Manners
from local.openai.streaming import Reply, spoken, stream
from local.stand_in import StandIn, as_html, as_json, whole
from starbid.domain.assistant.tokens import estimated, estimated_turn

PREFIX = "/_local/openai"
SILENCE_SECONDS = 60.0
"""Longer than the product waits."""
MODEL = "stand-in"
_REST_SECONDS = 7
_REFUSALS = {
    "401": (401, "Incorrect API key provided.", "invalid_request_error", "invalid_api_key"),
    "429": (429, "Rate limit reached.", "requests", "rate_limit_exceeded"),
    "429-date": (429, "Rate limit reached.", "requests", "rate_limit_exceeded"),
    "500": (500, "The server had an error.", "server_error", None),
}


class LocalModel(StandIn):
    """`wsgi` is to be mounted under PREFIX. `wait` and `silence` (seconds of a slow model) are for tests."""

    most_body = 1_000_000
    urls = Map(
        [
            Rule("/", endpoint="page", methods=["GET"]),
            Rule("/", endpoint="tell", methods=["POST"]),
            Rule("/v1/models", endpoint="models", methods=["GET"]),
            Rule("/v1/chat/completions", endpoint="chat", methods=["POST"]),
        ]
    )

    def __init__(
        self, *, site_url: str, wait: Callable[[float], object] = time.sleep, silence: float = SILENCE_SECONDS
    ) -> None:
        self.manners = Manners()
        self._page_url, self._wait, self._silence = f"{site_url}{PREFIX}/", wait, silence

    def _refused(self, _request: Request, why: str, /) -> Response:
        return as_html(pages.sorry(why), 409)

    def _failed(self, error: HTTPException) -> Response:
        return _error(error.code or 500, error.name, "invalid_request_error")

    def _page(self, _request: Request) -> Response:
        return as_html(pages.index(self.manners.expected()))

    def _tell(self, request: Request) -> Response:
        form, pause = request.form, whole(request, "pause", PAUSE, MOST_PAUSE)
        self.manners.tell(Manner(form.get("what", ""), form.get("until") == "changed", pause))
        return Response(status=303, headers={"Location": f"{PREFIX}/"})

    def _models(self, _request: Request) -> Response:
        return as_json(
            {"object": "list", "data": [{"id": MODEL, "object": "model", "created": 0, "owned_by": "local"}]}
        )

    def _chat(self, request: Request) -> Response:
        asked = _asked(request)
        if asked is None:
            return _error(400, "messages: a list of objects is required", "invalid_request_error", param="messages")
        manner = self.manners.take()
        if manner.trouble in _REFUSALS:
            return _troubled(manner.trouble)
        reply = self._reply(asked, manner)
        if not asked.get("stream") or manner.trouble == "whole":
            return as_json(reply.whole(manner.trouble))
        frames = stream(reply, manner, self._wait, self._silence)
        if manner.trouble == "cut":
            frames = _hung_up(frames, request.environ.get("werkzeug.socket"))
        return Response(frames, content_type="text/event-stream", headers={"Cache-Control": "no-cache"})

    def _reply(self, asked: Mapping[str, Any], manner: Manner) -> Reply:
        text = spoken(answer_to(asked["messages"], self._page_url), manner.trouble)
        options = asked.get("stream_options")
        prompt = sum(estimated_turn(text_of(message)) for message in asked["messages"])
        counted = {"prompt_tokens": prompt, "completion_tokens": estimated(text)}
        return Reply(
            id=f"chatcmpl-{uuid.uuid4().hex[:12]}",
            model=str(asked.get("model") or MODEL),
            created=int(time.time()),
            text=text,
            usage={**counted, "total_tokens": sum(counted.values())},
            tells_usage=isinstance(options, dict) and options.get("include_usage") is True,
        )


def _asked(request: Request) -> Mapping[str, Any] | None:
    """The request's object, where it has messages."""
    try:
        found = json.loads(request.get_data())
    except (ValueError, RecursionError):
        return None
    messages = found.get("messages") if isinstance(found, dict) else None
    if not isinstance(messages, list) or not messages or not all(isinstance(each, dict) for each in messages):
        return None
    return found  # type: ignore[no-any-return]


def _hung_up(frames: Iterator[bytes], connection: socket.socket | None) -> Iterator[bytes]:
    """The same, and then nobody is there."""
    yield from frames
    if connection is not None:
        connection.shutdown(socket.SHUT_RDWR)


def _troubled(trouble: str) -> Response:
    status, words, kind, code = _REFUSALS[trouble]
    answer = _error(status, words, kind, code)
    if trouble == "429":
        answer.headers["Retry-After"] = str(_REST_SECONDS)
    if trouble == "429-date":
        answer.headers["Retry-After"] = formatdate(time.time() + _REST_SECONDS, usegmt=True)
    return answer


def _error(status: int, words: str, kind: str, code: str | None = None, param: str | None = None) -> Response:
    return as_json({"error": {"message": words, "type": kind, "param": param, "code": code}}, status)
