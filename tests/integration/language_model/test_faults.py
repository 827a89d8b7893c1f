"""What comes of an answer that goes wrong: how it is named, and that nothing of anybody's is told."""

from __future__ import annotations

import socket
import time
from email.utils import formatdate
from typing import Any

import pytest

from starbid.language_model import openai_compatible
from starbid.services.ports.language_model import Ailment
from tests.integration.language_model.conftest import KEY, LONG, Heard, Place, hear
from tests.support.model_answers import (
    DONE,
    chunk,
    completion,
    error,
    frame,
    hung_up,
    openai,
    refused,
    streamed,
    until_the_end_of_the_connection,
)
from tests.support.model_server import Line, Play

WORDS = ("Half", " past", " two")
SECRETS = (KEY, "Anna", "который", "127.0.0.1", "words of theirs")


def garbled(line: Line) -> None:
    line.raw(b"words of theirs\r\n\r\n")
    line.hang_up()


def unchunked(line: Line) -> None:
    line.begin()
    line.say(openai(*WORDS)[1])
    line.raw(b"words of theirs\r\n")
    line.hang_up()


def half_an_object(line: Line) -> None:
    line.whole(200, frame(completion("words of theirs"))[6:40], Content_Type="application/json", Content_Length="400")
    line.hang_up()


def mid_chunk(line: Line) -> None:
    first, second, third, *_ = openai(*WORDS)
    line.begin()
    line.say(first + second)
    line.raw(b"%x\r\n%b" % (len(third), third[:20]))
    line.hang_up()


STATUSES = [
    (400, "BadRequestError", Ailment.REFUSED),
    (401, "invalid_api_key", Ailment.REFUSED),
    (402, "insufficient_quota", Ailment.REFUSED),
    (403, "permission_error", Ailment.REFUSED),
    (404, "model_not_found", Ailment.REFUSED),
    (408, "server_error", Ailment.SLOW),
    (413, "context_length_exceeded", Ailment.REFUSED),
    (422, "unsupported_value", Ailment.REFUSED),
    (429, "rate_limit_exceeded", Ailment.BUSY),
    (500, "server_error", Ailment.BROKEN),
    (502, "server_error", Ailment.BROKEN),
    (503, "overloaded_error", Ailment.BROKEN),
    (504, "server_error", Ailment.BROKEN),
]


@pytest.mark.parametrize(("status", "word", "ailment"), STATUSES)
def test_a_refusal_is_named_by_its_status_and_by_a_word_that_is_known(
    place: Place, status: int, word: str, ailment: Ailment
) -> None:
    place.server.plays(refused(status, error("words of theirs", code=word)))
    trouble = hear(place.model()).wrong
    assert (trouble.ailment, trouble.said) == (ailment, f"HTTP {status} {word}")
    assert trouble.may_pass is (ailment is not Ailment.REFUSED)
    assert len(place.server.seen) == 1, "nothing is repeated"


ODD_REFUSALS: list[Any] = [
    b"", b"<html>words of theirs</html>", b"\xff\xfe", b"[" * 60_000, [], "words of theirs", 5, None,
    {"error": "words of theirs"}, {"error": {"code": "words of theirs"}}, {"error": {"code": ["x"], "type": {}}},
    {"detail": [{"type": "missing", "loc": ["body", "messages"], "msg": "words of theirs", "input": "Anna"}]},
]  # fmt: skip


@pytest.mark.parametrize("said", ODD_REFUSALS, ids=range(len(ODD_REFUSALS)))
@pytest.mark.parametrize("status", [400, 401, 429, 500])
def test_a_refusal_in_other_words_is_named_by_its_status(place: Place, status: int, said: Any) -> None:
    place.server.plays(refused(status, said))
    assert hear(place.model()).wrong.said == f"HTTP {status}"


def test_the_older_shape_of_vllm_is_known(place: Place) -> None:
    said = {"object": "error", "message": "words of theirs", "type": "NotFoundError", "param": None, "code": 404}
    place.server.plays(refused(404, said))
    assert hear(place.model()).wrong.said == "HTTP 404 NotFoundError"


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_nobody_is_sent_elsewhere(place: Place, status: int) -> None:
    place.server.plays(refused(status, {}, Location="/v1/elsewhere"))
    trouble = hear(place.model()).wrong
    assert (trouble.ailment, trouble.said) == (Ailment.REFUSED, f"HTTP {status}")
    assert len(place.server.seen) == 1


# --- Retry-After ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize(("header", "seconds"), [("7", 7.0), (" 7 ", 7.0), ("0", 0.0)])
def test_a_server_says_how_many_seconds_it_wants_to_rest(
    place: Place, status: int, header: str, seconds: float
) -> None:
    place.server.plays(refused(status, error("x"), Retry_After=header))
    assert hear(place.model()).wrong.retry_after == seconds


