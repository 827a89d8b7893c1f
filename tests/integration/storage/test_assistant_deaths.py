"""A death before and after each call of DynamoDB while the helper answers: the process ends there, another goes on, and
the question is answered, paid for and told once. And many at once.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from functools import partial

import pytest

from starbid.domain.assistant.errors import Busy, NoCredits
from starbid.domain.assistant.packs import with_pack
from starbid.domain.assistant.question import Place, State
from starbid.domain.errors import Conflict
from starbid.services.assistant.answering import LEASE
from starbid.services.assistant.asking import Wish
from starbid.services.ports import TryLater
from tests.support.answering import worker
from tests.support.aws_faults import AwsFaults, death_at
from tests.support.dynamo import DynamoApp, hammer, join
from tests.support.factories import ANNA
from tests.support.fake_assistant import FakeStage
from tests.support.fakes import Death, FakePace
from tests.support.helper_rows import pack, saved
from tests.support.there import there

pytestmark = pytest.mark.parametrize("emulated", ["fast way"], indirect=True)
"""What stays behind has nothing to do with the way: once is enough."""
CREDITS, MOST = 60, 60
PARTS = ("a" * 4096, "b" * 4096, "c")


class Chat(FakeStage):
    """A chat that puts off the second part once."""

    def __init__(self) -> None:
        super().__init__()
        self._busy = True

    def tell(self, *told: object) -> None:
        if len(self.told) == 1 and self._busy:
            self._busy = False
            raise TryLater(1)
        super().tell(*told)  # type: ignore[arg-type]


@pytest.fixture
def helped(emulated: DynamoApp) -> DynamoApp:
    """Anna has agreed, and a pack that is not used up by all this."""
    business = emulated.settings.business
    offered = replace(business, assistant=replace(business.assistant, is_offered=True))
    emulated.settings = replace(emulated.settings, business=offered)
    emulated.pace = FakePace(emulated.clock, moves_clock=True)
    join(emulated, ANNA)
    account = emulated.asking.consent(ANNA, emulated.now(), given=True)
    given = with_pack(account, pack(credits=CREDITS))
    saved(emulated, account, packs=given.packs, granted=given.granted)
    return emulated


def test_it_is_answered_paid_for_and_told_once_wherever_it_dies(helped: DynamoApp) -> None:
    faults = AwsFaults(helped.store.client)
    for moment in range(MOST):
        helped.clock.forward(minutes=1)
        stage, used = Chat(), helped.questions.account(ANNA).spent
        person = there(helped.store.person(ANNA, consistent=True))
        asked = helped.asking.ask(person, Wish("Why?", Place.CHAT), f"r{moment}", helped.now()).id
        helped.language_model.says("".join(PARTS))
        faults.plan = death_at(moment)
        died = True
        with suppress(Death):
            worker(helped, lambda *_, stage=stage: stage).answer(ANNA, asked)
            died = False
        faults.heal()
        helped.clock.forward(seconds=LEASE.total_seconds())
        for user_id in helped.questions.due_accounts(helped.now(), 10):
            worker(helped, lambda *_, stage=stage: stage).answer(user_id, asked)

        account, question = helped.questions.account_with(ANNA, asked)
        assert account.open is None, moment
        assert there(question).state is State.DONE, moment
        assert account.spent == used + 1, moment
        assert account.granted == account.spent + account.credits, moment
        assert tuple(dict.fromkeys(stage.told)) == PARTS, moment
        assert len(stage.told) <= len(PARTS) + died, moment
        assert helped.questions.due_accounts(helped.now(), 10) == [], moment
        if not died:
            break
    assert 20 < moment < MOST - 1, "so many places to die at"


def test_of_many_workers_at_once_one_answers(helped: DynamoApp) -> None:
    person, stage = there(helped.store.person(ANNA, consistent=True)), FakeStage()
    asked = helped.asking.ask(person, Wish("Why?", Place.CHAT), "r1", helped.now()).id
    hammer([partial(worker(helped, lambda *_: stage).answer, ANNA, asked) for _ in range(12)], threads=12)
    account, question = helped.questions.account_with(ANNA, asked)
    assert (account.open, account.spent, there(question).state) == (None, 1, State.DONE)
    assert (len(helped.language_model.prompts), len(stage.told)) == (1, 1)


def test_with_one_credit_left_and_many_questions_at_once_one_is_asked(helped: DynamoApp) -> None:
    account = helped.questions.account(ANNA)
    saved(helped, account, packs=(pack(credits=1),), granted=1)
    person = there(helped.store.person(ANNA, consistent=True))

    def ask(number: int) -> str:
        return helped.asking.ask(person, Wish(f"Why {number}?", Place.CHAT), f"r{number}", helped.now()).id

    found = hammer([partial(ask, number) for number in range(12)], threads=12)
    asked = [each for each in found if isinstance(each, str)]
    assert len(asked) == 1
    assert all(isinstance(each, Busy | NoCredits | Conflict) for each in found if each not in asked)
    assert len(helped.questions.asked(ANNA, "").items) == 1
    worker(helped, lambda *_: FakeStage()).answer(ANNA, asked[0])
    after = helped.questions.account(ANNA)
    assert (after.spent, after.credits, after.packs) == (1, 0, ())
    assert there(helped.questions.pack(ANNA, pack().id)).used == 1
