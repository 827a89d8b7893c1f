"""Chat completions of a server that speaks OpenAI's API: their own, Ollama's, vLLM's and others.

https://platform.openai.com/docs/api-reference/chat/create. Nothing is repeated and no redirect is followed. What a
failure says is a status, a word that vendors publish, or one of ours: neither addresses, nor the key, nor what anybody
wrote; for the same reason no failure carries the one that it comes from.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from urllib3 import BaseHTTPResponse, Timeout
from urllib3.exceptions import ConnectTimeoutError, HTTPError, NewConnectionError, ReadTimeoutError

from starbid.language_model.answer import Answer
from starbid.language_model.bounded import BoundedConnections, hang_up, read_within
from starbid.language_model.event_stream import Event, EventStream, EventTooLong
from starbid.language_model.listening import Leaving, listened
from starbid.language_model.refusing import trouble_of
from starbid.services.ports.language_model import Ailment, ModelTrouble, Turn, Written

CONNECT_SECONDS = 3.0
POOL_SIZE = 4
MOST_BYTES = 32 * 1024 * 1024
"""A frame of some hundred bytes tells a word: enough for 100 kB of text many times over."""
MOST_FRAME = 4 * 1024 * 1024
"""Characters of a frame, or bytes of an answer that is not streamed."""
_MOST_REFUSAL = 65_536
TICK_SECONDS = 1.0
"""How long is waited for a piece before an empty one."""
_CHUNK = 65_536
_LAST_SECONDS = 2.0
"""How long the count of tokens is waited for when the text is all there."""
_DRAIN_SECONDS = 0.1
"""How long the end of an answer is waited for, so that its connection can be used again."""
_UNREADABLE = (400, 422)
"""What servers answer that know not all of a request's fields."""


class OpenAiCompatible:
    """A LanguageModel. Threads may share one; it remembers how its server wants to be asked."""

    def __init__(
        self,
        base_url: str,
        model: str,
        key: Callable[[], str | None],
        *,
        first_byte_seconds: float,
        stall_seconds: float,
        most_tokens: int,
    ) -> None:
        """`base_url` is what `/chat/completions` follows. `key` is asked for at each question; servers on a machine of
        one's own need none. `most_tokens` is how long an answer may be. Seconds: to the answer's first byte, and
        between any two.
        """
        self._address = f"{base_url.rstrip('/')}/chat/completions"
        self._model, self._key, self._most_tokens = model, key, most_tokens
        self._first_seconds, self._stall_seconds = first_byte_seconds, stall_seconds
        self._pool = BoundedConnections(
            size=POOL_SIZE, connect_seconds=CONNECT_SECONDS, read_seconds=first_byte_seconds
        )
        self._dialect = _Dialect()

    @contextmanager
    def write(self, prompt: Sequence[Turn], seconds: float) -> Iterator[Iterator[str | Written]]:
        with listened(lambda leaving: self._write(prompt, seconds, leaving), TICK_SECONDS) as pieces:
            yield ("" if piece is None else piece for piece in pieces)

    @contextmanager
    def _write(self, prompt: Sequence[Turn], seconds: float, leaving: Leaving) -> Iterator[Iterator[str | Written]]:
        now = time.monotonic()
        waits = _Waits(now + seconds, now + self._first_seconds, self._stall_seconds)
        response, answer = self._ask(prompt, waits), Answer()
        leaving.hurry = lambda: hang_up(response)
        try:
            yield iter(()) if leaving.is_over else _written(response, answer, waits, prompt)
        finally:
            leaving.hurry = None
            _leave(response, answer)

    def _ask(self, prompt: Sequence[Turn], waits: _Waits) -> BaseHTTPResponse:
        """An answer that began well. Raises ModelTrouble."""
        headers, dialect = self._headers(), self._dialect
        while True:
            response = self._post(self._body(prompt, dialect), headers, waits)
            if 200 <= response.status < 300:
                self._dialect = dialect
                return response
            refusal = _refusal(response, waits)
            other = dialect.instead(refusal) if response.status in _UNREADABLE else None
            if other is None:
                raise trouble_of(response.status, response.headers, refusal)
            dialect = other

    def _headers(self) -> dict[str, str]:
        headers = {"Content-Type": "application/json", "Accept": "text/event-stream, application/json"}
        if key := self._key():
            if not (key.isascii() and key.isprintable()):  # the error of http.client would show it
                raise ModelTrouble(Ailment.REFUSED, "a key that fits no header")
            headers["Authorization"] = f"Bearer {key}"
        return headers

    def _body(self, prompt: Sequence[Turn], dialect: _Dialect) -> bytes:
        asked = {
            "model": self._model,
            "messages": [{"role": turn.speaker, "content": turn.text} for turn in prompt],
            "stream": True,
            **dialect.fields(self._most_tokens),
        }
        return json.dumps(asked).encode()

    def _post(self, body: bytes, headers: dict[str, str], waits: _Waits) -> BaseHTTPResponse:
        left = waits.for_first()
        try:
            return self._pool.urlopen(
                "POST",
                self._address,
                body=body,
                headers=headers,
                redirect=False,
                preload_content=False,
                timeout=Timeout(connect=min(CONNECT_SECONDS, left), read=left),
            )
        except HTTPError as error:
            raise _trouble(error) from None


