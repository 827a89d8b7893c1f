"""A worker that ends before or after any of its calls: the question is not lost, it is paid for once, and told once,
but for a death between telling and its record.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from starbid.domain.assistant.account import Phase
from starbid.domain.assistant.question import Failure, Place, State, Task
from starbid.services.ports import Ailment, ConditionFailed, ModelTrouble, Unavailable
from tests.support.answering import Helper
from tests.support.factories import ANNA, put_up
from tests.support.fakes import Death
from tests.support.mortal import Fate

LONG = "".join(f"{number:04}" for number in range(2_500))
"""Three parts."""
AFTER_TELLING = {"tell": "after", "fail": "after"}
RECORDS = {"save", "unit", "drop_question", "save_account", "commit"}
"""The calls between telling a part and the end of its record."""


@dataclass(frozen=True)
class Scene:
    """`prepare` asks; `cost` is what it costs in the end, `told` the parts that reach the chat."""

    prepare: Callable[[Helper], str]
    cost: int = 1
    told: tuple[str, ...] = ("An answer.",)
    state: State = State.DONE
    failure: Failure | None = None
    kept: bool = True


def from_a_pack(helper: Helper) -> str:
    helper.pays_with(50, used=49)
    return helper.ask()


def with_a_long_answer(helper: Helper) -> str:
    helper.model.says(LONG)
    return helper.ask()


def from_a_broken_model(helper: Helper) -> str:
    helper.model.says("One ", ModelTrouble(Ailment.REFUSED, "403"))
    return helper.ask()


def about_a_lot(helper: Helper) -> str:
    lot = put_up(helper.app, description="Made in 1950.").auction.id
    helper.model.says("> Made in 1950.\n\nOld.")
    return helper.ask(task=Task.LOT, subject=lot)


def cleared_meanwhile(helper: Helper) -> str:
    asked = helper.ask()
    helper.app.asking.clear(ANNA, helper.app.now())
    return asked


def without_consent(helper: Helper) -> str:
    asked = helper.ask()
    helper.app.asking.consent(ANNA, helper.app.now(), given=False)
    return asked


SCENES = {
    "in a chat": Scene(lambda helper: helper.ask()),
    "on a page": Scene(lambda helper: helper.ask(place=Place.SITE), told=()),
    "the last of a pack": Scene(from_a_pack, cost=50),
    "a long one": Scene(with_a_long_answer, told=(LONG[:4096], LONG[4096:8192], LONG[8192:])),
    "about a lot": Scene(about_a_lot, told=("> Made in 1950.\n\nOld.",)),
    "no answer": Scene(from_a_broken_model, 0, (), State.FAILED, Failure.UNREACHABLE),
    "no consent": Scene(without_consent, 0, (), State.FAILED, Failure.CONSENT),
    "cleared": Scene(cleared_meanwhile, kept=False),
}


def dies(helper: Helper) -> bool:
    """The worker takes what waits, and meets its fate."""
    try:
        helper.work()
    except Death:
        return True
    return False


def is_as_it_should_be(helper: Helper, scene: Scene, asked: str, excused: int) -> None:
    """`excused`: so often it may have been told once more."""
    where = helper.fate.last
    assert helper.account.open is None, where
    assert helper.used == scene.cost, where
    assert len(helper.events(asked)) == 1, where
    assert helper.is_kept(asked) is scene.kept, where
    if scene.kept:
        question = helper.question(asked)
        assert (question.state, question.failure) == (scene.state, scene.failure), where
    again = len(helper.stage.told) - len(scene.told) + max(0, len(helper.stage.failed) - bool(scene.failure))
    assert 0 <= again <= excused, where
    assert len(helper.stage.failed) >= bool(scene.failure), where
    assert tuple(dict.fromkeys(helper.stage.told)) == scene.told, "in their order"
    assert len(helper.app.store.tables.used_packs) == (scene.cost == 50), where


def is_excused(fate: Fate) -> bool:
    """Whether it died between telling and the end of its record."""
    call, when = fate.last
    return AFTER_TELLING.get(call) == when or (call in RECORDS and (call, when) != ("commit", "after"))


@pytest.mark.parametrize("name", SCENES)
def test_wherever_the_worker_dies_it_is_answered_paid_for_and_told_once(name: str) -> None:
    scene, moment = SCENES[name], 0
    while True:
        helper = Helper()
        asked = scene.prepare(helper)
        helper.fate = fate = Fate(moment)
        died = dies(helper)
        assert died is fate.was_met
        helper.until_done()
        helper.fate = fate
        is_as_it_should_be(helper, scene, asked, excused=int(is_excused(fate)))
        if not died:
            break
        moment += 1
    assert moment > 20, "so many places to die at"


@given(st.sampled_from(sorted(SCENES)), st.lists(st.integers(0, 70), min_size=2, max_size=3))
def test_it_may_die_again_and_again(name: str, moments: list[int]) -> None:
    scene, helper, excused = SCENES[name], Helper(), 0
    asked = scene.prepare(helper)
    for moment in moments:
        helper.fate = fate = Fate(moment)
        if dies(helper):
            excused += is_excused(fate)
        helper.app.clock.forward(minutes=2)
        helper.fate = Fate()
        helper.app.assistant_work.calls += helper.sweep()
    helper.until_done()
    is_as_it_should_be(helper, scene, asked, excused)


@given(st.sampled_from(sorted(SCENES)), st.lists(st.integers(0, 60), min_size=1, max_size=3))
def test_calls_whose_answer_is_lost_are_made_again_by_the_next_worker(name: str, moments: list[int]) -> None:
    """The store says that it is not known whether a write was made: nobody dies, and the message comes again."""
    scene, helper = SCENES[name], Helper()
    asked = scene.prepare(helper)
    for moment in moments:
        helper.app.store.fail_next(Unavailable(), after=bool(moment % 2))
        helper.app.questions.fail_next(Unavailable(), after=bool(moment % 3))
        waiting = list(helper.app.assistant_work.calls)
        try:
            helper.work()
        except Unavailable:
            helper.app.assistant_work.calls += waiting
        helper.app.clock.forward(seconds=moment)
    helper.app.store.heal()
    helper.app.questions.heal()
    helper.until_done()
    is_as_it_should_be(helper, scene, asked, excused=len(moments))


def test_who_asks_is_free_again_whenever_the_worker_died() -> None:
    """Nothing but its own limit bars the next question."""
    helper = Helper()
    for moment in range(0, 40, 9):
        asked = helper.ask()
        helper.fate = Fate(moment)
        dies(helper)
        helper.until_done()
        assert helper.question(asked).state is State.DONE
    assert helper.used == 5


def test_a_settlement_that_went_through_unseen_is_not_made_again() -> None:
    helper = Helper()
    asked = helper.ask()
    helper.app.store.fail_next(ConditionFailed(()), after=True)
    helper.work()
    assert (helper.phase, helper.used, helper.stage.told) == (Phase.TELLING, 1, [])
    helper.until_done()
    assert (helper.used, helper.stage.told, len(helper.events(asked))) == (1, ["An answer."], 1)
