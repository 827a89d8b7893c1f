"""The AI helper: its rows and its queue, a model that is heard, an answer that grows in the chat and on a page."""

from __future__ import annotations

from dataclasses import replace

from starbid.domain.assistant.account import changed
from starbid.domain.assistant.formatted import Formatted
from starbid.domain.assistant.question import Failure, Place, Question, State, Task, first_id_after
from starbid.language_model.openai_compatible import OpenAiCompatible
from starbid.services.assistant.asking import Wish
from starbid.services.ports import Stage
from starbid.telegram.answers import Answers
from tests.support.factories import ANNA, BORIS
from tests.support.model_answers import error, openai, refused, streamed
from tests.support.model_server import ModelServer

from .day import Day

SAID = ("Press **/sell**, then `name` a price.\n\n", "- one\n- [two](https://example.org)\n\n", "> quoted\n")


def a_question_is_answered_in_the_chat_and_uses_up_a_pack(day: Day) -> None:
    """What a model writes in Markdown is shown in Telegram's HTML."""
    app, now, server = day.app, day.clock.now, ModelServer()
    _heard_by(day, server)
    app.asking.consent(ANNA, now, given=True)
    bought = app.buying.buy(ANNA, 10, "day", now)
    (pack,) = bought.packs
    assert app.questions.save(bought, changed(bought, packs=(replace(pack, used=9),), spent=9))
    server.plays(streamed(openai(*SAID)))
    asked = _ask(day, "How do I sell?", Place.CHAT)
    assert app.questions.account_with(ANNA, asked.id)[1] == asked
    app.answering.answer(ANNA, asked.id)
    kept = app.questions.question(ANNA, asked.id)
    assert (kept.state, kept.answer) == (State.DONE, "".join(SAID).strip())
    assert kept.shown.text.startswith("Press /sell, then name a price.")
    assert app.questions.pack(ANNA, pack.id).used == 10
    server.stop()


def what_waits_is_called_again_and_what_was_cleared_is_deleted(day: Day) -> None:
    app, server = day.app, ModelServer()
    _heard_by(day, server)
    app.asking.start_trial(app.store.person(ANNA), day.clock.now)
    asked = _ask(day, "And then?", Place.SITE)
    now = day.clock.forward(minutes=2)
    assert ANNA in app.questions.due_accounts(now, 9)
    app.answering.sweep(now)
    server.plays(refused(401, error("a wrong key")))
    app.answering.answer(ANNA, asked.id)
    assert app.asking.question(ANNA, asked.id)[1] is State.FAILED
    again = app.asking.ask_again(app.store.person(ANNA), asked.id, "again", now, Place.SITE)
    app.asking.stop(ANNA, again.id)
    app.answering.answer(ANNA, again.id)
    assert app.asking.question(ANNA, again.id)[1] is State.STOPPED
    app.asking.clear(ANNA, now)
    assert app.questions.asked(ANNA, "").items
    app.answering.clear(ANNA)
    assert app.questions.asked(ANNA, "").items == ()
    assert app.questions.drop_asked(ANNA, first_id_after(now), 9) == 0
    said = [each["said"] for each in day.received(app.settings.assistant_queue_url)]
    assert {"user_id": ANNA, "question_id": asked.id} in said
    assert {"user_id": ANNA, "clear": True} in said
    server.stop()


def an_answer_grows_where_it_is_asked(day: Day) -> None:
    app, now = day.app, day.clock.now
    answers = Answers(lambda: app.bot, app.live_answers, app.settings, app.pace)
    for place in (Place.CHAT, Place.SITE):
        question = Question("q", BORIS, "Why?", now, Task.QUESTION, place)
        _all_that_a_stage_does(answers.stage(app.store.person(BORIS), question, 0, lambda _: None), question)
    assert app.live_answers.find(BORIS, "q", now) == Formatted("It")
    app.bot.send_draft(BORIS, 7, "<b>It</b>")
    assert len(app.formatting.parts("word " * 2000, 4096)) == 3


def _all_that_a_stage_does(stage: Stage, question: Question) -> None:
    stage.begin()
    stage.grow(Formatted("It"))
    stage.tell(question, 0, (Formatted("It is so."),))
    stage.fail(replace(question, failure=Failure.UNREACHABLE))
    stage.fade()


def _heard_by(day: Day, server: ModelServer) -> None:
    day.app.__dict__["language_model"] = OpenAiCompatible(
        server.url, "m", lambda: "key", first_byte_seconds=20, stall_seconds=20, most_tokens=100
    )


def _ask(day: Day, text: str, place: Place) -> Question:
    app = day.app
    asked: Question = app.asking.ask(app.store.person(ANNA), Wish(text, place), text, day.clock.now)
    return asked


SCENES = (
    a_question_is_answered_in_the_chat_and_uses_up_a_pack,
    what_waits_is_called_again_and_what_was_cleared_is_deleted,
    an_answer_grows_where_it_is_asked,
)
