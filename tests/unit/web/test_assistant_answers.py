"""The conversation with the AI helper: questions with what came of them, and an answer while it grows."""

from __future__ import annotations

from html import unescape

import pytest
from markupsafe import escape

from starbid.domain.assistant.formatted import Formatted, Look, Mark
from starbid.domain.assistant.question import LONGEST_QUESTION, Failure, State
from tests.support.factories import ANNA, BORIS
from tests.support.fakes import FakeApp
from tests.support.helped import answered, asks, begun, failed, helped, member
from tests.support.web import Answer, Client, text

HOSTILE = '<script>alert(1)</script> {{ 7*7 }} "><img src=x onerror=alert(1)> \u202ecod'


@pytest.fixture
def app() -> FakeApp:
    return helped()


@pytest.fixture
def anna(app: FakeApp) -> Client:
    return member(app)


# --- the conversation -------------------------------------------------------------------------------------------------


def test_the_newest_question_comes_first_and_older_ones_by_pages() -> None:
    app = helped(TRIAL_MESSAGES="20")
    anna = member(app)
    for number in range(12):
        asks(app, text=f"Question {number} of many")
        answered(app)
    page = anna.get("/assistant")
    assert text(page).index("Question 11 of many") < text(page).index("Question 2 of many")
    assert "Question 1 of many" not in text(page)
    link = unescape(page.text.partition('more" href="')[2].partition('"')[0])
    path, _, query = link.partition("?")
    older = anna.send("GET", path, query)
    assert "Question 1 of many" in text(older)
    assert "Question 2 of many" not in text(older)
    assert "data-question" not in older.text
    assert 'href="/assistant">Newest questions' in older.text
    assert anna.get("/assistant", cursor="of another list").status == 422


def test_what_is_hostile_is_words(app: FakeApp, anna: Client) -> None:
    asks(app, text=HOSTILE)
    link = Mark(Look.LINK, 0, 5, url='https://a.b/"><script>alert(2)</script>')
    answered(app, answer=HOSTILE, shown=Formatted(HOSTILE, (link,)))
    for page in (anna.get("/assistant"), anna.post_form("/assistant", text=HOSTILE + "x" * LONGEST_QUESTION)):
        assert "<script>alert" not in page.text
        assert "<img src=x" not in page.text
        assert "&lt;script&gt;alert(1)" in page.text
        assert "{{ 7*7 }}" in page.text


def test_an_answer_looks_as_it_is_marked(app: FakeApp, anna: Client) -> None:
    asks(app)
    answered(app, shown=Formatted("Bold words", (Mark(Look.BOLD, 0, 4),)))
    assert "<b>Bold</b> words" in anna.get("/assistant").text


@pytest.mark.parametrize(
    ("failure", "said", "again"),
    [
        (Failure.UNREACHABLE, "The AI service does not answer right now. It cost you nothing.", True),
        (Failure.WITHHELD, "The AI service does not answer this question. It cost you nothing.", False),
        (Failure.BARRED, "You cannot use the AI helper for now. It cost you nothing.", False),
    ],
)
def test_a_question_without_an_answer_says_why_and_what_can_be_done(
    app: FakeApp, anna: Client, failure: Failure, said: str, again: bool
) -> None:
    asks(app)
    failed(app, failure=failure)
    page = anna.get("/assistant")
    assert said in text(page)
    assert ('action="/assistant/retry"' in page.text) is again
    assert "10 free answers" in text(page)


def test_an_answer_that_was_stopped_or_cut_says_so(app: FakeApp, anna: Client) -> None:
    asks(app)
    answered(app, answer="So far", state=State.STOPPED, cut=True)
    asks(app)
    answered(app, answer="As far as it goes", cut=True)
    page = text(anna.get("/assistant"))
    assert "You stopped the answer here." in page
    assert "The answer ends here: it was too long." in page


