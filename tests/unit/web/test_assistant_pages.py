"""The page of the AI helper: what it tells whom, and how a question is asked."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from html import unescape
from typing import Any

import pytest

from starbid.domain.assistant.errors import Busy
from starbid.domain.assistant.question import LONGEST_QUESTION, Place
from starbid.domain.restrictions import Limit, Restrictions
from tests.support.blocking import block
from tests.support.factories import ANNA, join
from tests.support.fakes import FakeApp, make_app
from tests.support.helped import answered, asks, helped, member, use_up
from tests.support.web import Answer, Client, text


@pytest.fixture
def app() -> FakeApp:
    return helped()


@pytest.fixture
def anna(app: FakeApp) -> Client:
    return member(app)


def ask(client: Client, words: str = "Why?", **fields: Any) -> Answer:
    return client.post_form("/assistant", text=words, **{"request_id": "r1"} | fields)


def typed(answer: Answer) -> str:
    """What stands in the form."""
    return unescape(answer.text.partition("<textarea")[2].partition(">")[2].partition("</textarea>")[0]).strip()


def fault(answer: Answer) -> str:
    return unescape(answer.text.partition('id="text-fault" role="alert">')[2].partition("<")[0])


# --- who may ask ------------------------------------------------------------------------------------------------------


def test_a_visitor_reads_what_it_is_and_logs_in_to_the_same_place(app: FakeApp) -> None:
    page = Client(app).get("/assistant", lot="lot1")
    assert page.status == 200
    assert "The first 10 answers are free." in text(page)
    assert "/login?next=%2Fassistant%3Flot%3Dlot1" in page.text.replace("/login?next=/", "/login?next=%2F")
    assert 'action="/assistant"' not in page.text
    assert 'href="https://t.me/starbid_bot?start=ask"' in page.text


def test_where_it_is_not_offered_all_pages_say_so_calmly() -> None:
    app = make_app()
    join(app, ANNA)
    for client in (Client(app), Client(app).log_in(ANNA)):
        page = client.get("/assistant")
        assert page.status == 200
        assert "The AI helper is not offered here." in text(page)
        assert 'action="/assistant"' not in page.text
        assert 'href="/assistant"' not in client.get("/").text
    assert "The AI helper is not offered here." in text(Client(app).log_in(ANNA).get("/assistant/packs"))
    assert 'href="/assistant"' in Client(helped()).get("/").text


def test_what_was_asked_stays_where_it_is_not_offered_any_more(app: FakeApp, anna: Client) -> None:
    asks(app, text="A question of mine")
    answered(app)
    off = make_app(store=app.store, questions=app.questions, scratch=app.scratch)
    off.clock.now = app.now()
    client = Client(off).log_in(ANNA)
    page = client.get("/assistant")
    assert "A question of mine" in text(page)
    assert "What you have asked stays until you clear it." in text(page)
    refused = ask(client, "One more")
    assert (refused.status, "The AI helper is not offered here." in text(refused)) == (503, True)
    assert "A question of mine" in client.get("/assistant/history.txt").text
    assert client.post_form("/assistant/clear").status == 303
    assert "A question of mine" not in text(client.get("/assistant"))
    assert client.post_form("/assistant/consent", given="0").status == 303
    assert client.post_form("/assistant/consent", given="1").status == 503


def test_before_the_first_question_the_page_says_where_it_goes(app: FakeApp) -> None:
    join(app, ANNA)
    page = Client(app).log_in(ANNA).get("/assistant")
    assert "The answers are written by an AI service, which is run by another company." in text(page)
    assert "What does not: your name and contacts" in text(page)
    assert 'action="/assistant/consent"' in page.text
    assert "data-question" not in page.text
    assert "Start the free trial" not in text(page)


def test_a_question_without_consent_waits_in_the_form_until_there_is_one(app: FakeApp) -> None:
    join(app, ANNA)
    anna = Client(app).log_in(ANNA)
    refused = ask(anna, "Why so?")
    assert (refused.status, typed(refused)) == (403, "Why so?")
    assert fault(refused) == "Your questions go to an AI service. Agree to that first."
    assert 'form="ask" formaction="/assistant/consent" formnovalidate name="given" value="1"' in refused.text
    agreed = anna.post_form("/assistant/consent", given="1", text="Why so?")
    assert (agreed.status, typed(agreed)) == (200, "Why so?")
    assert 'form="ask" formaction="/assistant/trial"' in agreed.text
    begun = anna.post_form("/assistant/trial", text="Why so?")
    assert (begun.status, typed(begun)) == (200, "Why so?")
    assert ask(anna, "Why so?").status == 303


# --- asking -----------------------------------------------------------------------------------------------------------


def test_a_question_is_stored_queued_and_shown(app: FakeApp, anna: Client) -> None:
    answer = ask(anna, "Why is it so?")
    assert answer.status == 303
    path, _, asked_id = answer.headers["location"].partition("#q-")
    question = app.questions.question(ANNA, asked_id)
    assert question
    assert (path, question.text, question.place) == ("/assistant", "Why is it so?", Place.SITE)
    assert [call.question_id for call in app.assistant_work.take()] == [asked_id]
    page = anna.get("/assistant")
    assert f'id="q-{asked_id}"' in page.text
    assert "Waiting for its turn" in text(page)
    assert "9 free answers" in text(page)


def test_a_form_that_is_sent_twice_is_one_question(app: FakeApp, anna: Client) -> None:
    first = ask(anna)
    app.clock.forward(seconds=3)
    assert ask(anna).headers["location"] == first.headers["location"]
    answered(app)
    assert ask(anna).headers["location"] == first.headers["location"]
    assert len(app.store.tables.questions) == 1
    other = ask(anna, "And why is that?")
    assert other.status == 303, "another question of the same form, from a page that came back"
    assert len(app.store.tables.questions) == 2


def test_of_two_presses_at_once_none_is_told_to_wait_for_the_other(
    app: FakeApp, anna: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = app.asking.ask

    def overtaken(*asked: Any) -> None:
        raise Busy(real(*asked).id)

    monkeypatch.setattr(app.asking, "ask", overtaken)
    answer = ask(anna)
    assert answer.status == 303
    assert answer.headers["location"].endswith(next(iter(app.store.tables.questions))[1])


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("", "Use 1 to 4,000 characters."),
        (" \n ", "Use 1 to 4,000 characters."),
        ("x" * (LONGEST_QUESTION + 1), "Use 1 to 4,000 characters."),
        ("\u2060\u200b", "Nothing in this can be seen. Use letters, digits or emoji."),
        ("a\x00b", "Enter plain text."),
    ],
)
def test_what_is_no_question_is_shown_again_with_the_fault(app: FakeApp, anna: Client, words: str, said: str) -> None:
    answer = ask(anna, words)
    assert (answer.status, fault(answer)) == (422, said)
    assert typed(answer) == words.strip()
    assert not app.store.tables.questions


def test_a_question_of_the_greatest_length_is_taken(anna: Client) -> None:
    assert ask(anna, "\U0001f525" * LONGEST_QUESTION).status == 303


def test_a_refused_question_stays_in_the_form_with_the_reason(app: FakeApp, anna: Client) -> None:
    asks(app)
    busy = ask(anna, "The next one")
    assert (busy.status, typed(busy)) == (409, "The next one")
    assert fault(busy) == "Your last question is still being answered. Wait for the answer, or stop it."
    answered(app)
    use_up(app)
    broke = ask(anna, "The next one")
    assert (broke.status, typed(broke)) == (402, "The next one")
    assert fault(broke) == "Your answers are used up. Buy a pack, or subscribe: answers come with it."
    assert 'id="offers"' in broke.text
    assert len(app.store.tables.questions) == 1


def test_a_refusal_is_not_remembered(app: FakeApp, anna: Client) -> None:
    """The same form is sent again once there is a way out."""
    asks(app)
    assert ask(anna, "The next one").status == 409
    answered(app)
    assert ask(anna, "The next one").status == 303


def test_who_has_no_answers_yet_is_offered_the_trial(app: FakeApp) -> None:
    anna = member(app, trial=False)
    answer = ask(anna)
    assert (answer.status, fault(answer)) == (402, "You have no answers yet. Start the free trial, or buy a pack.")
    assert 'id="trial"' in answer.text
    assert 'id="offers"' not in answer.text


def test_too_many_questions_in_a_minute_are_told_when_to_come_again(app: FakeApp, anna: Client) -> None:
    for number in range(6):
        assert ask(anna, f"Question {number}").status == 303
        answered(app)
        app.clock.forward(seconds=1)
    answer = ask(anna, "The seventh")
    assert (answer.status, answer.headers["retry-after"], typed(answer)) == (429, "54", "The seventh")
    app.clock.forward(seconds=54)
    assert ask(anna, "The seventh").status == 303


def test_who_is_barred_or_blocked_is_told_so(app: FakeApp, anna: Client) -> None:
    people = app.store.tables.people
    barred = Restrictions((Limit.ASSISTANT,), app.now() + timedelta(days=1))
    people[ANNA] = replace(people[ANNA], restrictions=barred)
    answer = ask(anna)
    assert (answer.status, typed(answer)) == (403, "Why?")
    assert "You cannot use the AI helper until" in fault(answer)
    people[ANNA] = replace(people[ANNA], restrictions=Restrictions())
    block(app, ANNA)
    assert ask(anna.log_in(ANNA)).status == 403


def test_who_prefers_json_gets_the_refusal_in_json(anna: Client) -> None:
    answer = ask(anna, "", headers={"accept": "application/json"})
    assert (answer.status, answer.code) == (422, "invalid")


def test_an_old_page_loses_nothing_that_was_typed(anna: Client) -> None:
    answer = ask(anna, "A long thought", csrf_token="old")
    assert (answer.status, typed(answer)) == (403, "A long thought")
    assert "This page was out of date, so nothing was done." in fault(answer)


def test_a_page_without_questions_says_what_can_be_asked(anna: Client) -> None:
    page = anna.get("/assistant")
    assert page.text.count("data-example") == 3
    filled = anna.get("/assistant", example="2")
    assert typed(filled) == "How do I choose a start price?"
    for wrong in ("0", "4", "x", "99999999999"):
        assert typed(anna.get("/assistant", example=wrong)) == ""
