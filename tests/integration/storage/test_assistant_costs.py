"""What a question to the helper costs: round trips and write units."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest

from bench.meter import Meter, Reading, size_of
from starbid.domain.assistant.formatted import Formatted
from starbid.domain.assistant.question import Place, Question
from starbid.domain.people import Person
from starbid.services.assistant.asking import Wish
from starbid.storage.assistant_rows import account_item
from starbid.storage.codec import encode
from tests.support.answering import worker
from tests.support.dynamo import DynamoApp, join
from tests.support.factories import ANNA
from tests.support.fake_assistant import FakeStage, Said
from tests.support.fakes import FakePace
from tests.support.helper_rows import answered, full_account, keep, pack
from tests.support.there import there

GET, GET_MANY, LIST = "GetItem", "BatchGetItem", "Query"
PUT, COUNT, WRITE = "PutItem", "UpdateItem", "TransactWriteItems"
ANSWERING = [
    GET_MANY,  # account and question
    PUT,  # taken up
    GET,  # the person
    COUNT,  # are the day's tokens used up?
    LIST,  # the last turns
    GET,  # is it still wanted? Once a second
    COUNT,  # the tokens
    WRITE,  # the answer, what it costs, the event
    GET,  # the person: blocked meanwhile?
    PUT,  # it has been told
]


class Page(FakeStage):
    """A page that looks: what grows is kept for it."""

    def __init__(self, app: DynamoApp, question: Question) -> None:
        super().__init__()
        self._app, self._question = app, question

    def grow(self, text: Formatted) -> float | None:
        self._app.live_answers.put(self._question.user_id, self._question.id, text, self._app.now())
        return super().grow(text)


@pytest.fixture
def helped(emulated: DynamoApp) -> DynamoApp:
    """Anna has agreed, and started the trial."""
    business = emulated.settings.business
    offered = replace(business, assistant=replace(business.assistant, is_offered=True))
    emulated.settings = replace(emulated.settings, business=offered)
    emulated.pace = FakePace(emulated.clock, moves_clock=True)
    join(emulated, ANNA)
    emulated.asking.consent(ANNA, emulated.now(), given=True)
    emulated.asking.start_trial(who(emulated), emulated.now())
    return emulated


def who(app: DynamoApp) -> Person:
    return there(app.store.person(ANNA, consistent=True))


def cost(app: DynamoApp, act: Callable[[], object]) -> Reading:
    with Meter(app.store.client).measure() as reading:
        act()
    return reading


def asked(app: DynamoApp, place: Place = Place.CHAT) -> tuple[Question, Reading]:
    person, wish = who(app), Wish("Как продать лампу? " * 5, place)
    found: list[Question] = []
    reading = cost(app, lambda: found.append(app.asking.ask(person, wish, "r1", app.now())))
    return found[0], reading


def answering(app: DynamoApp, question: Question, *pieces: Said, stage: FakeStage | None = None) -> Reading:
    stage = stage or FakeStage()
    app.language_model.says(*pieces)
    reading = cost(app, partial(worker(app, lambda *_: stage).answer, ANNA, question.id))
    assert app.questions.account(ANNA).open is None
    return reading


def test_asking_is_a_read_a_transaction_and_a_message(helped: DynamoApp) -> None:
    """Account and question, two units each, and the account's entry in the index of what is due."""
    _, found = asked(helped)
    assert found.calls == [GET, WRITE]
    assert (found.round_trips, found.write_units, found.index_write_units, found.read_units) == (2, 4, 1, 1)
    assert len(helped.assistant_work.take()) == 1


