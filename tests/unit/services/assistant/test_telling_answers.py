"""An answer on its way into a chat: in parts, each once, whatever Telegram says meanwhile."""

from __future__ import annotations

from datetime import timedelta

import pytest

from starbid.domain.assistant.account import Phase
from starbid.domain.assistant.question import Failure, State
from starbid.services.assistant import answering
from starbid.services.assistant.answering import LEASE, LONGEST_WAIT, MOST_PARTS, PART_PAUSE, TOLD_WITHIN
from starbid.services.ports import Ailment, ModelTrouble, Rejected, TryLater, Unreachable
from tests.support.answering import Helper
from tests.support.factories import ANNA
from tests.support.fakes import Death

PARTS = ("a" * 4096, "b" * 4096, "c")
LONG = "".join(PARTS)


class PartsInTheWay:
    """What a chat says to each part, in this order: nothing, where it takes it."""

    def __init__(self, helper: Helper, *says: BaseException | None) -> None:
        self._says, self._tell, helper.stage.tell = list(says), helper.stage.tell, self  # type: ignore[assignment,method-assign]

    def __call__(self, *part: object) -> None:
        said = self._says.pop(0) if self._says else None
        if said:
            raise said
        self._tell(*part)  # type: ignore[arg-type]


@pytest.fixture
def helper() -> Helper:
    return Helper()


def answered(helper: Helper, *says: BaseException | None) -> str:
    """A long answer, told to a chat that says this."""
    PartsInTheWay(helper, *says)
    helper.model.says(LONG)
    asked = helper.ask()
    helper.work()
    return asked


def test_a_long_answer_is_told_in_parts(helper: Helper) -> None:
    answered(helper)
    assert tuple(helper.stage.told) == PARTS
    assert helper.account.open is None


def test_a_short_wait_in_the_middle_is_waited_for(helper: Helper) -> None:
    answered(helper, None, TryLater(LONGEST_WAIT))
    assert tuple(helper.stage.told) == PARTS
    assert helper.pace.elapsed() == LONGEST_WAIT + PART_PAUSE * (len(PARTS) - 1)
    assert helper.account.open is None


def test_of_hundreds_of_parts_the_first_come_one_a_second(helper: Helper, monkeypatch: pytest.MonkeyPatch) -> None:
    """A chat takes one message a second; a model can be talked into a text that falls into hundreds."""
    monkeypatch.setattr(answering, "PART_LENGTH", 100)
    asked = answered(helper)
    assert helper.stage.told == [LONG[at : at + 100] for at in range(0, 100 * MOST_PARTS, 100)]
    assert helper.pace.elapsed() == PART_PAUSE * (MOST_PARTS - 1)
    assert helper.question(asked).answer == LONG, "all of it is in the history"


@pytest.mark.parametrize(
    "says", [(TryLater(LONGEST_WAIT + 1),), (TryLater(1), TryLater(30))], ids=["a long wait", "and again"]
)
def test_after_a_long_wait_in_the_middle_the_sweep_goes_on_at_that_part(
    helper: Helper, says: tuple[TryLater, ...]
) -> None:
    asked = answered(helper, None, *says)
    assert helper.account.open
    assert tuple(helper.stage.told) == PARTS[:1]
    assert (helper.phase, helper.account.open.told, helper.used) == (Phase.TELLING, 1, 1)
    assert helper.account.open.due_at == helper.app.now() + timedelta(seconds=says[-1].seconds)
    assert helper.question(asked).state is State.DONE, "pages show it already"

    helper.goes_by(seconds=says[-1].seconds, milliseconds=-1)
    assert (helper.sweep(), helper.answer(asked)) == ([], None), "Telegram must not be asked before"
    helper.goes_by(milliseconds=1)
    (call,) = helper.sweep()
    helper.take(call)
    assert tuple(helper.stage.told) == PARTS
    assert helper.phase is None
    assert (helper.used, len(helper.model.prompts)) == (1, 1)
    assert len(helper.events(asked)) == 1


