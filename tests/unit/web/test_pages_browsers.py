"""Notices in browsers on the site: set up by a script, listed and left by forms, gone with a logout."""

from __future__ import annotations

import pytest

from starbid.domain.channels import Channel
from starbid.further.push.vapid import new_keys
from tests.support.browsers import Reading
from tests.support.factories import ANNA, BORIS, join
from tests.support.fakes import FakeApp, make_app
from tests.support.there import there
from tests.support.web import Answer, Client, text

KEYS = {"VAPID_PUBLIC_KEY": new_keys()[1], "VAPID_SUBJECT": "mailto:push@example.com"}
CHROME = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36"
AS_SCRIPT = {"accept": "application/json", "user-agent": CHROME}


@pytest.fixture
def app() -> FakeApp:
    app = make_app(KEYS)
    join(app, ANNA)
    join(app, BORIS)
    return app


@pytest.fixture
def anna(app: FakeApp) -> Client:
    return Client(app).log_in(ANNA)


def set_up(client: Client, browser: Reading, **more: object) -> Answer:
    return client.post_form("/settings/push", headers=AS_SCRIPT, **browser.form, **more)


def marks(app: FakeApp, who: int = ANNA) -> list[str]:
    return [browser.mark for browser in app.browsers.of(who)]


def test_the_script_sets_a_browser_up_and_the_page_lists_it(app: FakeApp, anna: Client) -> None:
    browser = Reading("one")
    answer = set_up(anna, browser)
    assert answer.status == 201
    assert answer.json == {"id": browser.address.mark, "device": "Chrome, Linux"}
    page = anna.get("/settings")
    assert "Chrome, Linux" in text(page)
    assert "Last used:" in text(page)
    assert browser.address.endpoint not in page.text, "it is a secret of the browser's"
    assert f'data-push="{KEYS["VAPID_PUBLIC_KEY"]}"' in page.text


def test_the_same_subscription_twice_is_one_browser(app: FakeApp, anna: Client) -> None:
    browser = Reading("one")
    assert [set_up(anna, browser).status for _ in range(2)] == [201, 201]
    assert marks(app) == [browser.address.mark]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("endpoint", "https://127.0.0.1/a"),
        ("endpoint", "http://push.example.net/a"),
        ("endpoint", "https://push.example.net/" + "a" * 10_000),
        ("endpoint", "https://push.example.net:22/"),
        ("endpoint", "\ud800"),
        ("p256dh", "garbage"),
        ("p256dh", "A" * 87),
        ("auth", "short"),
        ("auth", "x" * 10_000),
        ("auth", ""),
    ],
)
def test_what_no_browser_says_is_refused_by_name(app: FakeApp, anna: Client, field: str, value: str) -> None:
    given = {**Reading("one").form, field: value.encode("utf-8", "replace").decode()}
    answer = anna.post_form("/settings/push", headers=AS_SCRIPT, **given)
    assert answer.status == 422
    assert answer.json["error"]["details"]["field"] == field
    assert marks(app) == []
    assert app.store.tables.people[ANNA].heard_by == {}


def test_a_browser_is_left_by_a_form_twice_if_need_be(app: FakeApp, anna: Client) -> None:
    set_up(anna, Reading("one"))
    for _ in range(2):
        answer = anna.post_form("/settings/push/remove", browser=Reading("one").address.mark)
        assert answer.status == 303
    (mark,) = marks(app)
    assert anna.post_form("/settings/push/remove", browser=mark).headers["location"] == "/settings#push"
    assert marks(app) == []
    assert "The browser is removed." in text(anna.get("/settings"))
    assert Channel.PUSH not in there(app.store.person(ANNA)).heard_by


def test_nobody_leaves_the_browser_of_another_person(app: FakeApp, anna: Client) -> None:
    set_up(anna, Reading("one"))
    Client(app).log_in(BORIS).post_form("/settings/push/remove", browser=marks(app)[0])
    assert len(marks(app)) == 1


def test_a_logout_leaves_the_browser_that_it_happens_in_alone(app: FakeApp, anna: Client) -> None:
    one, other = Reading("one"), Reading("other")
    set_up(anna, one)
    set_up(anna, other)
    assert anna.post_form("/logout", push=one.address.mark).status == 303
    assert marks(app) == [other.address.mark]


def test_a_logout_with_anything_else_in_it_is_a_logout(app: FakeApp, anna: Client) -> None:
    set_up(anna, Reading("one"))
    assert anna.post_form("/logout", push="x" * 5000).status == 303
    assert anna.get("/settings").status == 303
    assert len(marks(app)) == 1


def test_who_logs_in_next_takes_the_browser_over(app: FakeApp, anna: Client) -> None:
    shared = Reading("shared")
    set_up(anna, shared)
    assert set_up(Client(app).log_in(BORIS), shared).status == 201
    assert (marks(app), marks(app, BORIS)) == ([], [shared.address.mark])


def test_a_worker_learns_what_it_needs_to_say_where_the_browser_went(app: FakeApp, anna: Client) -> None:
    before, after = Reading("before"), Reading("after")
    set_up(anna, before)
    told = anna.get("/settings/push", headers=AS_SCRIPT).json
    assert told["key"] == KEYS["VAPID_PUBLIC_KEY"]
    moved = after.form | {"instead_of": before.address.mark}
    answer = anna.post_form("/settings/push", csrf=None, headers=AS_SCRIPT | {"x-csrf-token": told["csrf"]}, **moved)
    assert answer.status == 201
    assert marks(app) == [after.address.mark]


def test_without_a_session_or_a_token_nothing_is_set_up(app: FakeApp, anna: Client) -> None:
    assert Client(app).get("/settings/push", headers={"accept": "application/json"}).status == 401
    assert set_up(Client(app), Reading("one")).status == 403
    assert anna.post_form("/settings/push", csrf=None, headers=AS_SCRIPT, **Reading("one").form).status == 403
    assert marks(app) == []


def test_where_it_is_not_on_offer_the_page_says_nothing_of_it() -> None:
    app = make_app()
    join(app, ANNA)
    anna = Client(app).log_in(ANNA)
    page = anna.get("/settings").text
    assert "push" not in page
    assert set_up(anna, Reading("one")).status == 404
    assert anna.get("/settings/push", headers={"accept": "application/json"}).status == 404


def test_the_worker_stands_at_the_root_and_is_asked_for_each_time(anna: Client) -> None:
    answer = anna.get("/sw.js")
    assert answer.status == 200
    assert answer.headers["content-type"].startswith("text/javascript")
    assert answer.headers["cache-control"] == "no-cache"
    assert "'unsafe" not in answer.headers["content-security-policy"]


def test_pages_of_people_take_over_and_pages_of_visitors_do_not(app: FakeApp, anna: Client) -> None:
    assert "/static/push." in anna.get("/").text
    assert "/static/push." not in Client(app).get("/").text
