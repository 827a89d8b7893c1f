"""Spec, section 4: a link alone never logs anyone in."""

from datetime import timedelta

import pytest

from starbid.services.logins import TRIES, LoginOver, WrongPin
from starbid.services.ports import LOGIN_SECONDS
from tests.support.factories import ANNA, BORIS
from tests.support.fakes import FakeApp, make_app


@pytest.fixture
def app() -> FakeApp:
    return make_app()


def begin(app: FakeApp) -> str:
    return app.logins.begin("browser", "Firefox, Linux", app.now())


def wrong(pin: str) -> str:
    return f"{(int(pin) + 1) % 10**6:06}"


def test_the_chat_is_shown_the_device_and_the_time(app: FakeApp) -> None:
    attempt = app.logins.find(begin(app), app.now())
    assert (attempt.device, attempt.began_at) == ("Firefox, Linux", app.now())


def test_who_confirms_and_types_the_code_is_logged_in_once(app: FakeApp) -> None:
    code = begin(app)
    pin = app.logins.confirm(code, ANNA, app.now())
    assert app.logins.finish(code, "browser", pin, app.now()) == ANNA
    with pytest.raises(LoginOver):
        app.logins.finish(code, "browser", pin, app.now())


def test_without_a_confirmation_no_code_fits(app: FakeApp) -> None:
    with pytest.raises(WrongPin):
        app.logins.finish(begin(app), "browser", "000000", app.now())


def test_another_browser_cannot_use_the_code(app: FakeApp) -> None:
    code = begin(app)
    pin = app.logins.confirm(code, ANNA, app.now())
    with pytest.raises(LoginOver):
        app.logins.finish(code, "another", pin, app.now())


def test_asking_again_gives_the_same_code_and_nobody_else_gets_one(app: FakeApp) -> None:
    code = begin(app)
    assert app.logins.confirm(code, ANNA, app.now()) == app.logins.confirm(code, ANNA, app.now())
    with pytest.raises(LoginOver):
        app.logins.confirm(code, BORIS, app.now())


def test_after_five_wrong_codes_the_right_one_comes_too_late(app: FakeApp) -> None:
    code = begin(app)
    pin = app.logins.confirm(code, ANNA, app.now())
    for _ in range(TRIES):
        with pytest.raises(WrongPin):
            app.logins.finish(code, "browser", wrong(pin), app.now())
    with pytest.raises(LoginOver):
        app.logins.finish(code, "browser", pin, app.now())


def test_what_was_refused_or_is_ten_minutes_old_is_over(app: FakeApp) -> None:
    refused, old = begin(app), begin(app)
    pin = app.logins.confirm(refused, ANNA, app.now())
    app.logins.refuse(refused, app.now())
    with pytest.raises(LoginOver):
        app.logins.finish(refused, "browser", pin, app.now())
    with pytest.raises(LoginOver):
        app.logins.find(old, app.now() + timedelta(seconds=LOGIN_SECONDS))
    with pytest.raises(LoginOver):
        app.logins.find("never", app.now())


def test_what_is_no_code_is_not_looked_for(app: FakeApp, monkeypatch: pytest.MonkeyPatch) -> None:
    """A store takes no key of any length."""
    monkeypatch.setattr(app.logins, "_attempts", None)
    for text in ("a" * 3000, "", "A" * 16, "a" * 15 + "\n"):
        with pytest.raises(LoginOver):
            app.logins.find(text, app.now())