def test_whoever_goes_on_edits_the_message_that_has_grown(helper: Helper) -> None:
    asked = answered(helper, TryLater(30))
    assert helper.stage.frames == [LONG]
    helper.until_done()
    assert helper.stage.made == [(asked, 0), (asked, 77)]
    assert tuple(helper.stage.told) == PARTS


def test_each_part_gives_the_worker_time_for_the_next(helper: Helper) -> None:
    """Another may not think it dead in the middle of a long answer."""
    ends = []

    class Slow(PartsInTheWay):
        def __call__(self, *part: object) -> None:
            super().__call__(*part)
            assert helper.account.open
            ends.append(helper.account.open.due_at - helper.app.now())
            helper.goes_by(seconds=30)

    Slow(helper)
    helper.model.says(LONG)
    helper.ask()
    helper.work()
    assert tuple(helper.stage.told) == PARTS
    assert ends == [LEASE, *[LEASE - timedelta(seconds=PART_PAUSE)] * 2]


def test_who_has_blocked_the_bot_is_marked_and_may_ask_again(helper: Helper) -> None:
    asked = answered(helper, None, Unreachable())
    assert (helper.unreachable, helper.account.open) == ([ANNA], None)
    assert helper.question(asked).answer == LONG, "it is in the history"
    assert helper.used == 1


def test_an_answer_that_telegram_will_never_take_is_left_to_the_history(helper: Helper) -> None:
    asked = answered(helper, Rejected("Bad Request"))
    assert (helper.stage.told, helper.stage.faded, helper.account.open) == ([], 1, None)
    assert helper.question(asked).answer == LONG


@pytest.mark.parametrize("wait", [1, 60])
def test_why_there_is_no_answer_is_told_as_patiently(helper: Helper, wait: int) -> None:
    helper.model.says(ModelTrouble(Ailment.REFUSED, "401"))
    helper.stage.fail_next(TryLater(wait))
    helper.ask()
    helper.work()
    assert bool(helper.account.open) is (wait > LONGEST_WAIT)
    helper.until_done()
    assert [each.failure for each in helper.stage.failed] == [Failure.UNREACHABLE]
    assert helper.used == 0


def test_who_is_blocked_while_the_rest_waits_hears_nothing_more(helper: Helper) -> None:
    answered(helper, None, TryLater(30))
    helper.change(blocked=True)
    helper.until_done()
    assert tuple(helper.stage.told) == PARTS[:1]
    assert helper.stage.faded == 1


@pytest.mark.parametrize("late", [False, True])
def test_what_telegram_does_not_take_for_an_hour_is_left_to_the_history(helper: Helper, late: bool) -> None:
    asked = answered(helper, TryLater(30))
    helper.goes_by(seconds=TOLD_WITHIN.total_seconds(), milliseconds=0 if late else -1)
    helper.answer(asked)
    assert (helper.account.open, helper.question(asked).answer) == (None, LONG)
    assert tuple(helper.stage.told) == (() if late else PARTS)


def test_an_answer_that_kills_whoever_tells_it_bars_nobody_for_ever(helper: Helper) -> None:
    answered_at = helper.app.now()
    PartsInTheWay(helper, *[Death()] * 99)
    asked = helper.ask()
    with pytest.raises(Death):
        helper.work()
    while helper.account.open:
        helper.goes_by(minutes=1)
        for call in helper.sweep():
            try:
                helper.take(call)
            except Death:
                assert helper.app.now() < answered_at + TOLD_WITHIN
    assert helper.app.now() <= answered_at + TOLD_WITHIN + LEASE
    assert helper.question(asked).state is State.DONE
    assert helper.used == 1


def test_history_that_is_cleared_while_an_answer_is_told_does_not_keep_it(helper: Helper) -> None:
    """Also where all the rest has been deleted by then."""

    def cleared() -> None:
        helper.app.asking.clear(ANNA, helper.app.now())
        helper.work()

    asked = helper.ask()
    helper.stage.meanwhile(cleared)
    helper.work()
    assert helper.stage.told == ["An answer."]
    assert not helper.is_kept(asked)
    assert helper.used == 1
    helper.until_done()
