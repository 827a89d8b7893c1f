"""An answer as a stream of OpenAI's chat completions, word by word, good or bad."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from local.openai.manners import Manner

_WORDS = re.compile(r"\s*\S+|\s+$")
_LONG = 100_000
"""Bytes."""
_REASONS = {"length": "length", "filter": "content_filter"}
_DONE = b"data: [DONE]\n\n"


@dataclass(frozen=True, slots=True)
class Reply:
    """What is to be said. `usage` counts tokens; `tells_usage`: the request asked for it within the stream."""

    id: str
    model: str
    created: int
    text: str
    usage: dict[str, int]
    tells_usage: bool

    def whole(self, trouble: str) -> dict[str, Any]:
        """The object of an answer that is not streamed."""
        message = {"role": "assistant", "content": self.text}
        choice = {"index": 0, "message": message, "finish_reason": _REASONS.get(trouble, "stop")}
        return {**self._head("chat.completion"), "choices": [choice], "usage": self.usage}

    def frame(self, delta: dict[str, Any] | None, reason: str | None = None, **more: Any) -> bytes:
        """An event. Without a delta, its choices are empty."""
        choices = [] if delta is None else [{"index": 0, "delta": delta, "finish_reason": reason}]
        said = {**self._head("chat.completion.chunk"), "choices": choices, **more}
        return f"data: {json.dumps(said, ensure_ascii=False)}\n\n".encode()

    def _head(self, kind: str) -> dict[str, Any]:
        return {"id": self.id, "object": kind, "created": self.created, "model": self.model}


def spoken(text: str, trouble: str) -> str:
    """What becomes of an answer's text: as it is, empty, repeated, or half of it."""
    words = _WORDS.findall(text)
    if trouble == "empty":
        words = []
    elif trouble == "long":
        words *= -(-_LONG // len(text.encode()))
    elif trouble in _REASONS:
        words = words[: len(words) // 2 + 1]
    return "".join(words)


def stream(reply: Reply, manner: Manner, wait: Callable[[float], object], silence: float) -> Iterator[bytes]:
    """The frames. `wait` takes seconds; `silence` is how many of them a slow model takes. One that is cut ends within a
    frame: who sends it hangs up then.
    """
    trouble = manner.trouble
    if trouble == "slow":
        wait(silence)
    yield reply.frame({"role": "assistant", "content": ""})
    words = _WORDS.findall(reply.text)
    for number, word in enumerate(words):
        if number == len(words) // 2:
            if trouble == "stall":
                wait(silence)
            if trouble in ("broken", "cut"):
                half = reply.frame({"content": word})[:60]
                yield half if trouble == "cut" else half + b"\n\n"
                return
        yield reply.frame({"content": word})
        wait(manner.pause / 1000)
    while trouble == "drip":
        yield reply.frame({"content": " …"})
        wait(1)
    yield from _ends(reply, trouble)


def _ends(reply: Reply, trouble: str) -> Iterator[bytes]:
    yield reply.frame({}, _REASONS.get(trouble, "stop"))
    if reply.tells_usage:
        yield reply.frame(None, usage=reply.usage)
    if trouble != "not-done":
        yield _DONE
