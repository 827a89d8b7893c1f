"""The audit log in the panel."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlencode

import pytest

from starbid.domain.audit_trail import Operator, decided
from starbid.domain.roles import Role
from tests.support import factories
from tests.support.dynamo import join
from tests.support.fakes import FakeApp, make_app
from tests.support.web import Client

OWNER = 900


@pytest.fixture
def app() -> FakeApp:
    app = make_app()
    join(app, OWNER)
    return app


def act(app: FakeApp, number: int, action: str = "block-person", user_id: int = 101, **facts: str) -> None:
    decision = decided(Operator(OWNER, Role.OWNER, "10.0.0.9"), f"because {number}", f"k{number}", app.now())
    unit = app.store.unit()
    unit.audit(decision.entry(action, user_id=user_id, **facts))
    unit.commit()
    app.clock.forward(seconds=1)


def test_who_did_what_on_whom_and_why(app: FakeApp) -> None:
    act(app, 1, subject="lot/abc", before="open", after="<b>closed</b>")
    page = Client(app).log_in(OWNER).get("/admin/audit")
    assert page.status == 200
    for told in ("Blocked a person", "/admin/users/101", "/admin/lots/abc", "open", "because 1", "10.0.0.9"):
        assert told in page.text
    assert "<b>closed" not in page.text


def test_an_action_that_has_no_words_is_shown_as_it_is(app: FakeApp) -> None:
    act(app, 1, action="paint-it-black")
    assert "paint-it-black" in Client(app).log_in(OWNER).get("/admin/audit").text


def test_filters_stand_in_the_address_and_pages_keep_them(app: FakeApp) -> None:
    for number in range(60):
        act(app, number, user_id=101 + number % 2)
    browser = Client(app).log_in(OWNER)
    page = browser.get("/admin/audit", user_id=101)
    assert page.text.count("because") == 30
    first = browser.get("/admin/audit", action="block-person")
    assert first.text.count("because") == 50
    (following,) = (line for line in first.text.split('href="') if line.startswith("/admin/audit?"))
    path, _, query = following.partition('"')[0].replace("&amp;", "&").partition("?")
    assert "action=block-person" in query
    assert browser.send("GET", path, query).text.count("because") == 10


def test_days_are_those_of_the_operator(app: FakeApp) -> None:
    act(app, 1)
    browser = Client(app).log_in(OWNER)
    day, next_day = f"{app.now():%Y-%m-%d}", f"{app.now() + timedelta(days=1):%Y-%m-%d}"
    assert "because 1" in browser.send("GET", "/admin/audit", f"from={day}&to={day}").text
    assert "because 1" not in browser.send("GET", "/admin/audit", f"from={next_day}").text


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"from": "now"}, "from"),
        ({"user_id": "@anna"}, "user_id"),
        ({"admin_id": "9" * 99}, "admin_id"),
        ({"from": "2026-05-02", "to": "2026-05-01"}, "to"),
        ({"user_id": "٣"}, "user_id"),
    ],
)
def test_a_filter_that_is_none_is_told_of(app: FakeApp, query: dict[str, str], field: str) -> None:
    page = Client(app).log_in(OWNER).send("GET", "/admin/audit", urlencode(query))
    assert page.status == 422
    assert f'id="fault-{field}"' in page.text


def test_a_cursor_that_is_none_is_refused(app: FakeApp) -> None:
    assert Client(app).log_in(OWNER).get("/admin/audit", cursor="nonsense").status == 422


@pytest.mark.parametrize("role", Role)
def test_every_role_sees_it_and_nobody_else(app: FakeApp, role: Role) -> None:
    act(app, 1)
    app.store.add_person(factories.person(700, joined_at=app.now(), role=role))
    assert "because 1" in Client(app).log_in(700).get("/admin/audit").text
    join(app, 701)
    for browser in (Client(app), Client(app).log_in(701)):
        assert browser.get("/admin/audit").status == 404


def test_nothing_done_is_said_in_words(app: FakeApp) -> None:
    browser = Client(app).log_in(OWNER)
    assert "No operator has done anything yet." in browser.get("/admin/audit").text
    assert "No operator has done anything like this." in browser.get("/admin/audit", user_id=5).text
