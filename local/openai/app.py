"""The stand-in as a WSGI application: OpenAI's API as far as chat completions need it, and a page."""

from __future__ import annotations

import json
import socket
import time
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping
from email.utils import formatdate
from typing import TYPE_CHECKING, Any

from werkzeug import Request, Response
from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map, RequestRedirect, Rule

from local.openai import pages
from local.openai.answers import answer_to, text_of
from local.openai.manners import PAUSE, Manner, Manners, NoSuchManner
from local.openai.streaming import Reply, spoken, stream
from local.sheet import HEADERS
from starbid.domain.assistant.tokens import estimated, estimated_turn

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

PREFIX = "/_local/openai"
SILENCE_SECONDS = 60.0
"""Longer than the product waits."""
MODEL = "stand-in"
_REST_SECONDS = 7
_MOST_BODY = 1_000_000
_URLS = Map(
    [
        Rule("/", endpoint="page", methods=["GET"]),
        Rule("/", endpoint="tell", methods=["POST"]),
        Rule("/v1/models", endpoint="models", methods=["GET"]),
        Rule("/v1/chat/completions", endpoint="chat", methods=["POST"]),
    ]
)
_REFUSALS = {
    "401": (401, "Incorrect API key provided.", "invalid_request_error", "invalid_api_key"),
    "429": (429, "Rate limit reached.", "requests", "rate_limit_exceeded"),
    "429-date": (429, "Rate limit reached.", "requests", "rate_limit_exceeded"),
    "500": (500, "The server had an error.", "server_error", None),
}


class LocalModel:
    """`wsgi` is to be mounted under PREFIX. `wait` and `silence` (seconds of a slow model) are for tests."""

    def __init__(
        self, *, site_url: str, wait: Callable[[float], object] = time.sleep, silence: float = SILENCE_SECONDS
    ) -> None:
        self.manners = Manners()
        self._page_url, self._wait, self._silence = f"{site_url}{PREFIX}/", wait, silence

    def wsgi(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request; never with a traceback."""
        request = Request(environ)
        request.max_content_length = request.max_form_memory_size = _MOST_BODY
        return self._respond(request)(environ, start_response)

    def _respond(self, request: Request) -> Response:
        try:
            endpoint, values = _URLS.bind_to_environ(request.environ).match()
            answer: Response = getattr(self, f"_{endpoint}")(request, **values)
        except RequestRedirect as moved:
            return Response(status=302, headers={"Location": moved.new_url})
        except NoSuchManner as error:
            return _html(pages.sorry(str(error)), 409)
        except HTTPException as error:
            return _error(error.code or 500, error.name, "invalid_request_error")
        return answer

    def _page(self, _request: Request) -> Response:
        return _html(pages.index(self.manners.expected()))

    def _tell(self, request: Request) -> Response:
        form = request.form
        pause = form.get("pause", "").strip() or str(PAUSE)
        self.manners.tell(Manner(form.get("what", ""), form.get("until") == "changed", _whole(pause)))
        return Response(status=303, headers={"Location": f"{PREFIX}/"})

    def _models(self, _request: Request) -> Response:
        return _json({"object": "list", "data": [{"id": MODEL, "object": "model", "created": 0, "owned_by": "local"}]})

    def _chat(self, request: Request) -> Response:
        asked = _asked(request)
        if asked is None:
            return _error(400, "messages: a list of objects is required", "invalid_request_error", param="messages")
        manner = self.manners.take()
        if manner.trouble in _REFUSALS:
            return _refused(manner.trouble)
        reply = self._reply(asked, manner)
        if not asked.get("stream") or manner.trouble == "whole":
            return _json(reply.whole(manner.trouble))
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


def _refused(trouble: str) -> Response:
    status, words, kind, code = _REFUSALS[trouble]
    answer = _error(status, words, kind, code)
    if trouble == "429":
        answer.headers["Retry-After"] = str(_REST_SECONDS)
    if trouble == "429-date":
        answer.headers["Retry-After"] = formatdate(time.time() + _REST_SECONDS, usegmt=True)
    return answer


def _whole(text: str) -> int:
    """Raises NoSuchManner."""
    if not (text.isascii() and text.isdigit() and len(text) < 9):
        raise NoSuchManner("A pause is a whole number of milliseconds.")
    return int(text)


def _error(status: int, words: str, kind: str, code: str | None = None, param: str | None = None) -> Response:
    return _json({"error": {"message": words, "type": kind, "param": param, "code": code}}, status)


def _html(page: str, status: int = 200) -> Response:
    return Response(page, status=status, mimetype="text/html", headers=HEADERS)


def _json(said: Any, status: int = 200) -> Response:
    return Response(json.dumps(said, ensure_ascii=False), status=status, content_type="application/json")
