"""Every route of the panel for everybody: made from the routes, so a new one is tested as it comes."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from starbid.domain.roles import Role
from tests.support.factories import ANNA, join
from tests.support.fakes import FakeApp, make_app
from tests.support.web import Client
from web.admin.desk import Needs
from web.app import _router
from web.kernel.routing import Route

PEOPLE = {"visitor": None, "person": 50, "viewer": 51, "support": 52, "finance": 53, "owner": 54}
EXAMPLES = {
    "person_id": str(ANNA),
    "auction_id": "nolot",
    "order_id": "a",
    "bill_id": "0" * 32,
    "payout_id": "nopayout",
    "ticket_id": "noticket",
    "export_id": "noexport",
    "view_id": "0" * 16,
}
ROUTES = [route for route in _router().routes if route.path == "/admin" or route.path.startswith("/admin/")]


def address(route: Route) -> str:
    return re.sub(r"<(\w+)>", lambda variable: EXAMPLES.get(variable[1], "x1"), route.path)


@pytest.fixture(scope="module")
def app() -> FakeApp:
    app = make_app()
    join(app, ANNA)
    for name, user_id in PEOPLE.items():
        if user_id:
            join(app, user_id)
            role = Role(name) if name in {*Role} else None
            app.store.tables.people[user_id] = replace(app.store.tables.people[user_id], role=role)
    return app


def ask(app: FakeApp, who: str, route: Route, *, csrf: bool = True) -> int:
    client, user_id = Client(app), PEOPLE[who]
    if user_id:
        client.log_in(user_id)
    if route.method == "GET":
        return client.get(address(route)).status
    return client.post_form(address(route), csrf=csrf).status


def test_there_are_routes_and_each_says_what_it_needs() -> None:
    assert len(ROUTES) > 10
    assert [route.path for route in ROUTES if not isinstance(route.about, Needs)] == []


@pytest.mark.parametrize("who", PEOPLE)
@pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{route.method} {route.path}")
def test_it_is_not_there_for_who_has_no_role_and_refused_to_who_has_too_small_a_one(
    app: FakeApp, route: Route, who: str
) -> None:
    assert isinstance(route.about, Needs)
    role = Role(who) if who in {*Role} else None
    status = ask(app, who, route)
    if role is None:
        assert status == 404
    elif not role.has(route.about.right):
        assert status == 403
    else:
        assert status != 403
        assert status < 500


@pytest.mark.parametrize("who", PEOPLE)
@pytest.mark.parametrize(
    "route", [route for route in ROUTES if route.method == "POST"], ids=lambda route: str(route.path)
)
def test_no_form_counts_without_its_token(app: FakeApp, route: Route, who: str) -> None:
    before = app.store.tables.snapshot()
    status = ask(app, who, route, csrf=False)
    assert status == (403 if who in {*Role} else 404)
    assert app.store.tables == before


@pytest.mark.parametrize(
    "route",
    [route for route in ROUTES if "GET" not in _router().methods(address(route))],
    ids=lambda route: str(route.path),
)
def test_a_get_of_a_forms_address_leads_an_operator_into_the_panel(app: FakeApp, route: Route) -> None:
    answer = Client(app).log_in(PEOPLE["owner"] or 0).get(address(route))
    assert answer.status == 303
    assert answer.headers["location"].startswith("/admin")


METHODS = ("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE", "BREW")
ADDRESSES = sorted({address(route) for route in ROUTES} | {"/admin/no-such-section", "/admin//x"})


@pytest.mark.parametrize("who", ["visitor", "person"])
@pytest.mark.parametrize("path", ADDRESSES)
def test_for_who_has_no_role_nothing_of_it_is_there_whatever_is_asked_for_and_how(
    app: FakeApp, path: str, who: str
) -> None:
    client, user_id = Client(app), PEOPLE[who]
    if user_id:
        client.log_in(user_id)
    asked = [(method, there) for method in METHODS for there in (path, f"{path}/", f"{path}//")]
    answers = {each: client.send(*each) for each in asked}
    assert {each: answer.status for each, answer in answers.items() if answer.status != 404} == {}
    assert [each for each, answer in answers.items() if {"allow", "location"} & answer.headers.keys()] == []


def test_an_operator_is_told_methods_and_led_past_a_slash_too_many(app: FakeApp) -> None:
    operator = Client(app).log_in(PEOPLE["viewer"] or 0)
    told = operator.send("OPTIONS", "/admin/resume")
    assert (told.status, told.headers["allow"]) == (204, "OPTIONS, POST")
    led = operator.get("/admin/")
    assert (led.status, led.headers["location"]) == (308, "/admin")
    assert operator.send("PUT", "/admin/resume").status == 405
