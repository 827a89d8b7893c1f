"""The adapter, and a server that plays a model."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pytest

from starbid.language_model.openai_compatible import OpenAiCompatible
from starbid.services.ports.language_model import ModelTrouble, Speaker, Turn, Usage, Written
from tests.support.model_server import ModelServer

KEY = "sk-the-key-of-the-shop"
LONG = 60.0
"""Seconds that pass only where something is wrong."""
SHORT = 0.4
"""Seconds that a test waits for a server which says nothing at all."""
PROMPT = (Turn(Speaker.SYSTEM, "You help."), Turn(Speaker.USER, "Anna asks: который час?"))


@dataclass(frozen=True)
class Heard:
    """An answer: the pieces that came, and its end, or what went wrong."""

    pieces: tuple[str, ...]
    end: Written | None = None
    trouble: ModelTrouble | None = None

    @property
    def text(self) -> str:
        return "".join(self.pieces)

    @property
    def written(self) -> Written:
        assert self.end is not None, self.trouble
        return self.end

    @property
    def usage(self) -> Usage:
        return self.written.usage

    @property
    def wrong(self) -> ModelTrouble:
        assert self.trouble is not None, self.pieces
        return self.trouble


def hear(model: OpenAiCompatible, seconds: float = LONG, prompt: Sequence[Turn] = PROMPT) -> Heard:
    """To its end."""
    pieces: list[str] = []
    try:
        with model.write(prompt, seconds) as written:
            for piece in written:
                if isinstance(piece, Written):
                    assert next(written, None) is None, "nothing follows the end"
                    return Heard(tuple(pieces), piece)
                if piece:
                    pieces.append(piece)
    except ModelTrouble as trouble:
        return Heard(tuple(pieces), trouble=trouble)
    raise AssertionError("an answer without an end")


@dataclass(frozen=True)
class Place:
    server: ModelServer

    def model(
        self,
        *,
        key: str | None = KEY,
        first: float = LONG,
        stall: float = LONG,
        url: str | None = None,
        most_tokens: int = 900,
    ) -> OpenAiCompatible:
        return OpenAiCompatible(
            url or self.server.url,
            "a-model",
            lambda: key,
            first_byte_seconds=first,
            stall_seconds=stall,
            most_tokens=most_tokens,
        )


@pytest.fixture
def place() -> Iterator[Place]:
    server = ModelServer()
    yield Place(server)
    server.stop()