@pytest.mark.parametrize("status", [429, 503])
def test_or_until_when(place: Place, status: int) -> None:
    place.server.plays(refused(status, error("x"), Retry_After=formatdate(time.time() + 600, usegmt=True)))
    seconds = hear(place.model()).wrong.retry_after
    assert seconds is not None
    assert 600 - LONG < seconds <= 600


def test_a_date_that_is_over_is_now(place: Place) -> None:
    place.server.plays(refused(429, error("x"), Retry_After="Sun, 06 Nov 1994 08:49:37 GMT"))
    assert hear(place.model()).wrong.retry_after == 0


@pytest.mark.parametrize(
    "header",
    [
        "", "soon", "nan", "inf", "1.5", "-3", "1 minute", "Sun, 99 Nov 1994 08:49:37 GMT",
        "Sun, 06 Nov 99999999999999999999 08:49:37 GMT", "Sun, 06 Nov 1994 08:49:37 +99999999999999999999",
    ],
)  # fmt: skip
def test_what_is_no_time_says_nothing(place: Place, header: str) -> None:
    place.server.plays(refused(429, error("x"), Retry_After=header))
    trouble = hear(place.model()).wrong
    assert (trouble.ailment, trouble.retry_after) == (Ailment.BUSY, None)


# --- streams ----------------------------------------------------------------------------------------------------------

BROKEN: dict[str, Play] = {
    "a broken frame": streamed([*openai(*WORDS)[:3], b'data: {"choices": [{"delta": {"conte\n\n']),
    "a frame of no object": streamed([*openai(*WORDS)[:3], b'data: ["words of theirs"]\n\n', DONE]),
    "a frame of nothing but brackets": streamed([*openai(*WORDS)[:3], b"data: " + b"[" * 100_000 + b"\n\n"]),
    "neither reason nor [DONE]": streamed(openai(*WORDS)[:3]),
    "the same, its connection closed": until_the_end_of_the_connection(openai(*WORDS)[:3]),
    "[DONE] without a blank line behind it": streamed([*openai(*WORDS)[:3], b"data: [DONE]\n"]),
    "a frame that is cut": streamed([*openai(*WORDS)[:3], openai(*WORDS)[3][:40]]),
    "gone between two frames": hung_up(openai(*WORDS)[:3]),
    "gone within a frame": hung_up([*openai(*WORDS)[:3], openai(*WORDS)[3][:40]]),
    "gone within a chunk": mid_chunk,
    "no chunk": unchunked,
    "an error": streamed([*openai(*WORDS)[:3], frame(error("words of theirs", "server_error"))]),
    "an error, then [DONE]": streamed([*openai(*WORDS)[:3], frame(error("words of theirs")), DONE]),
    "an error of few words": streamed([*openai(*WORDS)[:3], frame({"error": "words of theirs"}), DONE]),
    "an error of vLLM": streamed([*openai(*WORDS)[:3], frame({"object": "error", "message": "x", "code": 400}), DONE]),
    "an event named error": streamed([*openai(*WORDS)[:3], b"event: error\n" + frame({"message": "words of theirs"})]),
    "an error as a reason": streamed([*openai(*WORDS)[:3], frame(chunk({"content": ""}, "error")), DONE]),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_stream_breaks_after_some_words(place: Place, name: str) -> None:
    place.server.plays(BROKEN[name])
    heard = hear(place.model())
    assert heard.pieces[:2] == WORDS[: len(heard.pieces)], "what came was shown"
    assert len(heard.pieces) >= 1
    assert heard.wrong.ailment is Ailment.BROKEN
    assert heard.wrong.may_pass


NOTHING: dict[str, Play] = {
    "gone before the first byte": Line.hang_up,
    "no HTTP": garbled,
    "a head without a body": hung_up([]),
    "an empty body": streamed([]),
    "a body of blanks": refused(200, b" \r\n\r\n "),
    "a page": refused(200, b"<html><body>words of theirs</body></html>", Content_Type="text/html"),
    "words": refused(200, b"words of theirs", Content_Type="text/plain"),
    "half an object": half_an_object,
    "an object that is none": refused(200, b'{"choices": [{"mess'),
    "an object of another shape": refused(200, {"ok": True, "result": "words of theirs"}),
    "an object with an error": refused(200, error("words of theirs", "server_error")),
    "an object of brackets": refused(200, b'{"a":' * 200_000),
    "a number": refused(200, b"5"),
}


@pytest.mark.parametrize("name", NOTHING)
def test_an_answer_is_none(place: Place, name: str) -> None:
    place.server.plays(NOTHING[name])
    heard = hear(place.model())
    assert (heard.pieces, heard.wrong.ailment) == ((), Ailment.BROKEN)


EMPTY: dict[str, Play] = {
    "no words": streamed(openai()),
    "[DONE] alone": streamed([DONE]),
    "cut before the first": streamed(openai(finish="length")),
    "kept back": streamed(openai(finish="content_filter")),
    "blanks": streamed(openai(" ", "\n", "\u200b")),
    "reasoning alone": streamed(openai("<think>", "hm, ", "well", "</think>", "\n")),
    "reasoning without an end": streamed(openai("<think>", "hm, ", "well", finish="length")),
    "no choice": streamed([frame(chunk()), DONE]),
}


@pytest.mark.parametrize("name", EMPTY)
def test_an_answer_without_a_visible_character_is_empty(place: Place, name: str) -> None:
    place.server.plays(EMPTY[name])
    heard = hear(place.model())
    assert heard.wrong.ailment is Ailment.EMPTY
    assert heard.wrong.may_pass
    assert heard.text.strip(" \n\u200b") == ""


@pytest.mark.parametrize(
    "said",
    [
        error("words of theirs", code="rate_limit_exceeded"),
        error("words of theirs", kind="overloaded_error"),
        error("words of theirs", code=429),
        error("words of theirs", code="429"),
        {"object": "error", "message": "words of theirs", "code": 429},
    ],
    ids=str,
)
def test_a_model_may_be_too_busy_to_go_on(place: Place, said: Any) -> None:
    place.server.plays(streamed([*openai(*WORDS)[:3], frame(said)]))
    heard = hear(place.model())
    assert (heard.text, heard.wrong.ailment) == ("Half past", Ailment.BUSY)


# --- without an end ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("frames", "said"),
    [
        (b"".join(openai(*WORDS)[1:4]) * 500, "an answer that is too long"),
        (b": still there\n\n" * 5_000, "an answer that is too long"),
        (b"data: " + b"x" * 60_000, "a frame that is too long"),
        (b"data: x\n" * 8_000, "a frame that is too long"),
        (b'{"choices": [' + b" " * 60_000, "a frame that is too long"),
    ],
    ids=["words", "comments", "a line", "an event", "an object"],
)
def test_an_endless_answer_is_given_up(place: Place, monkeypatch: pytest.MonkeyPatch, frames: bytes, said: str) -> None:
    def endless(line: Line) -> None:
        line.begin()
        while True:
            try:
                line.say(frames)
            except OSError:
                break

    monkeypatch.setattr(openai_compatible, "MOST_BYTES", 2_000_000)
    monkeypatch.setattr(openai_compatible, "MOST_FRAME", 1_000_000)
    place.server.plays(endless)
    trouble = hear(place.model()).wrong
    assert (trouble.ailment, trouble.said) == (Ailment.BROKEN, said)


