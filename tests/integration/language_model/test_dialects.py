"""Servers that know not all of a request: what they refuse is left out, or asked for by its other name."""

from __future__ import annotations

from typing import Any

import pytest

from starbid.services.ports.language_model import Ailment, Usage
from tests.integration.language_model.conftest import Place, hear
from tests.support.model_answers import error, openai, streamed
from tests.support.model_server import Line

WORDS = ("Half", " past", " two")
UNKNOWN = [
    (400, error("Unknown parameter: 'stream_options'.", code="unknown_parameter", param="stream_options")),
    (400, {"object": "error", "message": "[{'loc': ('body', 'stream_options'), 'msg': 'Extra inputs not permitted'}]"}),
    (422, {"detail": [{"type": "extra_forbidden", "loc": ["body", "stream_options"], "input": {}}]}),
]  # fmt: skip
RENAMED = error(
    "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
    code="unsupported_parameter",
    param="max_tokens",
)
TOO_MANY = error("'max_tokens' or 'max_completion_tokens' is too large: 900.", code="invalid_value")


class Strict:
    """Refuses a field that it does not know."""

    def __init__(self, field: str, status: int, said: Any) -> None:
        self.field, self.status, self.said = field, status, said

    def __call__(self, line: Line) -> None:
        if self.field in line.asked.body:
            line.whole(self.status, self.said)
        else:
            streamed(openai(*WORDS))(line)


@pytest.mark.parametrize(("status", "said"), UNKNOWN)
def test_one_that_knows_no_stream_options_is_asked_without_them_from_now_on(
    place: Place, status: int, said: Any
) -> None:
    model = place.model()
    place.server.plays(Strict("stream_options", status, said))
    assert hear(model).pieces == WORDS
    assert hear(model).pieces == WORDS
    assert ["stream_options" in asked.body for asked in place.server.seen] == [True, False, False]
    assert all(asked.body["max_tokens"] == 900 for asked in place.server.seen)


def test_one_that_calls_the_limit_otherwise_is_asked_so_from_now_on(place: Place) -> None:
    model = place.model()
    place.server.plays(Strict("max_tokens", 400, RENAMED))
    assert hear(model).usage == Usage(20, 7)
    assert hear(model).pieces == WORDS
    first, *others = place.server.seen
    assert first.body["max_tokens"] == 900
    for asked in others:
        assert "max_tokens" not in asked.body
        assert asked.body["max_completion_tokens"] == 900
        assert asked.body["stream_options"] == {"include_usage": True}
    assert len(others) == 2


def test_one_may_be_strict_about_both(place: Place) -> None:
    def play(line: Line) -> None:
        known = Strict("stream_options", *UNKNOWN[0]) if "stream_options" in line.asked.body else None
        (known or Strict("max_tokens", 400, RENAMED))(line)

    place.server.plays(play)
    assert hear(place.model()).pieces == WORDS
    assert len(place.server.seen) == 3


def test_a_refusal_that_stays_one_is_told_and_not_remembered(place: Place) -> None:
    """A limit that is too high is too high by both names."""
    model = place.model()
    place.server.plays(lambda line: line.whole(400, TOO_MANY))
    assert (hear(model).wrong.ailment, hear(model).wrong.said) == (Ailment.REFUSED, "HTTP 400 invalid_value")
    assert ["max_tokens" in asked.body for asked in place.server.seen] == [True, False, True, False]


@pytest.mark.parametrize("status", [401, 404, 429, 500])
def test_no_other_refusal_is_about_fields(place: Place, status: int) -> None:
    place.server.plays(lambda line: line.whole(status, UNKNOWN[0][1]))
    assert hear(place.model()).wrong.said.startswith(f"HTTP {status}")
    assert len(place.server.seen) == 1


def test_what_one_server_knows_says_nothing_of_another(place: Place) -> None:
    place.server.plays(Strict("stream_options", *UNKNOWN[0]))
    hear(place.model())
    hear(place.model())
    assert ["stream_options" in asked.body for asked in place.server.seen] == [True, False, True, False]
