"""A used login query stays used, by whichever of two clocks it would still be fresh."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest

from tests.support.fake_clock import FakeClock
from tests.support.fakes import FakeApp, make_app
from tests.support.web import Client, widget_query
from web.kernel.session import GUEST_COOKIE, csrf_token, read_guest


@pytest.fixture
def app() -> FakeApp:
    return make_app()


@pytest.mark.parametrize("ahead", [{"days": 0}, {"days": 5}])
@pytest.mark.parametrize("steps", [[{"days": 3}], [{"hours": 47}, {"hours": 2}], [{"days": 30}]])
@pytest.mark.parametrize("how", ["get", "post"])
def test_a_used_query_stays_used_however_far_the_local_clock_is_moved_on(
    app: FakeApp, ahead: dict[str, int], steps: list[dict[str, int]], how: str
) -> None:
    app.world = FakeClock()
    app.world.forward(hours=23)
    query = widget_query(app)
    app.clock.forward(hours=23)
    app.clock.forward(**ahead)

    def login() -> int:
        browser = Client(app)
        if how == "get":
            return browser.get("/login/telegram", **query).status
        browser.get("/login")  # for the token
        return browser.post_form("/login/telegram", proof=urlencode(query), csrf_token=guest_token(browser)).status

    assert login() == 303
    for step in steps:
        app.clock.forward(**step)
        assert login() == 403


def guest_token(browser: Client) -> str:
    nonce = read_guest(browser.cookies[GUEST_COOKIE], browser.app.settings.secret_key)
    assert nonce
    return csrf_token(nonce, browser.app.settings.secret_key)


def test_a_query_of_the_local_clock_stays_used_too(app: FakeApp) -> None:
    app.world = FakeClock()
    app.clock.forward(days=8)
    query = widget_query(app)
    assert Client(app).get("/login/telegram", **query).status == 303
    app.clock.forward(hours=23)
    assert Client(app).get("/login/telegram", **query).status == 403
    app.world.forward(days=8)  # the world comes to where the local clock was, a day of it at a time
    assert Client(app).get("/login/telegram", **query).status == 403
