"""Nobody is waited for longer than told. The servers say nothing until the other side is gone: no test depends on how
fast the machine is, only a failure takes long.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

import pytest

from starbid.services.ports.language_model import Ailment, ModelTrouble, Usage
from tests.integration.language_model.conftest import LONG, PROMPT, SHORT, Place, hear
from tests.support.model_answers import DONE, chunk, completion, error, frame, held, openai, refused, streamed
from tests.support.model_server import Line, Play

WORDS = ("Half", " past", " two")


def head_in_drips(line: Line) -> None:
    line.raw(b"HTTP/1.1 200 OK\r\n")
    line.drip(b"X-Still-There: yes\r\n")


def chunk_in_drips(line: Line) -> None:
    """The length of a chunk, digit by digit, which begins with as many zeros as one likes."""
    line.begin()
    line.say(openai(*WORDS)[1])
    line.drip(b"0")


def body_in_drips(line: Line) -> None:
    line.begin(Connection="close")
    line.say(openai(*WORDS)[1])
    line.drip(b": still there\n")


def refusal_in_drips(line: Line) -> None:
    line.begin(429, "application/json", Retry_After="7", Connection="close")
    line.drip(b" ")


@pytest.mark.parametrize("play", [Line.hold, held([]), head_in_drips], ids=["silence", "a head", "a head in drips"])
def test_the_first_byte_comes_in_time_or_not_at_all(place: Place, play: Play) -> None:
    place.server.plays(play)
    trouble = hear(place.model(first=SHORT)).wrong
    assert (trouble.ailment, trouble.may_pass) == (Ailment.SLOW, True)
    assert place.server.left.wait(LONG)


@pytest.mark.parametrize("frames", [openai(*WORDS)[:3], [openai(*WORDS)[1], openai(*WORDS)[2][:30]]])
def test_a_stall_in_the_middle_is_noticed_while_it_lasts(place: Place, frames: Sequence[bytes]) -> None:
    place.server.plays(held(frames))
    heard = hear(place.model(stall=SHORT))
    assert heard.pieces[0] == "Half"
    assert heard.wrong.ailment is Ailment.SLOW
    assert place.server.left.wait(LONG)


def test_a_sign_of_life_is_none_of_an_answer_but_ends_a_gap(place: Place) -> None:
    """Comments while a model thinks."""

    def thinks(line: Line) -> None:
        line.begin()
        for _ in range(6):
            line.say(b": PROCESSING\n\n")
            time.sleep(SHORT / 2)
        for each in openai(*WORDS):
            line.say(each)
        line.end()

    place.server.plays(thinks)
    assert hear(place.model(stall=5 * SHORT / 2)).pieces == WORDS


@pytest.mark.parametrize(
    "play",
    [Line.hold, held([]), held(openai(*WORDS)[:3]), head_in_drips, chunk_in_drips, body_in_drips],
    ids=["silence", "a head", "a stall", "a head in drips", "a chunk in drips", "a body in drips"],
)
def test_the_whole_takes_no_longer_than_it_may(place: Place, play: Play) -> None:
    place.server.plays(play)
    assert hear(place.model(), seconds=SHORT).wrong.ailment is Ailment.SLOW
    assert place.server.left.wait(LONG)


def test_who_has_no_time_asks_nobody(place: Place) -> None:
    place.server.plays(streamed(openai(*WORDS)))
    for seconds in (0, -1):
        assert hear(place.model(), seconds=seconds).wrong.ailment is Ailment.SLOW
    assert place.server.seen == []


def test_what_came_in_time_is_not_lost_though_its_reader_is_slow(place: Place) -> None:
    """Telegram may take seconds to show a frame; the model is heard meanwhile."""
    frames = openai(*WORDS)
    place.server.plays(held([frames[1] + frames[2], frames[3]]))
    with place.model().write(PROMPT, 2 * SHORT) as written:
        assert next(written) == "Half"
        time.sleep(3 * SHORT)
        assert [next(written), next(written)] == [" past", " two"]
        with pytest.raises(ModelTrouble) as trouble:
            next(written)
    assert trouble.value.ailment is Ailment.SLOW


@pytest.mark.parametrize("is_done", [True, False])
def test_an_answer_that_is_all_there_is_given_though_the_time_is_over(place: Place, is_done: bool) -> None:
    place.server.plays(held([b"".join(openai(*WORDS) if is_done else openai(*WORDS)[:-2])]))
    with place.model().write(PROMPT, 2 * SHORT) as written:
        assert next(written) == "Half"
        time.sleep(2 * SHORT)
        *pieces, end = written
    assert pieces == [" past", " two"]
    assert not isinstance(end, str)
    assert end.usage == Usage(20, 7) if is_done else end.usage.is_estimated


def test_a_refusal_that_never_ends_is_known_by_its_status(place: Place) -> None:
    place.server.plays(refusal_in_drips)
    trouble = hear(place.model(first=SHORT)).wrong
    assert (trouble.ailment, trouble.retry_after) == (Ailment.BUSY, 7)


def test_a_server_that_streams_not_is_waited_for_alike(place: Place) -> None:
    def half(line: Line) -> None:
        line.begin(kind="application/json")
        line.say(frame(completion("words"))[6:40])
        line.hold()

    place.server.plays(half)
    assert hear(place.model(stall=SHORT)).wrong.ailment is Ailment.SLOW


def test_asking_once_more_takes_no_second_time(place: Place) -> None:
    """What a server does not know is left out, within the same wait for a first byte."""
    place.server.plays(refused(400, error("Unknown parameter: 'stream_options'.")), Line.hold)
    assert hear(place.model(first=2 * SHORT)).wrong.ailment is Ailment.SLOW
    assert len(place.server.seen) == 2


@pytest.mark.parametrize("framing", [streamed, held])
def test_a_frame_that_comes_with_the_end_is_taken(place: Place, framing: Callable[[Sequence[bytes]], Play]) -> None:
    place.server.plays(framing([b"".join((frame(chunk({"content": "all"}, "stop")), DONE))]))
    assert hear(place.model()).pieces == ("all",)


def test_who_waits_hears_empty_pieces_and_may_leave_between_them(place: Place) -> None:
    """Else a person who presses "stop" would be kept until the first byte, or a stall, is given up."""
    place.server.plays(held([openai(*WORDS)[1]]))
    with place.model().write(PROMPT, LONG) as pieces:
        assert next(pieces) == "Half"
        assert next(pieces) == ""
    assert place.server.left.wait(LONG)


def test_a_model_that_has_not_begun_can_be_left_too(place: Place) -> None:
    place.server.plays(Line.hold)
    with place.model(first=5 * SHORT).write(PROMPT, LONG) as pieces:
        assert next(pieces) == ""
    assert place.server.left.wait(LONG)
