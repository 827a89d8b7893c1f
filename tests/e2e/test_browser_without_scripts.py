"""A first bid in a browser that runs no scripts: found by the search, made after a login, and leading."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.e2e.test_browser_groups import Somebody
from tests.support.browser import WAIT_MS
from tests.support.stack import Stack


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    running = Stack(tmp_path_factory.mktemp("scriptless"), {"DEMO": "0"})
    yield running
    running.stop()


@pytest.mark.parametrize("width", [390, 1280], ids=["phone", "desktop"])
def test_a_visitor_without_scripts_finds_a_lot_logs_in_bids_and_leads(browser: Any, stack: Stack, width: int) -> None:
    lot = Somebody(stack, f"Sofia{width}", stars=500).publishes()
    bidder = Somebody(stack, f"Olga{width}", stars=500)
    context = browser.new_context(java_script_enabled=False, viewport={"width": width, "height": 844}, locale="en")
    context.set_default_timeout(WAIT_MS)
    page = context.new_page()
    page.goto(stack.url)
    page.locator("input[type=search]").fill("lamp")
    page.locator("input[type=search]").press("Enter")
    page.locator(f"#lot-{lot}").click()
    page.wait_for_url(f"**/auction/{lot}")
    page.locator("#act").get_by_role("link", name="Log in with Telegram").click()
    page.wait_for_url("**/login?next=*")
    page.get_by_role("main").get_by_role("link", name="Log in with Telegram").click()
    page.get_by_role("button", name=f"Olga{width}").click()
    page.wait_for_url(f"{stack.url}/auction/{lot}**")
    page.locator("#one-tap").click()
    page.locator("#live").get_by_text("You lead", exact=True).wait_for()
    page.locator("#bids strong.you").wait_for()
    assert bidder.web.get(f"{stack.url}/api/v1/auctions/{lot}").json()["bids_count"] == 1
    context.close()
