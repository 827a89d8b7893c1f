"""A model writes: three tries within 45 seconds, frames while it grows, and an ear for who wants no more."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from starbid.domain.assistant.question import Failure
from starbid.services.assistant.writing import Outcome, Writing
from starbid.services.ports import Ailment, ModelTrouble, Speaker, Turn
from tests.support.fake_assistant import FakeModel, FakeStage, PlainFormatting
from tests.support.fakes import FakeClock, FakePace

PROMPT = (Turn(Speaker.SYSTEM, "Rules."), Turn(Speaker.USER, "Why?"))
MAY_PASS = (Ailment.BUSY, Ailment.BROKEN, Ailment.SLOW)


class Desk:
    """A model, a stage, and a person who wants it until they do not."""

    def __init__(self) -> None:
        self.model, self.stage, self.pace = FakeModel(), FakeStage(), FakePace(FakeClock())
        self.wanted, self.looks = True, list[float]()

    def is_wanted(self) -> bool:
        self.looks.append(self.pace.elapsed())
        return self.wanted

    def stop(self) -> None:
        self.wanted = False

    def sleeps(self, seconds: float) -> Callable[[], None]:
        return lambda: self.pace.sleep(seconds)

    def write(self, *, grows: bool = True) -> Outcome:
        return Writing(self.model, PlainFormatting(), self.stage, self.pace, self.is_wanted, grows=grows).write(PROMPT)


@pytest.fixture
def desk() -> Desk:
    return Desk()


def trouble(ailment: Ailment, retry_after: float | None = None) -> ModelTrouble:
    return ModelTrouble(ailment, "said", retry_after)


@pytest.mark.parametrize("ailment", MAY_PASS)
def test_what_may_pass_is_tried_three_times_with_a_pause(desk: Desk, ailment: Ailment) -> None:
    desk.model.says(trouble(ailment))
    desk.model.says("One ", trouble(ailment))
    desk.model.says("Done.")
    assert desk.write().text == "Done.", "from nothing each time"
    assert desk.model.seconds == [45, 44, 41]
    assert desk.model.left == 3, "each try was left behind"


@pytest.mark.parametrize("ailment", MAY_PASS)
def test_after_three_tries_it_is_enough(desk: Desk, ailment: Ailment) -> None:
    desk.model.says(trouble(ailment))
    outcome = desk.write()
    assert (outcome.failure, outcome.text, outcome.trouble) == (Failure.UNREACHABLE, "", f"{ailment}: said")
    assert (len(desk.model.prompts), desk.pace.elapsed()) == (3, 4)


@pytest.mark.parametrize(
    ("ailment", "failure"), [(Ailment.EMPTY, Failure.EMPTY), (Ailment.REFUSED, Failure.UNREACHABLE)]
)
def test_what_would_be_the_same_again_is_tried_once(desk: Desk, ailment: Ailment, failure: Failure) -> None:
    desk.model.says(trouble(ailment, 1))
    assert desk.write().failure is failure
    assert (len(desk.model.prompts), desk.pace.elapsed()) == (1, 0)


@pytest.mark.parametrize(("asked_for", "waited"), [(10.0, 10), (0.5, 1), (0.0, 1), (None, 1)])
def test_it_waits_as_long_as_the_server_asks_for_and_no_less_than_a_second(
    desk: Desk, asked_for: float | None, waited: float
) -> None:
    desk.model.says(trouble(Ailment.BUSY, asked_for))
    desk.model.says("Done.")
    assert desk.write().text == "Done."
    assert desk.pace.elapsed() == waited


@pytest.mark.parametrize(("asked_for", "tries"), [(43.0, 2), (43.5, 1), (3600.0, 1)])
def test_it_does_not_wait_where_too_little_time_would_be_left(desk: Desk, asked_for: float, tries: int) -> None:
    desk.model.says(trouble(Ailment.BUSY, asked_for))
    desk.model.says("Done.")
    outcome = desk.write()
    assert (len(desk.model.prompts), bool(outcome.failure)) == (tries, tries == 1)
    assert desk.model.seconds[1:] == [2.0] * (tries - 1)
    assert desk.pace.elapsed() == (43 if tries == 2 else 0)


def test_time_that_a_slow_try_took_is_gone_for_the_others(desk: Desk) -> None:
    desk.model.says("One ", desk.sleeps(20), trouble(Ailment.SLOW))
    desk.model.says(desk.sleeps(20), trouble(Ailment.SLOW))
    desk.model.says("Done.")
    assert desk.write().failure is Failure.UNREACHABLE
    assert desk.model.seconds == [45, 24], "a third would have had a second"
    assert desk.pace.elapsed() == 41


@pytest.mark.parametrize("slow", [0, 7, 12, 19, 25, 31, 44, 60])
def test_all_tries_are_over_within_45_seconds_whatever_the_server_asks_for(desk: Desk, slow: float) -> None:
    def takes() -> None:
        desk.pace.sleep(min(slow, desk.model.seconds[-1]))

    desk.model.says(takes, trouble(Ailment.BUSY, slow / 2))
    desk.write()
    assert desk.pace.elapsed() <= 45
    assert all(given >= 2 for given in desk.model.seconds)


def test_tokens_of_all_tries_are_added_up_and_estimated_where_nobody_tells(desk: Desk) -> None:
    desk.model.says(trouble(Ailment.BUSY))
    desk.model.says("12345678", trouble(Ailment.BROKEN))
    desk.model.says("Done.")
    prompt = (2 + 4) + (1 + 4)
    assert desk.write().tokens == 0 + (prompt + 2) + 105


def test_frames_come_once_a_second_at_most(desk: Desk) -> None:
    pieces: list[str | Callable[[], None]] = []
    for number in range(21):
        pieces += [f"{number} ", desk.sleeps(0.25)]
    desk.model.says(*pieces)
    desk.write()
    assert len(desk.stage.frames) == 6
    assert desk.stage.frames[:2] == ["0", "0 1 2 3 4"]


def test_frames_come_as_seldom_as_the_stage_asks_for(desk: Desk) -> None:
    desk.stage.wait = 2.0
    desk.model.says(*(part for number in range(9) for part in (f"{number} ", desk.sleeps(1))))
    desk.write()
    assert desk.stage.frames == ["0", "0 1 2", "0 1 2 3 4", "0 1 2 3 4 5 6", "0 1 2 3 4 5 6 7 8"]


def test_none_comes_after_the_stage_has_said_that_it_is_enough(desk: Desk) -> None:
    desk.model.says("One ", desk.sleeps(5), trouble(Ailment.BROKEN))
    desk.stage.wait = None
    desk.model.says("Two ", desk.sleeps(5), "three.")
    assert desk.write().text == "Two three."
    assert desk.stage.frames == ["One"], "in the next try neither"


def test_nothing_is_shown_before_there_is_something_to_see(desk: Desk) -> None:
    desk.model.says(" \n", desk.sleeps(1), "\u200b", desk.sleeps(1), "One")
    desk.write()
    assert [frame.strip("\u200b \n") for frame in desk.stage.frames] == ["One"]


def test_what_is_to_be_read_by_us_is_not_shown_while_it_grows(desk: Desk) -> None:
    desk.model.says("{", desk.sleeps(2), "}")
    assert desk.write(grows=False).text == "{}"
    assert desk.stage.frames == []


def test_it_asks_once_a_second_at_most_whether_it_is_still_wanted(desk: Desk) -> None:
    desk.model.says(*(part for number in range(9) for part in (f"{number} ", desk.sleeps(0.5))))
    desk.write()
    assert desk.looks == [0, 1, 2, 3, 4]


def test_an_answer_stopped_before_anything_was_shown_is_none(desk: Desk) -> None:
    desk.model.says(desk.stop, "One ", "two.")
    outcome = desk.write()
    assert (outcome.failure, outcome.text, outcome.stopped) == (Failure.STOPPED, "", False)
    assert desk.stage.frames == []
    assert (desk.model.left, len(desk.model.prompts)) == (1, 1)
    assert outcome.tokens > 0, "the model has written some of it"


def test_an_answer_stopped_after_something_was_shown_is_what_there_is(desk: Desk) -> None:
    desk.model.says("One ", desk.stop, "two ", desk.sleeps(1), "three ", "four.")
    outcome = desk.write()
    assert (outcome.text, outcome.stopped, outcome.cut, outcome.failure) == ("One two three", True, True, None)
    assert desk.model.left == 1


def test_one_that_is_not_shown_while_it_grows_is_none_where_it_is_stopped(desk: Desk) -> None:
    desk.model.says("{", desk.stop, desk.sleeps(1), "}")
    assert desk.write(grows=False).failure is Failure.STOPPED


@pytest.mark.parametrize("shown", [True, False])
def test_a_stop_between_two_tries_costs_nothing(desk: Desk, shown: bool) -> None:
    """What was shown is of an answer that broke off: nobody pays for that."""
    desk.model.says(*(["One "] if shown else []), trouble(Ailment.BUSY, 20))
    desk.pace.meanwhile.append(desk.stop)
    outcome = desk.write()
    assert (outcome.failure, outcome.text) == (Failure.STOPPED, "")
    assert (desk.pace.elapsed(), len(desk.model.prompts)) == (1, 1), "it is heard within a second"


def test_characters_that_the_stream_has_torn_apart_are_whole_again(desk: Desk) -> None:
    desk.model.says("Yes \ud83d", desk.sleeps(1), "\ude00 and \ud83d", desk.sleeps(1), " no\x00.")
    assert desk.write().text == "Yes 😀 and \ufffd no."
    assert desk.stage.frames == ["Yes \ufffd", "Yes 😀 and \ufffd", "Yes 😀 and \ufffd no."]


def test_words_that_come_at_once_are_the_first_frame(desk: Desk) -> None:
    """A sign that somebody is at it would hold them up for a second."""
    desk.model.says("One ", "two.")
    desk.write()
    assert (desk.stage.begun, desk.stage.frames[0]) == (0, "One")


def test_while_there_are_no_words_somebody_is_at_it_and_that_never_fades(desk: Desk) -> None:
    seconds = [part for _ in range(41) for part in ("", desk.sleeps(1))]
    desk.model.says(*seconds, "One.")
    desk.write()
    assert desk.stage.begun == 2, "after 1 and 21 seconds"
    assert desk.stage.frames == ["One."]