def test_the_page_speaks_russian_to_who_does(app: FakeApp) -> None:
    anna = member(app, language="ru")
    asks(app)
    failed(app)
    page = text(anna.get("/assistant"))
    for words in ("Помогатор", "10 бесплатных ответов", "Ваш вопрос", "Спросить", "Повторить", "Очистить историю"):
        assert words in page
    assert "AI helper" not in page


# --- an answer that grows ---------------------------------------------------------------------------------------------


def look(client: Client, asked_id: str, tag: str = "") -> Answer:
    return client.get(
        "/assistant/live", id=asked_id, headers={"hx-request": "true"} | ({"if-none-match": tag} if tag else {})
    )


def test_an_open_answer_is_looked_at_every_second_and_told_only_when_it_changed(app: FakeApp, anna: Client) -> None:
    asked_id = asks(app)
    assert f'hx-get="/assistant/live?id={asked_id}" hx-trigger="every 1s, due"' in anna.get("/assistant").text
    waits = look(anna, asked_id)
    assert (waits.status, "Waiting for its turn" in text(waits)) == (200, True)
    assert f'data-etag="{escape(waits.headers["etag"])}"' in waits.text
    assert look(anna, asked_id, waits.headers["etag"]).status == 304
    begun(app)
    writes = look(anna, asked_id, waits.headers["etag"])
    assert (writes.status, "The answer is being written" in text(writes)) == (200, True)
    app.live_answers.put(ANNA, asked_id, Formatted("It is <b>", (Mark(Look.ITALIC, 0, 2),)), app.now())
    grown = look(anna, asked_id, writes.headers["etag"])
    assert "<i>It</i> is &lt;b&gt;" in grown.text
    assert look(anna, asked_id, grown.headers["etag"]).status == 304
    assert grown.headers["cache-control"] == "private, no-store"


def test_one_that_is_over_takes_the_place_of_what_has_grown_and_is_looked_at_no_more(
    app: FakeApp, anna: Client
) -> None:
    asked_id = asks(app)
    answered(app, answer="All of it")
    over = look(anna, asked_id)
    assert (over.headers["hx-retarget"], over.headers["hx-reswap"]) == (f"#q-{asked_id}", "outerHTML")
    assert "All of it" in text(over)
    assert "hx-get" not in over.text
    assert "9 free answers" in text(over)
    assert 'id="left" class="left-line small quiet" hx-swap-oob="true"' in over.text
    assert (
        '<p id="answer-told" class="unseen" role="status" hx-swap-oob="innerHTML">The answer is there.</p>' in over.text
    )


def test_one_that_failed_brings_the_way_out(app: FakeApp, anna: Client) -> None:
    asked_id = asks(app)
    failed(app)
    over = look(anna, asked_id)
    assert 'action="/assistant/retry"' in over.text
    assert 'name="csrf_token" value="' in over.text
    assert over.text.count("It cost you nothing.") == 2, "it is read aloud as well"


def test_nobody_looks_at_anothers_question(app: FakeApp, anna: Client) -> None:
    asked_id = asks(app)
    boris = member(app, BORIS)
    assert look(boris, asked_id).status == 404
    for wrong in ("", "x", "0" * 17, "A" * 17, asked_id + "0"):
        assert look(anna, wrong).status == 404
    guest = look(Client(app), asked_id)
    assert guest.headers["hx-redirect"].startswith("/login?next=")


def test_a_look_that_finds_nothing_new_reads_little(app: FakeApp, anna: Client) -> None:
    asked_id = asks(app)
    tag = look(anna, asked_id).headers["etag"]
    app.store.trips.clear()
    assert look(anna, asked_id, tag).status == 304
    assert app.store.trips == ["person+wallet", "account_with"]


def test_without_scripts_everything_is_a_form_or_a_link(app: FakeApp, anna: Client) -> None:
    asks(app)
    page = anna.get("/assistant").text
    assert '<noscript><a class="button plain full" href="/assistant">See how far it is</a></noscript>' in page
    assert '<form method="post" action="/assistant/stop"' in page
    assert "hx-post" not in page
