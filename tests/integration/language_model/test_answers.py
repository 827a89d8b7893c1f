"""What comes of a good answer, from any server."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from starbid.domain.assistant.tokens import estimated, estimated_turn
from starbid.language_model.openai_compatible import OpenAiCompatible
from starbid.services.ports.language_model import Ailment, Ending, Usage
from tests.integration.language_model.conftest import KEY, LONG, PROMPT, Place, hear
from tests.support.model_answers import (
    DONE,
    chunk,
    completion,
    cut,
    frame,
    held,
    ollama,
    openai,
    refused,
    streamed,
    until_the_end_of_the_connection,
    usage,
    vllm,
)
from tests.support.model_server import Line, ModelServer, Play

WORDS = ("Половина", " третьего", ", Анна", " 🕝.")


def test_a_question_is_asked_as_the_reference_has_it(place: Place) -> None:
    place.server.plays(streamed(openai(*WORDS)))
    hear(place.model(most_tokens=700))
    (asked,) = place.server.seen
    assert (asked.method, asked.path) == ("POST", "/v1/chat/completions")
    assert asked.headers["authorization"] == f"Bearer {KEY}"
    assert asked.headers["content-type"] == "application/json"
    assert asked.body == {
        "model": "a-model",
        "messages": [
            {"role": "system", "content": "You help."},
            {"role": "user", "content": "Anna asks: который час?"},
        ],
        "stream": True,
        "stream_options": {"include_usage": True},
        "max_tokens": 700,
    }


@pytest.mark.parametrize("key", [None, ""])
def test_without_a_key_none_is_sent(place: Place, key: str | None) -> None:
    place.server.plays(streamed(ollama(*WORDS)))
    assert hear(place.model(key=key)).text == "".join(WORDS)
    assert "authorization" not in place.server.seen[0].headers


def test_another_key_is_used_from_the_next_question_on(place: Place) -> None:
    keys = iter(("first", "second"))
    model = OpenAiCompatible(
        place.server.url, "a-model", lambda: next(keys), first_byte_seconds=LONG, stall_seconds=LONG, most_tokens=9
    )
    place.server.plays(streamed(openai(*WORDS)))
    hear(model), hear(model)
    assert [asked.headers["authorization"] for asked in place.server.seen] == ["Bearer first", "Bearer second"]


def test_a_slash_behind_the_address_changes_nothing(place: Place) -> None:
    place.server.plays(streamed(openai(*WORDS)))
    hear(place.model(url=f"{place.server.url}/"))
    assert place.server.seen[0].path == "/v1/chat/completions"


@pytest.mark.parametrize(
    ("frames", "tokens"),
    [
        (openai(*WORDS), Usage(20, 7)),
        (ollama(*WORDS), Usage(26, 9)),
        (ollama(*WORDS, thinks="They ask for the time."), Usage(26, 9)),
        (vllm(*WORDS), Usage(11, 4)),
        (vllm(*WORDS, thinks="They ask for the time."), Usage(11, 4)),
    ],
    ids=["OpenAI", "Ollama", "Ollama, reasoning", "vLLM", "vLLM, reasoning"],
)
@pytest.mark.parametrize("framing", [streamed, until_the_end_of_the_connection])
def test_every_vendor_is_understood(
    place: Place, frames: list[bytes], tokens: Usage, framing: Callable[[list[bytes]], Play]
) -> None:
    place.server.plays(framing(frames))
    heard = hear(place.model())
    assert heard.pieces == WORDS
    assert (heard.written.ending, heard.usage) == (Ending.COMPLETE, tokens)


def test_an_ollama_on_this_machine_needs_an_address_alone(place: Place) -> None:
    """`OPENAI_BASE_URL=http://127.0.0.1:11434/v1`: no key, and a model that thinks aloud in its text."""
    place.server.plays(streamed(ollama("<think>", "\nThey ask", " for the time.\n", "</think>", "\n\n", *WORDS)))
    heard = hear(place.model(key=None))
    assert heard.text == "".join(WORDS)
    assert place.server.seen[0].path == "/v1/chat/completions"


def test_words_are_there_while_the_model_still_writes(place: Place) -> None:
    place.server.plays(held(openai(*WORDS)[:3]))
    with place.model().write(PROMPT, LONG) as written:
        assert [next(written), next(written)] == list(WORDS[:2])


def test_who_leaves_stops_the_model(place: Place) -> None:
    place.server.plays(held(openai(*WORDS)[:3]))
    with place.model().write(PROMPT, LONG) as written:
        next(written)
        assert not place.server.left.is_set()
    assert place.server.left.wait(LONG)


def test_who_is_interrupted_stops_the_model(place: Place) -> None:
    def is_killed() -> None:
        with place.model().write(PROMPT, LONG) as written:
            next(written)
            raise KeyboardInterrupt

    place.server.plays(held(openai(*WORDS)[:3]))
    with pytest.raises(KeyboardInterrupt):
        is_killed()
    assert place.server.left.wait(LONG)


def test_a_connection_is_kept_for_the_next_question(place: Place) -> None:
    model = place.model()
    place.server.plays(streamed(openai(*WORDS)))
    for _ in range(3):
        assert hear(model).pieces == WORDS
    assert place.server.connections == 1


def test_one_that_was_left_is_not_used_again(place: Place) -> None:
    model = place.model()
    place.server.plays(held(openai(*WORDS)[:3]), streamed(openai(*WORDS)))
    with model.write(PROMPT, LONG) as written:
        next(written)
    assert hear(model).pieces == WORDS
    assert place.server.connections == 2


def test_another_is_made_where_the_server_hung_up_meanwhile(place: Place) -> None:
    gone = threading.Event()

    def answers_and_goes(line: Line) -> None:
        streamed(openai(*WORDS))(line)
        line.hang_up()
        gone.set()

    model = place.model()
    place.server.plays(answers_and_goes)
    for _ in range(3):
        assert hear(model).pieces == WORDS
        assert gone.wait(LONG)
        gone.clear()
    assert place.server.connections == 3


def test_an_answer_that_is_done_is_not_waited_for_any_longer(place: Place) -> None:
    """A server that keeps its connection open behind `[DONE]`."""
    place.server.plays(held(openai(*WORDS)))
    assert hear(place.model()).usage == Usage(20, 7)
    assert place.server.left.wait(LONG)


def test_many_ask_at_once_and_each_hears_their_own(place: Place) -> None:
    def echo(line: Line) -> None:
        streamed(openai(line.asked.body["messages"][-1]["content"]))(line)

    model = place.model()
    place.server.plays(echo)
    with ThreadPoolExecutor(12) as pool:
        prompts = [(*PROMPT[:1], type(PROMPT[1])(PROMPT[1].speaker, f"word {number}")) for number in range(48)]
        heard = list(pool.map(lambda prompt: hear(model, prompt=prompt).text, prompts))
    assert heard == [f"word {number}" for number in range(48)]


def test_a_hundred_kilobytes_come_whole(place: Place) -> None:
    pieces = [f"слово {number} " for number in range(7000)]
    text = "".join(pieces)
    assert len(text.encode()) > 100_000
    place.server.plays(streamed(openai(*pieces)))
    assert hear(place.model()).text == text


@pytest.mark.parametrize(
    ("reason", "ending"),
    [
        ("stop", Ending.COMPLETE),
        ("length", Ending.CUT),
        ("content_filter", Ending.WITHHELD),
        ("tool_calls", Ending.COMPLETE),
        ("function_call", Ending.COMPLETE),
        ("eos_token", Ending.COMPLETE),
    ],
)
def test_an_answer_ends_for_a_reason(place: Place, reason: str, ending: Ending) -> None:
    place.server.plays(streamed(openai(*WORDS, finish=reason)), refused(200, completion("".join(WORDS), reason)))
    model = place.model()
    for _ in range(2):
        heard = hear(model)
        assert (heard.text, heard.written.ending) == ("".join(WORDS), ending)


def test_who_never_says_why_it_ends_but_is_done_is_complete(place: Place) -> None:
    place.server.plays(streamed([frame(chunk({"content": "words"})), DONE]))
    assert hear(place.model()).written.ending is Ending.COMPLETE


@pytest.mark.parametrize("framing", [streamed, until_the_end_of_the_connection, held])
def test_one_that_ends_for_a_reason_need_not_say_that_it_is_done(
    place: Place, framing: Callable[[Sequence[bytes]], Play]
) -> None:
    place.server.plays(framing(openai(*WORDS)[:-1]))
    heard = hear(place.model(stall=0.3))
    assert (heard.pieces, heard.usage) == (WORDS, Usage(20, 7))


@pytest.mark.parametrize(
    "behind",
    [
        [],
        [b"data: {broken\n\n"],
        [frame({"error": {"message": "too late"}})],
        [b"data: " + b"x" * 100],
    ],
)
def test_nothing_spoils_an_answer_that_is_all_there(place: Place, behind: list[bytes]) -> None:
    place.server.plays(streamed([*openai(*WORDS)[:-2], *behind]))
    heard = hear(place.model())
    assert (heard.pieces, heard.written.ending, heard.usage.is_estimated) == (WORDS, Ending.COMPLETE, True)


# --- tokens -----------------------------------------------------------------------------------------------------------


def test_tokens_that_nobody_counts_are_estimated(place: Place) -> None:
    place.server.plays(streamed([frame(chunk({"content": word})) for word in WORDS] + [DONE]))
    prompt = sum(estimated_turn(turn.text) for turn in PROMPT)
    assert hear(place.model()).usage == Usage(prompt, estimated("".join(WORDS)), is_estimated=True)


def test_reasoning_that_is_not_shown_costs_all_the_same(place: Place) -> None:
    frames = [
        frame(chunk({"reasoning": "They ask for the time. " * 40})),
        *(frame(chunk({"content": w})) for w in WORDS),
    ]
    place.server.plays(streamed([*frames, DONE]))
    assert hear(place.model()).usage.answer > 200


NO_COUNTS: list[Any] = [
    None, 5, [], {}, {"prompt_tokens": 20}, usage(-1, 7), usage(20, 10**9), usage(True, 7),
    {"prompt_tokens": "20", "completion_tokens": "7"}, {"prompt_tokens": 20.5, "completion_tokens": 7}, usage(0, 0),
]  # fmt: skip


@pytest.mark.parametrize("counted", NO_COUNTS, ids=str)
def test_a_count_that_cannot_be_is_estimated(place: Place, counted: object) -> None:
    place.server.plays(streamed([frame(chunk({"content": "words"}, "stop")), frame(chunk(usage=counted)), DONE]))
    found = hear(place.model()).usage
    assert found == Usage(sum(estimated_turn(turn.text) for turn in PROMPT), estimated("words"), is_estimated=True)


def test_of_several_counts_the_last_one_counts(place: Place) -> None:
    place.server.plays(streamed([frame(chunk({"content": "a"}, usage=usage(9, 1))), *openai("b")]))
    assert hear(place.model()).usage == Usage(20, 7)


# --- odd frames -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "odd",
    [
        {},
        chunk(),
        chunk({}),
        chunk({"role": "assistant"}),
        chunk({"content": None}),
        chunk({"content": ""}),
        chunk({"content": 5}),
        chunk({"content": {"text": "no"}}),
        chunk({"tool_calls": [{"index": 0, "function": {"name": "f", "arguments": "{}"}}]}),
        {"choices": None},
        {"choices": "no"},
        {"choices": [None, 5, "no"]},
        {"choices": [{"index": 0}]},
        {"choices": [{"index": 0, "delta": None, "finish_reason": None}]},
        {"choices": [{"index": 1, "delta": {"content": "no"}, "finish_reason": "length"}]},
        {"error": None, "choices": []},
        {"choices": [], "prompt_filter_results": [{"prompt_index": 0, "content_filter_results": {}}]},
    ],
    ids=str,
)
def test_a_frame_without_words_adds_none(place: Place, odd: object) -> None:
    first, *others = openai(*WORDS)
    place.server.plays(streamed([first, frame(odd), *others, frame(odd)]))
    heard = hear(place.model())
    assert (heard.pieces, heard.written.ending) == (WORDS, Ending.COMPLETE)


def test_of_several_answers_the_first_is_shown(place: Place) -> None:
    both = {"choices": [{"index": 1, "delta": {"content": "no"}}, {"index": 0, "delta": {"content": "yes"}}]}
    place.server.plays(streamed([frame(both), *openai(" indeed")]))
    assert hear(place.model()).pieces == ("yes", " indeed")


def test_text_may_come_in_parts(place: Place) -> None:
    parts = [{"type": "thinking", "thinking": [{"type": "text", "text": "hm"}]}, {"type": "text", "text": "words"}]
    place.server.plays(streamed([frame(chunk({"content": parts})), *openai(" more")]))
    assert hear(place.model()).text == "words more"


def test_an_emoji_that_comes_in_halves_is_put_together(place: Place) -> None:
    halves = [b'data: {"choices":[{"delta":{"content":"%b"}}]}\n\n' % half for half in (b"a\\ud83d", b"\\ude00b")]
    place.server.plays(streamed([*halves, *openai("c")]))
    assert hear(place.model()).text == "a😀bc"


@pytest.mark.parametrize("half", [b"\\ud83d", b"\\ude00", b"\\ud83dx", b"\\ude00\\ud83d"])
def test_a_half_without_the_other_can_still_be_sent_on(place: Place, half: bytes) -> None:
    place.server.plays(
        streamed([frame(chunk({"content": "a"})), b'data: {"choices":[{"delta":{"content":"%b"}}]}\n\n' % half, DONE])
    )
    heard = hear(place.model())
    assert heard.text.encode().decode().startswith("a\ufffd")
    assert heard.usage.answer == estimated(heard.text)


# --- not streamed -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("is_indented", [True, False])
def test_a_server_that_streams_not_is_heard_too(place: Place, is_indented: bool) -> None:
    body = json.dumps(completion("".join(WORDS)), indent=2 if is_indented else None).encode()
    place.server.plays(refused(200, b"\r\n " + body if is_indented else body))
    heard = hear(place.model())
    assert (heard.pieces, heard.usage) == (("".join(WORDS),), Usage(20, 7))


def test_one_that_streams_not_and_says_no_reason_is_complete(place: Place) -> None:
    said = {"choices": [{"message": {"content": "<think>hm</think>words"}}]}
    place.server.plays(refused(200, said))
    heard = hear(place.model())
    assert (heard.pieces, heard.written.ending, heard.usage.is_estimated) == (("words",), Ending.COMPLETE, True)


@pytest.mark.parametrize("said", [completion(None), completion(""), completion("\n\u200b")])
def test_one_that_streams_not_may_have_nothing_to_say(place: Place, said: object) -> None:
    place.server.plays(refused(200, said))
    assert hear(place.model()).wrong.ailment is Ailment.EMPTY


# --- bytes ------------------------------------------------------------------------------------------------------------


def test_frames_may_be_written_in_every_way_of_the_standard(place: Place) -> None:
    body = (
        b"\xef\xbb\xbf: hello\n\n"
        b"event: message\r\nid: 1\r\ndata:" + json.dumps(chunk({"content": "one"})).encode() + b"\r\n\r\n"
        b": PROCESSING\r\rretry: 5\rdata: {\rdata:   \"choices\": [{\"delta\": {\"content\": \" two\"}}]\rdata: }\r\r"
        b"data\n\nid\n\ndata: \n\nnonsense: 5\n\n" + b"".join(openai(" three"))
    )  # fmt: skip
    place.server.plays(cut(body, ()))
    assert hear(place.model()).pieces == ("one", " two", " three")


BODY = b"".join(openai("Поло", "вина 🕝", " третьего")).replace(b"\n", b"\r\n")


@pytest.fixture(scope="module")
def one_server() -> object:
    server = ModelServer()
    yield server
    server.stop()


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(places=st.lists(st.integers(1, len(BODY) - 1), max_size=30, unique=True))
def test_wherever_the_bytes_are_cut_the_pieces_are_the_same(one_server: ModelServer, places: list[int]) -> None:
    one_server.plays(cut(BODY, places))
    heard = hear(Place(one_server).model())
    assert (heard.pieces, heard.usage) == (("Поло", "вина 🕝", " третьего"), Usage(20, 7))


def test_byte_by_byte_they_are_the_same_too(place: Place) -> None:
    place.server.plays(cut(BODY, range(1, len(BODY))))
    assert hear(place.model()).text == "Половина 🕝 третьего"
