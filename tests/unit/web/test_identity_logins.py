"""Logging in: what Telegram signed holds, once and for a day; nothing else does."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qsl, urlencode

import pytest

from starbid.domain.events import LoggedIn
from starbid.domain.people import Person
from starbid.services.ports import Contended, Unavailable
from tests.support.factories import ANNA, join
from tests.support.fake_clock import FakeClock
from tests.support.fakes import FakeApp, make_app
from tests.support.web import Client, init_data, widget_query
from web.kernel.session import SESSION_COOKIE

DAY = 24 * 3600


@pytest.fixture
def app() -> FakeApp:
    return make_app()


@pytest.fixture
def browser(app: FakeApp) -> Client:
    return Client(app)


def person(app: FakeApp, user_id: int = 7) -> Person | None:
    return app.store.tables.people.get(user_id)


def is_logged_in(browser: Client) -> bool:
    return browser.get("/api/v1/me").status == 200


def test_a_signed_query_logs_in_registers_and_goes_on(app: FakeApp, browser: Client) -> None:
    query = widget_query(app, last_name="Holm", username="vera", photo_url="https://t.me/x.jpg")
    answer = browser.get("/login/telegram", **query, next="/auction/lot1?page=2")
    assert (answer.status, answer.headers["location"]) == (303, "/auction/lot1?page=2")
    me = browser.get("/api/v1/me").json
    assert (me["id"], me["name"], me["username"]) == (7, "Vera Holm", "vera")


def test_every_login_is_an_event_for_the_log_with_its_way_in(app: FakeApp) -> None:
    assert Client(app).get("/login/telegram", **widget_query(app)).status == 303
    assert Client(app).post("/login/webapp", {"init_data": init_data(app)}).status == 200
    assert Client(app).get("/login/telegram", **widget_query(app, hash="0" * 64)).status == 403
    logins = [event for event in app.store.tables.events.values() if isinstance(event, LoggedIn)]
    assert [(login.how, login.at) for login in logins] == [("telegram", app.now()), ("mini_app", app.now())]
    assert len({login.id for login in logins}) == 2


def test_a_login_that_could_not_be_noted_did_not_happen_and_may_be_tried_again(app: FakeApp, browser: Client) -> None:
    query = widget_query(app)
    assert browser.get("/login/telegram", **query).status == 303
    again, other = Client(app), widget_query(app, first_name="Another")
    app.store.fail_next(Unavailable())
    assert again.get("/login/telegram", **other).status == 503
    assert not is_logged_in(again)
    assert again.get("/login/telegram", **other).status == 303


def test_a_query_is_good_for_one_login(app: FakeApp, browser: Client) -> None:
    query = widget_query(app)
    assert browser.get("/login/telegram", **query).status == 303
    app.clock.forward(hours=23)
    again = Client(app)
    assert again.get("/login/telegram", **query).status == 403
    assert again.get("/login/telegram", **query, next="/wallet").status == 403
    assert not is_logged_in(again)


def test_a_look_ahead_by_head_does_not_use_the_query_up(app: FakeApp, browser: Client) -> None:
    query = widget_query(app)
    assert browser.send("HEAD", "/login/telegram", urlencode(query)).status == 204
    assert browser.get("/login/telegram", **query).status == 303


def test_a_login_that_fails_on_our_side_may_be_tried_again(app: FakeApp, browser: Client) -> None:
    join(app, 7, name="An older name")
    query = widget_query(app)
    app.store.fail_next(RuntimeError("the store is away"))
    assert browser.get("/login/telegram", **query).status == 500
    assert browser.get("/login/telegram", **query).status == 303


@pytest.mark.parametrize(("age", "status"), [(DAY, 303), (DAY + 1, 403), (-300, 303), (-301, 403)])
def test_a_query_is_good_for_a_day_and_not_from_the_future(
    app: FakeApp, browser: Client, age: int, status: int
) -> None:
    at = int(app.now().timestamp()) - age
    assert browser.get("/login/telegram", **widget_query(app, auth_date=at)).status == status


@pytest.mark.parametrize(
    "change",
    [
        {"id": "8"},
        {"first_name": "Eve"},
        {"auth_date": "1"},
        {"admin": "1"},
        {"hash": "0" * 64},
        {"hash": ""},
        {"hash": "ё"},
    ],
)
def test_a_query_that_was_changed_is_refused(app: FakeApp, browser: Client, change: dict[str, Any]) -> None:
    answer = browser.get("/login/telegram", **(widget_query(app) | change))
    assert answer.status == 403
    assert SESSION_COOKIE not in browser.cookies
    assert person(app) is None


def test_a_hash_in_capitals_does_not_open_a_used_query_again(app: FakeApp, browser: Client) -> None:
    query = widget_query(app)
    browser.get("/login/telegram", **query)
    assert Client(app).get("/login/telegram", **(query | {"hash": query["hash"].upper()})).status == 403


def test_a_field_given_twice_is_refused(app: FakeApp, browser: Client) -> None:
    query = urlencode(widget_query(app))
    assert browser.send("GET", "/login/telegram", f"id=8&{query}").status == 403
    assert browser.send("GET", "/login/telegram", f"{query}&id=8").status == 403


@pytest.mark.parametrize("user_id", ["0", "-7", "1.5", "seven", "", "9" * 30, "٧"])
def test_an_id_that_is_none_is_refused_even_if_signed(app: FakeApp, browser: Client, user_id: str) -> None:
    assert browser.get("/login/telegram", **widget_query(app, id=user_id)).status == 403


@pytest.mark.parametrize(
    "target", ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:1", "/a\nb", "evil", ""]
)
def test_nobody_is_sent_to_another_site(app: FakeApp, browser: Client, target: str) -> None:
    assert browser.get("/login/telegram", **widget_query(app), next=target).headers["location"] == "/"


def test_html_in_a_name_comes_back_as_it_was(app: FakeApp, browser: Client) -> None:
    browser.get("/login/telegram", **widget_query(app, first_name="<b>Vera</b>&\"'"))
    assert browser.get("/api/v1/me").json["name"] == "<b>Vera</b>&\"'"


def test_a_newcomer_is_spoken_to_in_the_language_of_their_browser(app: FakeApp, browser: Client) -> None:
    browser.get("/login/telegram", headers={"accept-language": "ru-RU,ru;q=0.9"}, **widget_query(app))
    assert browser.get("/api/v1/me").json["language"] == "ru"
    Client(app).get("/login/telegram", headers={"accept-language": "en"}, **widget_query(app, auth_date=1777636799))
    assert browser.get("/api/v1/me").json["language"] == "ru"


def test_a_blocked_person_can_log_in_and_read(app: FakeApp, browser: Client) -> None:
    join(app, 7, blocked=True, name="Vera")
    assert browser.get("/login/telegram", **widget_query(app)).status == 303
    assert browser.get("/api/v1/me").json["blocked"] is True


# --- Mini App ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["form", "json"])
def test_init_data_logs_in_without_a_token(app: FakeApp, browser: Client, kind: str) -> None:
    data = init_data(app, {"id": 7, "first_name": "Вера", "username": "vera", "language_code": "ru"})
    if kind == "form":
        answer = browser.post_form("/login/webapp", init_data=data)
    else:
        answer = browser.post("/login/webapp", {"init_data": data, "next": "/wallet"})
    assert answer.status == 200
    assert is_logged_in(browser)
    known = person(app)
    assert known is not None
    assert (known.name, known.language) == ("Вера", "ru")


def test_the_answer_to_init_data_holds_the_token_for_what_comes_next(app: FakeApp, browser: Client) -> None:
    answer = browser.post_form("/login/webapp", init_data=init_data(app)).json
    assert browser.send("POST", "/logout", headers={"x-csrf-token": answer["csrf_token"]}).status == 303


def test_a_form_that_a_browser_sends_by_itself_is_led_on(app: FakeApp, browser: Client) -> None:
    answer = browser.post_form(
        "/login/webapp", headers={"accept": "text/html,*/*"}, init_data=init_data(app), next="/wallet"
    )
    assert (answer.status, answer.headers["location"]) == (303, "/wallet")


def test_the_same_init_data_opens_the_app_again_within_a_day(app: FakeApp) -> None:
    data = init_data(app)
    assert Client(app).post_form("/login/webapp", init_data=data).status == 200
    app.clock.forward(seconds=DAY)
    assert Client(app).post_form("/login/webapp", init_data=data).status == 200
    app.clock.forward(seconds=1)
    assert Client(app).post_form("/login/webapp", init_data=data).status == 403


@pytest.mark.parametrize("field", ["user", "auth_date", "query_id", "signature"])
def test_each_field_of_init_data_is_signed(app: FakeApp, browser: Client, field: str) -> None:
    fields = dict(parse_qsl(init_data(app)))
    fields[field] = fields[field].replace("7", "8") + " "
    assert browser.post_form("/login/webapp", init_data=urlencode(fields)).status == 403
    del fields[field]
    assert browser.post_form("/login/webapp", init_data=urlencode(fields)).status == 403
    assert not is_logged_in(browser)


@pytest.mark.parametrize(
    "user",
    [
        "",
        "null",
        "[]",
        "7",
        "{}",
        '{"id": "7"}',
        '{"id": true}',
        '{"id": -1}',
        '{"id": 1e3}',
        '{"id": 99999999999999999999}',
        "{",
    ],
)
def test_init_data_without_a_user_is_refused(app: FakeApp, browser: Client, user: str) -> None:
    assert browser.post_form("/login/webapp", init_data=init_data(app, user=user)).status == 403


@pytest.mark.parametrize("body", [{}, {"init_data": None}, {"init_data": 5}, {"init_data": ""}, {"init_data": "hash"}])
def test_a_missing_init_data_is_refused(browser: Client, body: dict[str, Any]) -> None:
    assert browser.post("/login/webapp", body).status == 403


def test_a_query_of_the_widget_is_no_init_data_and_the_other_way_round(app: FakeApp, browser: Client) -> None:
    user = json.dumps({"id": 7, "first_name": "Vera"})
    as_init_data = urlencode(widget_query(app, user=user))
    assert browser.post_form("/login/webapp", init_data=as_init_data).status == 403
    assert browser.send("GET", "/login/telegram", init_data(app, id=7)).status == 403


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"},
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": "http://127.0.0.1:9000"},
    ],
)
def test_another_site_cannot_log_a_visitor_in(app: FakeApp, browser: Client, headers: dict[str, str]) -> None:
    answer = browser.post_form("/login/webapp", headers=headers, init_data=init_data(app))
    assert answer.status == 403
    assert not is_logged_in(browser)


@pytest.mark.parametrize("headers", [{"origin": "http://127.0.0.1:8000", "sec-fetch-site": "same-origin"}, {}])
def test_our_own_page_can(app: FakeApp, browser: Client, headers: dict[str, str]) -> None:
    assert browser.post_form("/login/webapp", headers=headers, init_data=init_data(app)).status == 200


def test_half_a_surrogate_pair_in_a_name_is_no_fault_of_ours(app: FakeApp, browser: Client) -> None:
    data = init_data(app, user='{"id": 7, "first_name": "\\ud800Vera"}')
    assert browser.post_form("/login/webapp", init_data=data).status == 200
    assert is_logged_in(browser)


@pytest.mark.parametrize(("fault", "status"), [(Contended(), 409), (Unavailable(), 503)])
def test_a_store_that_is_busy_is_said_to_be_so(app: FakeApp, browser: Client, fault: Exception, status: int) -> None:
    join(app, ANNA, name="An older name")
    query = widget_query(app, id=ANNA)
    app.store.fail_next(fault, times=20)
    assert browser.get("/login/telegram", **query).status == status
    app.store.heal()
    assert browser.get("/login/telegram", **query).status == 303


def test_a_proof_dated_by_the_worlds_clock_holds_where_the_local_clock_was_moved_on(
    app: FakeApp,
) -> None:
    query = widget_query(app)
    world = FakeClock()
    app.clock.forward(days=8)
    assert Client(app).get("/login/telegram", **query).status == 403
    app.world = world
    assert Client(app).get("/login/telegram", **query).status == 303
    old = widget_query(app, id=8, auth_date=int(world.now.timestamp()) - 86_401)
    assert Client(app).get("/login/telegram", **old).status == 403