@pytest.mark.parametrize(("length", "units"), [(100, 1), (500, 2), (2_000, 5)])
def test_an_answer_is_ten_round_trips_and_costs_by_its_length(helped: DynamoApp, length: int, units: int) -> None:
    """Cyrillic, two bytes a letter; `units` is a write of question and answer. In a transaction all cost twice."""
    question, _ = asked(helped)
    found = answering(helped, question, "я" * length)
    assert found.calls == ANSWERING
    assert found.round_trips == 10
    assert found.write_units == 1 + 1 + 1 + 2 * (units + 1 + 1) + 1
    assert found.index_write_units == 3, "the account's entry among what is due"


def test_on_a_page_what_grows_costs_a_write_a_second_by_all_that_there_is(
    helped: DynamoApp,
) -> None:
    question, _ = asked(helped, Place.SITE)
    frame: tuple[Said, ...] = ("я" * 500, lambda: helped.pace.sleep(1))
    found = answering(helped, question, *frame * 4, stage=Page(helped, question))
    assert found.calls == [*ANSWERING[:5], *[GET, PUT] * 4, *ANSWERING[6:]]
    plain = 1 + 1 + 1 + 2 * (5 + 1 + 1) + 1
    assert found.write_units == plain + 2 + 3 + 4 + 4


def test_each_second_of_writing_is_one_read_more(helped: DynamoApp) -> None:
    question, _ = asked(helped)
    piece: tuple[Said, ...] = ("слово ", lambda: helped.pace.sleep(0.25))
    found = answering(helped, question, *piece * 40)
    assert found.calls == [*ANSWERING[:5], *[GET] * 10, *ANSWERING[6:]]
    assert found.write_units == 10


def test_each_further_part_of_a_long_answer_is_one_write_more(helped: DynamoApp) -> None:
    question, _ = asked(helped)
    found = answering(helped, question, "a" * 4096 * 3)
    assert found.calls == [*ANSWERING[:-1], PUT, PUT, PUT]


def test_the_turns_that_go_along_are_one_read_however_many_there_are(helped: DynamoApp) -> None:
    """Twenty of 1.1 KB, which is six units: a query is billed for all that it reads together."""
    none = answering(helped, asked(helped)[0], "Да.").bytes_read
    keep(helped, *(answered(-number, answer="я" * 500) for number in range(1, 40)))
    helped.clock.forward(minutes=1)
    found = answering(helped, asked(helped)[0], "Да.")
    assert found.calls == ANSWERING
    assert 20 * 1_000 < found.bytes_read - none < 6 * 4_096


def test_a_message_that_comes_again_is_one_read(helped: DynamoApp) -> None:
    question, _ = asked(helped)
    answering(helped, question, "Да.")
    found = cost(helped, partial(worker(helped, lambda *_: FakeStage()).answer, ANNA, question.id))
    assert (found.calls, found.write_units) == ([GET_MANY], 0)


def test_a_stop_is_a_read_and_a_write(helped: DynamoApp) -> None:
    asked(helped)
    found = cost(helped, lambda: helped.asking.stop(ANNA))
    assert (found.calls, found.write_units) == ([GET, PUT], 1)


def test_a_page_that_looks_at_a_question_reads_once(helped: DynamoApp) -> None:
    question, _ = asked(helped)
    found = cost(helped, lambda: helped.asking.question(ANNA, question.id))
    assert (found.calls, found.write_units) == ([GET_MANY], 0)


def test_the_sweep_costs_two_queries_where_nothing_is_due(helped: DynamoApp) -> None:
    answering(helped, asked(helped)[0], "Да.")
    sweep = worker(helped, lambda *_: FakeStage()).sweep
    found = cost(helped, lambda: sweep(helped.now() + timedelta(hours=1)))
    assert (found.calls, found.write_units) == ([LIST, LIST], 0)


def test_an_account_of_a_usual_buyer_is_a_unit(helped: DynamoApp) -> None:
    """Each write of it costs by its size: with five packs and all else that there may be it is under 1 KB."""
    account = replace(full_account(), packs=tuple(pack(number, order_id="f" * 16) for number in range(5)))
    assert size_of(encode(account_item(account))) <= 1024