# --- nobody there, nothing told ---------------------------------------------------------------------------------------


def test_nobody_is_there(place: Place) -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        trouble = hear(place.model(url=f"http://127.0.0.1:{nobody.getsockname()[1]}/v1")).wrong
    assert (trouble.ailment, trouble.said) == (Ailment.BROKEN, "no connection")


EVERY_FAULT: dict[str, Play] = {
    **BROKEN,
    **NOTHING,
    **EMPTY,
    **{f"HTTP {status}": refused(status, error(f"Anna {KEY}", code=KEY)) for status in (400, 401, 422, 429, 500)},
}


@pytest.mark.parametrize("name", EVERY_FAULT)
def test_a_failure_tells_nothing_of_anybody(place: Place, name: str, caplog: pytest.LogCaptureFixture) -> None:
    place.server.plays(EVERY_FAULT[name])
    trouble = hear(place.model()).wrong
    assert len(place.server.seen) == 1, "nothing is repeated"
    for shown in (repr(trouble), str(trouble), caplog.text):
        assert not any(secret in shown for secret in SECRETS), shown
    assert trouble.__cause__ is None
    assert trouble.__suppress_context__ or trouble.__context__ is None


@pytest.mark.parametrize("key", ["sk-a\nHost: evil.example", "sk-ключ", "sk-\x00", "sk-\ud83d"])
def test_a_key_that_fits_no_header_is_not_sent_and_not_told(place: Place, key: str) -> None:
    heard: Heard = hear(place.model(key=key))
    assert heard.wrong.ailment is Ailment.REFUSED
    assert "sk-" not in repr(heard.wrong)
    assert place.server.seen == []
