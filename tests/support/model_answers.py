"""What servers of language models send: the frames of each vendor, as published, and what may become of them.

OpenAI: https://platform.openai.com/docs/api-reference/chat-streaming; Ollama: docs/openai.md of its repository;
vLLM: its page "OpenAI-Compatible Server".
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any

from tests.support.model_server import Line, Play

DONE = b"data: [DONE]\n\n"


def frame(said: Any) -> bytes:
    """An event with a JSON value."""
    return f"data: {json.dumps(said, separators=(',', ':'))}\n\n".encode()


def chunk(delta: Any = None, finish: str | None = None, **more: Any) -> dict[str, Any]:
    """An object of a stream. Without a delta, its choices are empty."""
    choices = [] if delta is None else [{"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}]
    return {
        "id": "chatcmpl-123",
        "object": "chat.completion.chunk",
        "created": 1_900_000_000,
        "model": "a-model",
        "choices": choices,
        **more,
    }


def usage(prompt: int, answer: int) -> dict[str, Any]:
    return {"prompt_tokens": prompt, "completion_tokens": answer, "total_tokens": prompt + answer}


def openai(*pieces: str, finish: str = "stop") -> list[bytes]:
    """As OpenAI streams: who speaks, the words, the reason, and the tokens without a choice."""
    more = {"service_tier": "default", "system_fingerprint": "fp_1", "usage": None, "obfuscation": "kx0A"}
    return [
        frame(chunk({"role": "assistant", "content": "", "refusal": None}, **more)),
        *(frame(chunk({"content": piece}, **more)) for piece in pieces),
        frame(chunk({}, finish, **more)),
        frame(chunk(usage=usage(20, 7))),
        DONE,
    ]


def ollama(*pieces: str, thinks: str = "") -> list[bytes]:
    """As Ollama streams: the speaker each time, its reasoning in a field, the reason with an empty text."""
    more = {"model": "qwen3:0.6b", "system_fingerprint": "fp_ollama"}
    reasoned = [frame(chunk({"role": "assistant", "content": "", "reasoning": thinks}, **more))] if thinks else []
    return [
        *reasoned,
        *(frame(chunk({"role": "assistant", "content": piece}, **more)) for piece in pieces),
        frame(chunk({"role": "assistant", "content": ""}, "stop", **more)),
        frame(chunk(usage=usage(26, 9), **more)),
        DONE,
    ]


def vllm(*pieces: str, thinks: str = "") -> list[bytes]:
    """As vLLM streams with a parser of reasoning and with tokens counted in each frame."""
    reasoned = [frame(chunk({"reasoning_content": thinks, "content": None}, usage=usage(11, 0)))] if thinks else []
    last = len(pieces)
    return [
        frame(chunk({"role": "assistant", "content": ""}, usage=usage(11, 0))),
        *reasoned,
        *(
            frame(
                chunk({"content": piece}, "stop" if number == last else None, stop_reason=None, usage=usage(11, number))
            )
            for number, piece in enumerate(pieces, 1)
        ),
        frame(chunk(usage=usage(11, last))),
        DONE,
    ]


def completion(text: str | None, finish: str = "stop", **more: Any) -> dict[str, Any]:
    """An answer that is not streamed."""
    message = {"role": "assistant", "content": text, "refusal": None}
    return {
        "id": "chatcmpl-123",
        "object": "chat.completion",
        "created": 1_900_000_000,
        "model": "a-model",
        "choices": [{"index": 0, "message": message, "logprobs": None, "finish_reason": finish}],
        "usage": usage(20, 7),
        **more,
    }


def error(message: str, kind: str = "invalid_request_error", code: Any = None, param: Any = None) -> dict[str, Any]:
    return {"error": {"message": message, "type": kind, "param": param, "code": code}}


def streamed(frames: Iterable[bytes]) -> Play:
    """A chunk each, to their end."""

    def play(line: Line) -> None:
        line.begin()
        for each in frames:
            line.say(each)
        line.end()

    return play


def cut(body: bytes, places: Sequence[int]) -> Play:
    """The same bytes in other chunks."""

    def play(line: Line) -> None:
        line.begin()
        bounds = [0, *sorted(places), len(body)]
        for first, last in pairwise(bounds):
            if last > first:
                line.say(body[first:last])
        line.end()

    return play


def until_the_end_of_the_connection(frames: Iterable[bytes]) -> Play:
    """As servers do that know no chunks."""

    def play(line: Line) -> None:
        line.begin(Connection="close")
        for each in frames:
            line.say(each)
        line.end()

    return play


def held(frames: Sequence[bytes]) -> Play:
    """The head and these frames, then silence."""

    def play(line: Line) -> None:
        line.begin()
        for each in frames:
            line.say(each)
        line.hold()

    return play


def hung_up(frames: Sequence[bytes]) -> Play:
    """These frames, then nobody is there."""

    def play(line: Line) -> None:
        line.begin()
        for each in frames:
            line.say(each)
        line.hang_up()

    return play


def refused(status: int, said: Any, **headers: str) -> Play:
    return lambda line: line.whole(status, said, **headers)
