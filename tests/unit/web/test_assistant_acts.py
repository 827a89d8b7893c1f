"""Consent, trial, stop, asking again, clearing and exporting, on the site."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest

from starbid.domain.assistant.question import Failure, State
from starbid.services.assistant import exporting
from tests.support.factories import ANNA, BORIS, join
from tests.support.fakes import FakeApp
from tests.support.helped import answered, asks, begun, failed, helped, member, use_up
from tests.support.there import there
from tests.support.web import Answer, Client, text


@pytest.fixture
def app() -> FakeApp:
    return helped()


@pytest.fixture
def anna(app: FakeApp) -> Client:
    return member(app)


def note(client: Client, answer: Answer) -> str:
    """What the next page tells."""
    assert answer.status == 303, answer.text
    page = client.get(answer.headers["location"].partition("#")[0])
    return re.sub(
        r"\s+", " ", page.text.partition('role="status"')[2].partition("<strong>")[2].partition("</strong>")[0]
    )


# --- consent ----------------------------------------------------------------------------------------------------------


def test_consent_is_kept_with_its_first_moment_and_taken_back_in_the_settings(app: FakeApp) -> None:
    join(app, ANNA)
    anna, at = Client(app).log_in(ANNA), app.now()
    assert "You have not agreed" in text(anna.get("/settings"))
    for _ in range(2):
        assert note(anna, anna.post_form("/assistant/consent", given="1")) == "Thank you. You can ask now."
        app.clock.forward(minutes=1)
    assert app.questions.account(ANNA).consent_at == at
    settings = anna.get("/settings")
    assert "You agreed:" in text(settings)
    assert '<input type="hidden" name="given" value="0">' in settings.text
    taken = anna.post_form("/assistant/consent", given="0", next="/settings")
    assert taken.headers["location"] == "/settings"
    assert note(anna, taken).startswith("No more questions go to the AI service.")
    assert app.questions.account(ANNA).consent_at is None
    assert 'action="/assistant/consent"' in anna.get("/assistant").text


def test_consent_taken_back_stops_what_is_being_written(app: FakeApp, anna: Client) -> None:
    asks(app)
    anna.post_form("/assistant/consent", given="0")
    assert there(app.questions.account(ANNA).open).stop


@pytest.mark.parametrize("given", ["", "yes", "2"])
def test_consent_is_yes_or_no(app: FakeApp, given: str) -> None:
    join(app, ANNA)
    assert Client(app).log_in(ANNA).post_form("/assistant/consent", given=given).status == 422
    assert app.questions.account(ANNA).consent_at is None


@pytest.mark.parametrize("target", ["//evil.example", "https://evil.example", "/assistant/stop", "/logout"])
def test_consent_leads_nowhere_else(app: FakeApp, target: str) -> None:
    join(app, ANNA)
    answer = Client(app).log_in(ANNA).post_form("/assistant/consent", given="1", next=target)
    assert answer.headers["location"] in ("/assistant", "/")


# --- the free trial ---------------------------------------------------------------------------------------------------


def test_the_trial_begins_with_a_press_and_a_second_one_says_the_same(app: FakeApp) -> None:
    anna = member(app, trial=False)
    page = text(anna.get("/assistant"))
    assert "10 answers are free." in page
    assert "They are there for 7 days." in page
    for _ in range(2):
        assert note(anna, anna.post_form("/assistant/trial")) == "Your free trial has begun."
    trial = there(app.questions.account(ANNA).trial)
    assert trial.until - app.now() == timedelta(days=7)
    assert "10 free answers until" in text(anna.get("/assistant"))


def test_a_trial_is_started_once(app: FakeApp, anna: Client) -> None:
    use_up(app)
    answer = anna.post_form("/assistant/trial")
    assert (answer.status, "You have started your free trial before." in text(answer)) == (409, True)
    app.clock.forward(days=8)
    assert anna.log_in(ANNA).post_form("/assistant/trial").status == 409


def test_where_there_is_no_trial_packs_are_offered_at_once() -> None:
    app = helped(TRIAL_MESSAGES="0")
    page = member(app, trial=False).get("/assistant").text
    assert 'id="trial"' not in page
    assert 'id="offers"' in page


# --- stop -------------------------------------------------------------------------------------------------------------


def test_stopping_is_told_and_asked_for_once(app: FakeApp, anna: Client) -> None:
    asked_id = asks(app)
    begun(app)
    for _ in range(2):
        answer = anna.post_form("/assistant/stop", id=asked_id)
        assert (answer.status, answer.headers["location"]) == (303, f"/assistant#q-{asked_id}")
    assert there(app.questions.account(ANNA).open).stop
    page = anna.get("/assistant")
    assert "Stopping" in text(page)
    assert 'action="/assistant/stop"' not in page.text


def test_what_is_over_cannot_be_stopped_and_that_is_fine(app: FakeApp, anna: Client) -> None:
    asked_id = asks(app)
    answered(app)
    assert anna.post_form("/assistant/stop", id=asked_id).status == 303
    assert there(app.questions.question(ANNA, asked_id)).state is State.DONE


def test_only_ones_own_question_is_stopped(app: FakeApp, anna: Client) -> None:
    asked_id = asks(app)
    assert member(app, BORIS).post_form("/assistant/stop", id=asked_id).status == 404
    for wrong in ("", "x", "0" * 17):
        assert anna.post_form("/assistant/stop", id=wrong).status == 404
    assert not there(app.questions.account(ANNA).open).stop


# --- once more --------------------------------------------------------------------------------------------------------


def again(client: Client, asked_id: str, **fields: Any) -> Answer:
    return client.post_form("/assistant/retry", id=asked_id, **{"request_id": "again"} | fields)


def test_what_failed_is_asked_again_in_its_place_and_once(app: FakeApp, anna: Client) -> None:
    asked_id = asks(app, text="Why is that?")
    failed(app)
    first = again(anna, asked_id)
    app.clock.forward(seconds=2)
    second = again(anna, asked_id)
    assert first.status == 303
    assert second.headers["location"] == first.headers["location"] != f"/assistant#q-{asked_id}"
    (question,) = app.store.tables.questions.values()
    assert (question.text, question.state) == ("Why is that?", State.QUEUED)


def test_what_was_answered_or_is_open_is_not_asked_again(app: FakeApp, anna: Client) -> None:
    open_id = asks(app)
    assert again(anna, open_id).status == 409
    answered(app)
    answer = again(anna, open_id)
    assert answer.status == 409
    assert "This question has been answered, or is being answered." in text(answer)


def test_anothers_question_is_not_there(app: FakeApp, anna: Client) -> None:
    asked_id = asks(app)
    failed(app)
    assert again(member(app, BORIS), asked_id).status == 404
    assert again(anna, "0" * 17).status == 404
    assert again(anna, "<x>").status == 404


def test_who_has_nothing_left_keeps_the_failed_question(app: FakeApp, anna: Client) -> None:
    asked_id = asks(app, text="Keep me")
    failed(app)
    use_up(app)
    answer = again(anna, asked_id)
    assert answer.status == 402
    assert "Your answers are used up." in text(answer)
    assert "Keep me" in text(answer)


def test_a_question_that_will_not_be_answered_has_no_such_button(app: FakeApp, anna: Client) -> None:
    asks(app)
    failed(app, failure=Failure.GONE)
    assert 'action="/assistant/retry"' not in anna.get("/assistant").text


# --- the history ------------------------------------------------------------------------------------------------------


def test_clearing_asks_first_and_clears_ones_own_alone(app: FakeApp, anna: Client) -> None:
    boris = member(app, BORIS)
    for user_id in (ANNA, BORIS):
        asks(app, user_id, "Who am I?")
        answered(app, user_id)
    question = text(anna.get("/assistant/clear"))
    assert "This cannot be undone." in question
    assert "Who am I?" in text(anna.get("/assistant"))
    assert note(anna, anna.post_form("/assistant/clear")) == "The history is cleared."
    assert "Who am I?" not in text(anna.get("/assistant"))
    assert "Who am I?" in text(boris.get("/assistant"))
    assert "9 free answers" in text(anna.get("/assistant"))


def test_what_is_being_answered_is_cleared_too_and_nothing_looks_at_it(app: FakeApp, anna: Client) -> None:
    asked_id = asks(app, text="Being answered")
    anna.post_form("/assistant/clear")
    assert "Being answered" not in text(anna.get("/assistant"))
    assert anna.get("/assistant/live", id=asked_id).status == 404


def exported(client: Client) -> Answer:
    answer = client.get("/assistant/history.txt")
    assert answer.status == 200
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert answer.headers["content-disposition"] == 'attachment; filename="ai-helper.txt"'
    assert answer.headers["cache-control"] == "private, no-store"
    return answer


def test_the_history_is_a_file_in_ones_own_language_and_zone(app: FakeApp) -> None:
    anna = member(app, language="ru", zone="Asia/Tokyo")
    asks(app, ANNA, "Почему <b>?")
    answered(app, answer="**Потому**")
    member(app, BORIS)
    asks(app, BORIS, "Not hers")
    file = exported(anna).text
    assert "Ваши вопросы Помогатору" in file
    assert "Почему <b>?" in file
    assert "**Потому**" in file
    assert "21:01 GMT+9" in file
    assert "Not hers" not in file


def test_an_empty_history_is_a_file_too(anna: Client) -> None:
    assert exported(anna).text == "Your questions to the AI helper\n"


@pytest.fixture
def talkative() -> tuple[FakeApp, Client]:
    """Thirty questions, from number 1 on."""
    app = helped(TRIAL_MESSAGES="100")
    anna = member(app)
    for number in range(1, 31):
        asks(app, text=f"Question {number}.")
        answered(app, answer="x" * 1000)
    return app, anna


def test_a_long_history_is_read_page_by_page(
    talkative: tuple[FakeApp, Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exporting, "AT_ONCE", 7)
    app, anna = talkative
    app.store.trips.clear()
    file = exported(anna).text
    assert all(f"Question {number}." in file for number in range(1, 31))
    assert app.store.trips.count("asked") == 5
    assert "There is more." not in file


@pytest.mark.parametrize(("limit", "value"), [("MOST_BYTES", 12_500), ("MOST_QUESTIONS", 5)])
def test_one_that_is_too_long_for_a_file_ends_with_a_line_that_says_so(
    talkative: tuple[FakeApp, Client], monkeypatch: pytest.MonkeyPatch, limit: str, value: int
) -> None:
    monkeypatch.setattr(exporting, limit, value)
    file = exported(talkative[1])
    assert len(file.body) < 12_500
    assert file.text.splitlines()[-1] == "There is more. Only the newest questions fit into one file."
    assert "Question 30." in file.text
    assert "Question 26." in file.text
    assert "Question 25." not in file.text


def test_a_visitor_has_no_history(app: FakeApp) -> None:
    for path in ("/assistant/history.txt", "/assistant/clear", "/assistant/packs"):
        assert Client(app).get(path).headers["location"].startswith("/login?next=")