@dataclass(frozen=True, slots=True)
class _Dialect:
    """How a server wants to be asked: not all know `stream_options`, and OpenAI's newer models no `max_tokens`."""

    tells_usage: bool = True
    limit: str = "max_tokens"

    def fields(self, most_tokens: int) -> dict[str, Any]:
        return {self.limit: most_tokens, **({"stream_options": {"include_usage": True}} if self.tells_usage else {})}

    def instead(self, refusal: bytes) -> _Dialect | None:
        """What to try next, where a refusal names what it is about."""
        if self.tells_usage and b"stream_options" in refusal:
            return replace(self, tells_usage=False)
        if self.limit == "max_tokens" and b"max_completion_tokens" in refusal:
            return replace(self, limit="max_completion_tokens")
        return None


@dataclass(frozen=True, slots=True)
class _Waits:
    """Until when the whole and its first byte are waited for, by the monotonic clock, and how long for each other."""

    until: float
    first_until: float
    stall: float

    def for_first(self) -> float:
        """Seconds. Raises ModelTrouble where none are left."""
        return self._left(min(self.until, self.first_until), "no first byte in time")

    def for_next(self, *, is_last: bool) -> float:
        """The same. `is_last`: the text is all there."""
        return min(self._left(self.until, "no end in time"), self.stall, _LAST_SECONDS if is_last else self.stall)

    def _left(self, until: float, otherwise: str) -> float:
        left = until - time.monotonic()
        if left <= 0:
            raise ModelTrouble(Ailment.SLOW, otherwise)
        return left


def _written(
    response: BaseHTTPResponse, answer: Answer, waits: _Waits, prompt: Sequence[Turn]
) -> Iterator[str | Written]:
    try:
        for event in _events(_chunks(response, answer, waits)):
            if text := answer.take(event):
                yield text
            if answer.is_done:
                break
    except ModelTrouble:
        if not answer.is_whole:
            raise
    if not answer.is_whole:
        raise ModelTrouble(Ailment.BROKEN, "an answer that breaks off")
    if rest := answer.rest():
        yield rest
    yield answer.end(prompt)


def _chunks(response: BaseHTTPResponse, answer: Answer, waits: _Waits) -> Iterator[bytes]:
    """The body as it comes. Raises ModelTrouble."""
    size = 0
    while True:
        read_within(response, waits.for_next(is_last=answer.is_whole) if size else waits.for_first())
        try:
            chunk = response.read1(_CHUNK)
        except HTTPError as error:
            raise _trouble(error) from None
        if not chunk:
            return
        size += len(chunk)
        if size > MOST_BYTES:
            raise ModelTrouble(Ailment.BROKEN, "an answer that is too long")
        yield chunk


def _events(chunks: Iterator[bytes]) -> Iterator[Event]:
    """Of a stream; or the one object of an answer that is not streamed, though it was asked to be."""
    stream, begun = EventStream(MOST_FRAME), b""
    try:
        for chunk in chunks:
            begun += chunk
            if not begun.strip():
                continue
            if begun.lstrip().startswith(b"{"):  # no line of a stream begins so
                yield Event(_collected(begun, chunks))
                return
            yield from stream.feed(begun)
            break
        for chunk in chunks:
            yield from stream.feed(chunk)
    except EventTooLong:
        raise ModelTrouble(Ailment.BROKEN, "a frame that is too long") from None


def _collected(begun: bytes, chunks: Iterator[bytes]) -> str:
    parts, size = [begun], len(begun)
    for chunk in chunks:
        parts.append(chunk)
        size += len(chunk)
        if size > MOST_FRAME:
            raise EventTooLong
    return b"".join(parts).decode("utf-8", "replace")


def _refusal(response: BaseHTTPResponse, waits: _Waits) -> bytes:
    """The beginning of what an answer says that is none; b"" where that cannot be read."""
    parts, size = [], 0
    try:
        read_within(response, waits.for_first())
        while size < _MOST_REFUSAL and (part := response.read1(_CHUNK)):
            parts.append(part)
            size += len(part)
    except (HTTPError, ModelTrouble):
        parts.clear()
    response.close()
    return b"".join(parts)


def _leave(response: BaseHTTPResponse, answer: Answer) -> None:
    """Stops the model, or keeps the connection where it is done."""
    if answer.is_done:
        read_within(response, _DRAIN_SECONDS)
        try:
            while response.read1(_CHUNK):
                pass
        except HTTPError:
            pass
    response.close()


def _trouble(error: HTTPError) -> ModelTrouble:
    if isinstance(error, NewConnectionError):  # to urllib3 it is a kind of the next one
        return ModelTrouble(Ailment.BROKEN, "no connection")
    if isinstance(error, ConnectTimeoutError):
        return ModelTrouble(Ailment.SLOW, "no connection in time")
    if isinstance(error, ReadTimeoutError):
        return ModelTrouble(Ailment.SLOW, "no answer in time")
    return ModelTrouble(Ailment.BROKEN, f"half an answer, or none ({type(error).__name__})")
