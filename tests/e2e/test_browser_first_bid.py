"""A newcomer's first bid, from the first button of the bot to leading a lot: in as few clicks as we promise."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from tests.e2e.test_browser_groups import Somebody
from tests.support.browser import WAIT_MS, another_document, until
from tests.support.stack import Stack

MOST_CLICKS = 8
COUNT = "addEventListener('click', (event) => { if (event.isTrusted) window.countClick(); }, true)"


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    running = Stack(tmp_path_factory.mktemp("newcomer"))
    yield running
    running.stop()


@pytest.fixture
def clicks() -> list[None]:
    """One for each click that a person has made."""
    return []


@pytest.fixture
def phone(browser: Any, clicks: list[None]) -> Iterator[Any]:
    """A phone that counts every click, in Telegram and on the site."""
    context = browser.new_context(viewport={"width": 360, "height": 780}, locale="en")
    context.set_default_timeout(WAIT_MS)
    context.expose_function("countClick", lambda: clicks.append(None))
    context.add_init_script(COUNT)
    yield context
    context.close()


def test_the_first_bid_of_a_newcomer_takes_no_more_than_eight_clicks(
    stack: Stack, phone: Any, clicks: list[None]
) -> None:
    seller = Somebody(stack, "Sofia", stars=500)
    lot = seller.publishes()
    newcomer = Somebody(stack, "Nina")

    chat = phone.new_page()
    chat.goto(f"{stack.url}/_local/telegram/?person={newcomer.id}")
    chat.get_by_role("button", name="Start", exact=True).click()
    with phone.expect_page() as opened:
        chat.locator("a, button").filter(has_text="Open site").first.click()
    site = opened.value
    site.wait_for_load_state()
    assert site.locator("#first-steps [aria-current=step]").inner_text() == "Top up"
    stays_in_view(site)
    with another_document(site):
        site.locator(f"#lot-{lot}").click()
    pays_and_leads(site, phone, lot)
    assert 0 < len(clicks) <= MOST_CLICKS, len(clicks)


def test_it_takes_no_more_on_the_site_alone_by_logging_in_with_telegram(
    stack: Stack, phone: Any, clicks: list[None]
) -> None:
    lot = Somebody(stack, "Sofia", stars=500).publishes()
    newcomer = Somebody(stack, "Olga")

    site = phone.new_page()
    site.goto(f"{stack.url}/_local/telegram/?person={newcomer.id}")  # whose Telegram it is that she pays in
    site.goto(stack.url)
    with another_document(site):
        site.locator(f"#lot-{lot}").click()
    with another_document(site):
        site.locator("#act").get_by_role("link", name="Log in").click()
    with another_document(site):
        site.get_by_role("link", name="Log in with Telegram").click()
    site.get_by_role("button", name="Olga").click()
    site.wait_for_url(f"{stack.url}/auction/{lot}**")
    pays_and_leads(site, phone, lot)
    assert 0 < len(clicks) <= MOST_CLICKS, len(clicks)


def stays_in_view(site: Any) -> None:
    """The way is a slim line at the top of the window, however far one has scrolled."""
    size = site.viewport_size
    site.set_viewport_size({**size, "height": 500})  # so that there is something to scroll to
    site.evaluate("scrollTo(0, document.body.scrollHeight)")
    until(site, "scrollY > 100")
    line = site.locator("#first-steps").bounding_box()
    assert (line["x"], line["y"], line["width"]) == (0, 0, size["width"])
    assert 0 < line["height"] <= 44
    site.set_viewport_size(size)


def pays_and_leads(site: Any, phone: Any, lot: str) -> None:
    """From a lot's page, by one who has no Stars yet."""
    with another_document(site):
        site.get_by_role("button", name=re.compile("^Top up .* and bid$")).first.click()
    with phone.expect_page() as opened:
        site.get_by_role("link", name=re.compile("^Pay ")).click()
    opened.value.get_by_role("dialog").get_by_role("button", name=re.compile("^Pay ")).click()
    opened.value.get_by_text("was added to your wallet").last.wait_for()
    site.bring_to_front()
    site.wait_for_url(f"**/auction/{lot}")
    site.get_by_text("You lead").first.wait_for()
    assert site.locator("#first-steps nav").count() == 0
