"""A browser may send two sessions: one of Telegram's frame, in a jar of its own, beside one from before."""

from __future__ import annotations

import json

import pytest

from tests.support.factories import join, put_up
from tests.support.fakes import FakeApp, make_app
from tests.support.web import Client, event, init_data
from web.app import handle
from web.kernel.session import SESSION_COOKIE

PERSON = 7


@pytest.fixture
def app() -> FakeApp:
    app = make_app({"BASE_URL": "https://starbid.example"})
    join(app, PERSON, stars=5_000)
    return app


def opened(app: FakeApp) -> tuple[Client, str]:
    """A Mini App that logged in, and the token of its forms."""
    mini_app = Client(app)
    told = mini_app.post_form("/login/webapp", init_data=init_data(app), csrf=False)
    assert "Partitioned" in (told.cookie(SESSION_COOKIE) or "")
    return mini_app, str(told.json["csrf_token"])


def me(app: FakeApp, *cookies: str) -> int:
    sent = tuple(f"{SESSION_COOKIE}={value}" for value in cookies)
    return int(handle(event("GET", "/api/v1/me", "", {}, b"", sent), app)["statusCode"])


def test_the_newest_counts_wherever_it_stands(app: FakeApp) -> None:
    old = Client(app).log_in(PERSON).cookies[SESSION_COOKIE]
    app.people.end_sessions(PERSON, app.now())
    app.clock.forward(seconds=1)
    new = opened(app)[0].cookies[SESSION_COOKIE]
    assert me(app, old) == 401
    assert (me(app, old, new), me(app, new, old), me(app, "tampered", new)) == (200, 200, 200)


def test_logging_out_ends_both(app: FakeApp) -> None:
    old = Client(app).log_in(PERSON)
    app.clock.forward(seconds=1)
    new, token = opened(app)
    both = (f"{SESSION_COOKIE}={old.cookies[SESSION_COOKIE]}", f"{SESSION_COOKIE}={new.cookies[SESSION_COOKIE]}")
    answer = handle(event("POST", "/logout", "", {"x-csrf-token": token}, b"", both), app)
    assert answer["statusCode"] == 303
    ended = [cookie for cookie in answer["cookies"] if cookie.startswith(f"{SESSION_COOKIE}=;")]
    assert sorted("Partitioned" in cookie for cookie in ended) == [False, True]
    assert (me(app, old.cookies[SESSION_COOKIE]), me(app, new.cookies[SESSION_COOKIE])) == (401, 401)


def test_what_a_script_in_the_frame_asks_for_keeps_its_note_there(app: FakeApp) -> None:
    lot, (mini_app, token) = put_up(app, start_price=100).auction.id, opened(app)
    asked = {"hx-request": "true", "sec-fetch-dest": "empty", "sec-fetch-site": "same-origin"}
    answer = mini_app.post_form(f"/auction/{lot}/bid", amount=100, card_version=9, csrf_token=token, headers=asked)
    assert answer.headers["hx-redirect"] == f"/auction/{lot}"
    assert answer.cookies
    assert all("Partitioned" in cookie for cookie in answer.cookies), json.dumps(answer.cookies)
