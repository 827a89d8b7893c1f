"""A login as another person where somebody is logged in: it asks first, by whatever way it comes."""

from __future__ import annotations

import re
from typing import Any

import pytest

from starbid.domain.people import Person
from starbid.services.ports import Contended
from tests.support.factories import ANNA, BORIS, join
from tests.support.fakes import FakeApp, make_app
from tests.support.web import Answer, Client, init_data, text, widget_query

VERA = 7_700_000_007


@pytest.fixture
def app() -> FakeApp:
    app = make_app()
    join(app, ANNA, name="Anna")
    join(app, BORIS, name="Boris")
    return app


@pytest.fixture
def anna(app: FakeApp) -> Client:
    return Client(app).log_in(ANNA)


def vera(app: FakeApp, **fields: object) -> dict[str, Any]:
    return widget_query(app, id=VERA, first_name="Vera", **fields)


def person(app: FakeApp) -> Person | None:
    return app.store.tables.people.get(VERA)


def who(browser: Client) -> int | None:
    answer = browser.get("/api/v1/me")
    return int(answer.json["id"]) if answer.status == 200 else None


def fields_of(answer: Answer) -> tuple[str, dict[str, Any]]:
    """Action and hidden fields of the form that goes on as the new one."""
    form = answer.text.split("<main")[1].split("<form")[1].split("</form>")[0]
    action = re.search(r'action="([^"]+)"', form)
    assert action
    fields = dict(re.findall(r'name="([^"]+)" value="([^"]*)"', form))
    return action[1], {name: value.replace("&amp;", "&").replace("&#34;", '"') for name, value in fields.items()}


def go_on(browser: Client, question: Answer) -> Answer:
    action, fields = fields_of(question)
    return browser.post_form(action, csrf=False, **fields)


# --- a link -----------------------------------------------------------------------------------------------------------


def test_a_link_of_another_person_asks_and_changes_nothing(app: FakeApp, anna: Client) -> None:
    question = anna.get("/login/telegram", **vera(app), next="/auction/lot1")
    assert question.status == 200
    assert "You are logged in here as Anna. Log in as Vera instead?" in text(question)
    assert not question.cookies
    assert 'href="/auction/lot1"' in question.text
    assert who(anna) == ANNA
    assert person(app) is None, "nobody is registered by a question"


def test_it_asks_in_russian_too(app: FakeApp, anna: Client) -> None:
    app.people.set_language(ANNA, "ru")
    assert "Здесь выполнен вход как Anna. Войти как Vera?" in text(anna.get("/login/telegram", **vera(app)))


def test_being_asked_does_not_use_the_link_up_and_going_on_does(app: FakeApp, anna: Client) -> None:
    query = vera(app)
    for _ in range(2):
        question = anna.get("/login/telegram", **query, next="/wallet")
    answer = go_on(anna, question)
    assert (answer.status, answer.headers["location"]) == (303, "/wallet")
    assert who(anna) == VERA
    assert Client(app).get("/login/telegram", **query).status == 403
    assert Client(app).log_in(ANNA).get("/login/telegram", **query).status == 403


def test_the_session_that_was_replaced_is_over_on_the_server(app: FakeApp, anna: Client) -> None:
    copy = Client(app)
    copy.cookies = dict(anna.cookies)
    go_on(anna, anna.get("/login/telegram", **vera(app)))
    assert who(copy) is None


def test_the_same_person_logs_in_again_without_a_question_and_what_goes_on_in_it_ends_with_it(
    app: FakeApp, anna: Client
) -> None:
    copy = Client(app)
    copy.cookies = dict(anna.cookies)
    assert anna.get("/login/telegram", **widget_query(app, id=ANNA)).status == 303
    assert (who(anna), who(copy)) == (ANNA, ANNA)
    go_on(anna, anna.get("/login/telegram", **vera(app)))
    assert (who(anna), who(copy)) == (VERA, None)


def test_going_on_takes_the_token_of_the_page_that_asked(app: FakeApp, anna: Client) -> None:
    action, fields = fields_of(anna.get("/login/telegram", **vera(app)))
    for token in ({}, {"csrf_token": "0" * 64}, {"csrf_token": Client(app).log_in(BORIS).csrf_token}):
        assert anna.post_form(action, csrf=False, **(fields | {"csrf_token": ""} | token)).status == 403
    assert who(anna) == ANNA


@pytest.mark.parametrize("proof", ["", "id=1", "a=%zz", "hash=" + "0" * 64])
def test_going_on_takes_a_proof_that_holds(app: FakeApp, anna: Client, proof: str) -> None:
    assert anna.post_form("/login/telegram", proof=proof).status == 403
    assert who(anna) == ANNA


def test_a_proof_that_was_changed_after_the_question_does_not_hold(app: FakeApp, anna: Client) -> None:
    action, fields = fields_of(anna.get("/login/telegram", **vera(app)))
    fields["proof"] = fields["proof"].replace(str(VERA), str(BORIS))
    assert anna.post_form(action, csrf=False, **fields).status == 403
    assert who(anna) == ANNA


