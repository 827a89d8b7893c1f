"""Lines of lots while AWS fails: nobody is lost, decided twice, or told what is not so."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from starbid.domain.intents import Intent, Placed, Wish
from starbid.services.ports import Contended, Unavailable
from tests.support.aws_faults import AwsFaults, sometimes, throttle, time_out
from tests.support.dynamo import DynamoApp
from tests.support.factories import ANNA, xtr
from tests.support.fakes import START, FakeApp, make_app

SECOND = timedelta(seconds=1)
WAITS = Intent("a" * 32, "lamp", ANNA, Wish.BID, xtr(200), START)


@pytest.fixture
def faults(emulated: DynamoApp) -> Iterator[AwsFaults]:
    planted = AwsFaults(emulated.store.client)
    yield planted
    planted.heal()


def lost_answer(faults: AwsFaults, operation: str) -> None:
    """The next answer to this operation is lost; it was carried out."""
    left = [time_out()]
    faults.plan = lambda called, when: left.pop() if called == operation and when == "after" and left else None


def decide(app: DynamoApp | FakeApp) -> None:
    unit = app.store.unit()
    unit.decide_intent(WAITS, Placed(1))
    unit.commit()


def test_a_withdrawal_whose_answer_was_lost_is_known_to_have_happened(emulated: DynamoApp, faults: AwsFaults) -> None:
    emulated.intents.add(WAITS)
    lost_answer(faults, "UpdateItem")
    with pytest.raises(Unavailable):
        emulated.intents.withdraw(WAITS)
    assert emulated.intents.withdraw(WAITS) is None
    assert emulated.intents.waiting("lamp", 9) == []


def test_the_fake_says_the_same_of_a_withdrawal_whose_answer_was_lost() -> None:
    app = make_app()
    app.intents.add(WAITS)
    app.intents.fail_next(Unavailable(), after=True)
    with pytest.raises(Unavailable):
        app.intents.withdraw(WAITS)
    assert app.intents.waiting("lamp", 9) == []
    assert app.intents.withdraw(WAITS) is None


def test_an_intent_whose_adding_was_not_answered_may_be_added_again(emulated: DynamoApp, faults: AwsFaults) -> None:
    lost_answer(faults, "PutItem")
    with pytest.raises(Unavailable):
        emulated.intents.add(WAITS)
    emulated.intents.add(WAITS)
    assert emulated.intents.waiting("lamp", 9) == [WAITS]


def test_a_lease_whose_answer_was_lost_is_the_holders(emulated: DynamoApp, faults: AwsFaults) -> None:
    lost_answer(faults, "UpdateItem")
    with pytest.raises(Unavailable):
        emulated.intents.take_lease("lamp", "first", START + SECOND, START)
    assert emulated.intents.take_lease("lamp", "first", START + SECOND, START)
    assert not emulated.intents.take_lease("lamp", "second", START + SECOND, START)


def test_what_was_throttled_did_not_happen_and_may_be_tried_again(emulated: DynamoApp, faults: AwsFaults) -> None:
    line = emulated.intents
    faults.plan = sometimes(1, throttle, "PutItem")
    with pytest.raises(Contended):
        line.add(WAITS)
    assert line.waiting("lamp", 9) == []
    faults.plan = sometimes(1, throttle, "UpdateItem")
    line.add(WAITS)
    with pytest.raises(Contended):
        line.withdraw(WAITS)
    assert line.waiting("lamp", 9) == [WAITS]
    faults.heal()
    assert line.withdraw(WAITS) is None


def test_the_outcome_counts_though_it_could_not_be_forgotten(emulated: DynamoApp, faults: AwsFaults) -> None:
    emulated.intents.add(WAITS)
    decide(emulated)
    faults.plan = sometimes(1, time_out, "DeleteItem")
    emulated.intents.drop(WAITS)
    faults.heal()
    assert emulated.intents.outcome_and_line(WAITS)[0] == Placed(1)


def test_what_cannot_be_read_whole_is_not_decided_in_part(emulated: DynamoApp, faults: AwsFaults) -> None:
    """One place that does not answer may hold the first of the line."""
    emulated.intents.add(WAITS)
    left = [time_out()]
    faults.plan = lambda called, when: left.pop() if called == "Query" and when == "before" and left else None
    with pytest.raises(Unavailable):
        emulated.intents.waiting("lamp", 9)
