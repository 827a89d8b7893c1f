""" "Log in with Telegram" in a browser, at the issuer of the run: with and without scripts, on phone and desktop."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.support.browser import WAIT_MS
from tests.support.stack import Stack

PHONE, DESKTOP = {"width": 360, "height": 780}, {"width": 1280, "height": 860}
ISSUER = "/_local/oidc"


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    running = Stack(tmp_path_factory.mktemp("login"), {"DEMO": "0"})
    yield running
    running.stop()


class Visitor:
    """A browser of nobody, before Telegram's people Vera and Max."""

    def __init__(self, browser: Any, stack: Stack, **look: Any) -> None:
        self.url = stack.url
        self.context = browser.new_context(locale="en", **look)
        self.context.set_default_timeout(WAIT_MS)
        for name in ("Vera", "Max"):
            asked = {"first_name": name, "language_code": "en"}
            self.context.request.post(f"{stack.url}/_local/telegram/people", data=asked)
        self.page = self.context.new_page()

    def goes_to_log_in(self, path: str = "/wallet") -> None:
        self.page.goto(self.url + path)
        self.page.get_by_role("main").get_by_role("link", name="Log in with Telegram").click()
        self.page.wait_for_url(f"**{ISSUER}/auth?*")

    def confirms_as(self, name: str) -> None:
        self.page.get_by_role("button", name=name).first.click()

    @property
    def path(self) -> str:
        return str(self.page.evaluate("location.pathname"))

    @property
    def name(self) -> str | None:
        """Who is logged in."""
        answer = self.context.request.get(f"{self.url}/api/v1/me")
        return str(answer.json()["name"]) if answer.ok else None

    def tells_the_issuer(self, path: str, **form: str) -> None:
        assert self.context.request.post(f"{self.url}{ISSUER}/{path}", form=form).ok


@pytest.mark.parametrize(
    "look", [{"viewport": PHONE}, {"viewport": DESKTOP}, {"viewport": PHONE, "java_script_enabled": False}]
)
def test_a_newcomer_is_back_where_they_wanted_to_go_in_two_presses(
    browser: Any, stack: Stack, look: dict[str, Any]
) -> None:
    visitor = Visitor(browser, stack, **look)
    visitor.goes_to_log_in()
    visitor.confirms_as("Vera")
    visitor.page.get_by_role("heading", name="Wallet").first.wait_for()
    assert (visitor.name, visitor.page.url) == ("Vera", f"{stack.url}/wallet")


def test_who_declines_is_told_so_and_shown_the_other_ways(browser: Any, stack: Stack) -> None:
    visitor = Visitor(browser, stack)
    visitor.goes_to_log_in()
    visitor.confirms_as("Decline")
    visitor.page.get_by_text("You did not confirm the login in Telegram.").wait_for()
    visitor.page.get_by_role("button", name="Log in through the bot").wait_for()
    assert visitor.name is None


def test_a_token_that_is_wrong_is_refused_and_the_next_one_is_fine_with_new_keys(browser: Any, stack: Stack) -> None:
    visitor = Visitor(browser, stack)
    for what in ("hs256", "unsigned", "signature", "audience", "nonce"):
        visitor.tells_the_issuer("trouble", what=what, calls="1")
        visitor.goes_to_log_in()
        visitor.confirms_as("Vera")
        visitor.page.get_by_text("Telegram did not confirm this login").wait_for()
        assert visitor.name is None, what
    visitor.goes_to_log_in()
    visitor.confirms_as("Vera")
    visitor.page.wait_for_url("**/wallet")
    assert visitor.name == "Vera"


def test_a_login_as_somebody_else_is_asked_about(browser: Any, stack: Stack) -> None:
    visitor = Visitor(browser, stack)
    visitor.goes_to_log_in()
    visitor.confirms_as("Vera")
    visitor.page.wait_for_url("**/wallet")
    visitor.page.goto(f"{stack.url}/login/oidc?next=/profile")
    visitor.confirms_as("Max")
    visitor.page.get_by_text("You are logged in here as Vera. Log in as Max instead?").wait_for()
    assert visitor.name == "Vera"
    visitor.page.get_by_role("button", name="Log in as Max").click()
    visitor.page.wait_for_url("**/profile")
    assert visitor.name == "Max"


def test_a_session_elsewhere_is_ended_from_the_settings(browser: Any, stack: Stack) -> None:
    desk, phone = Visitor(browser, stack, viewport=DESKTOP), Visitor(browser, stack, viewport=PHONE)
    for visitor in (phone, desk):
        visitor.goes_to_log_in("/settings")
        visitor.confirms_as("Vera")
        visitor.page.wait_for_url("**/settings")
    sessions = desk.page.locator("#sessions li")
    assert sessions.first.get_by_text("this browser").is_visible()
    for _ in range(sessions.count() - 1):
        desk.page.locator("#sessions li").nth(1).get_by_role("button").click()
        desk.page.get_by_text("The session is ended.").wait_for()
    assert (desk.name, phone.name) == ("Vera", None)