def test_where_nobody_is_logged_in_nothing_is_asked(app: FakeApp, anna: Client) -> None:
    app.people.end_sessions(ANNA, app.now())
    assert anna.get("/login/telegram", **vera(app)).status == 303
    assert who(anna) == VERA


def test_a_name_of_marks_is_only_text(app: FakeApp, anna: Client) -> None:
    page = anna.get("/login/telegram", **widget_query(app, id=VERA, first_name='<b>"Vera'))
    assert "<b>" not in page.text.split("<main")[1]
    assert go_on(anna, page).status == 303
    nameless = Client(app).log_in(ANNA).get("/login/telegram", **widget_query(app, id=8, first_name=""))
    assert "another account" in text(nameless)


def test_a_switch_that_fails_on_our_side_may_be_tried_again(app: FakeApp, anna: Client) -> None:
    question = anna.get("/login/telegram", **vera(app))
    app.store.fail_next(Contended(), times=20)
    assert go_on(anna, question).status == 409
    app.store.heal()
    assert who(anna) == ANNA
    assert go_on(anna, question).status == 303


# --- the Mini App -----------------------------------------------------------------------------------------------------


def proof(app: FakeApp) -> str:
    return init_data(app, user={"id": VERA, "first_name": "Vera"})


def test_the_script_of_a_mini_app_is_told_to_ask(app: FakeApp, anna: Client) -> None:
    answer = anna.post_form("/login/webapp", init_data=proof(app), next="/wallet")
    assert (answer.status, answer.code) == (409, "other_account")
    assert answer.json["error"]["message"] == "You are logged in here as Anna. Log in as Vera instead?"
    assert answer.json["error"]["details"] == {"current": "Anna", "new": "Vera"}
    assert who(anna) == ANNA
    by_json = anna.post("/login/webapp", {"init_data": proof(app)})
    assert (by_json.status, by_json.code) == (409, "other_account")


def test_its_answer_takes_the_other_ones_place(app: FakeApp, anna: Client) -> None:
    copy = Client(app)
    copy.cookies = dict(anna.cookies)
    answer = anna.post_form("/login/webapp", init_data=proof(app), next="/wallet", replace="1")
    assert answer.json == answer.json | {"ok": True, "user_id": VERA, "next": "/wallet"}
    assert who(anna) == VERA
    assert who(copy) is None


@pytest.mark.parametrize("replace", ["0", "", "yes"])
def test_anything_but_yes_is_no(app: FakeApp, anna: Client, replace: str) -> None:
    assert anna.post_form("/login/webapp", init_data=proof(app), replace=replace).status == 409


def test_to_take_a_place_needs_the_token_of_the_session_that_ends(app: FakeApp, anna: Client) -> None:
    refused = anna.post_form("/login/webapp", csrf=False, init_data=proof(app), replace="1")
    assert refused.status == 403
    assert who(anna) == ANNA
    assert anna.post("/login/webapp", {"init_data": proof(app), "replace": True}).status == 200


def test_a_form_of_the_mini_app_gets_a_page_that_asks(app: FakeApp, anna: Client) -> None:
    html = {"accept": "text/html"}
    question = anna.post_form("/login/webapp", headers=html, init_data=proof(app), next="/wallet")
    assert question.status == 409
    action, fields = fields_of(question)
    answer = anna.post_form(action, csrf=False, headers=html, **fields)
    assert (answer.status, answer.headers["location"]) == (303, "/wallet")
    assert who(anna) == VERA


def test_the_same_person_is_never_asked(app: FakeApp, anna: Client) -> None:
    same = init_data(app, user={"id": ANNA, "first_name": "Anna"})
    assert anna.post_form("/login/webapp", init_data=same).status == 200


# --- the bot ----------------------------------------------------------------------------------------------------------


def confirmed(app: FakeApp, browser: Client) -> dict[str, Any]:
    """An attempt that this browser began and that Boris confirmed in his chat."""
    began = browser.post_form("/login/code/begin", next="/wallet").headers["location"]
    code = began.split("code=")[1].split("&")[0]
    return {"code": code, "pin": app.logins.confirm(code, BORIS, app.now()), "next": "/wallet"}


def test_a_code_of_another_person_asks_and_is_not_used_up(app: FakeApp, anna: Client) -> None:
    fields = confirmed(app, anna)
    for _ in range(7):  # more often than wrong codes may be typed
        question = anna.post_form("/login/code", **fields)
        assert question.status == 409
        assert "You are logged in here as Anna. Log in as Boris instead?" in text(question)
    assert who(anna) == ANNA
    answer = go_on(anna, question)
    assert (answer.status, answer.headers["location"]) == (303, "/wallet")
    assert who(anna) == BORIS
    assert Client(app).log_in(ANNA).post_form("/login/code", **fields).status == 409


def test_wrong_codes_still_count(app: FakeApp, anna: Client) -> None:
    fields = confirmed(app, anna)
    wrong = fields | {"pin": "000000" if fields["pin"] != "000000" else "111111"}
    for _ in range(5):
        assert anna.post_form("/login/code", **wrong).status == 422
    assert anna.post_form("/login/code", **fields, replace="1").status == 409
    assert who(anna) == ANNA
