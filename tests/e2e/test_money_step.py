"""One money step: in the chat and on the site a top-up goes on with what it was for, as people live it in a browser."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from tests.e2e.test_browser import Somebody
from tests.support.browser import another_document
from tests.support.selling_steps import to_price, to_publish
from tests.support.stack import Stack

SPACE = "\u202f"


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    running = Stack(tmp_path_factory.mktemp("money"))
    yield running
    running.stop()


@pytest.fixture(scope="module")
def seller(browser: Any, stack: Stack) -> Iterator[Somebody]:
    sofia = Somebody(browser, stack, "Sofia")
    yield sofia
    sofia.context.close()


def pays_for(person: Somebody, page: Any) -> None:
    """Telegram opens over the page; the invoice is paid there."""
    with person.context.expect_page() as opened:
        page.get_by_role("link", name=re.compile("^Pay ")).click()
    telegram = opened.value
    telegram.get_by_role("dialog").get_by_role("button", name=re.compile(r"^Pay ")).click()
    telegram.get_by_text("was added to your wallet").last.wait_for()
    telegram.close()
    person.looks_at(page)


def test_top_up_and_publish_is_one_step_and_nothing_typed_is_lost(seller: Somebody) -> None:
    page = seller.goes_to("/new_auction")
    page.get_by_label("Title").fill("A lamp of mine")
    page.get_by_label("Description").fill("Gives light.")
    page.get_by_text("Draft saved").wait_for()
    page = seller.goes_to("/new_auction")
    page.get_by_text("Continue your draft").wait_for()
    assert page.get_by_label("Title").input_value() == "A lamp of mine"
    to_price(page)
    page.get_by_label("Start price").fill("100")
    page.get_by_label("Duration").select_option("259200")
    to_publish(page)
    with another_document(page):
        page.get_by_role("button", name=f"Top up ⭐{SPACE}150 and publish").click()
    assert page.get_by_role("heading", name=f"Top up ⭐{SPACE}150 and publish").is_visible()
    pays_for(seller, page)
    page.wait_for_url(re.compile(r"/auction/[a-z0-9]+$"))
    assert page.get_by_role("heading", name="A lamp of mine").is_visible()
    assert seller.wallet() == {"available": 50, "held": 0}
    assert not seller.goes_to("/new_auction").get_by_text("Continue your draft").is_visible()
    seller.told("“A lamp of mine” is published")
    assert not seller.errors


def lot_of(seller: Somebody) -> str:
    items = seller.context.request.get(f"{seller.stack.url}/api/v1/auctions").json()["items"]
    return str(items[0]["id"])


def test_top_up_and_bid_leads_back_to_the_lot_where_one_leads(browser: Any, stack: Stack, seller: Somebody) -> None:
    lot, liam = lot_of(seller), Somebody(browser, stack, "Liam")
    page = liam.goes_to(f"/auction/{lot}")
    page.get_by_text("more").first.wait_for()
    with another_document(page):
        page.get_by_role("button", name=f"Top up ⭐{SPACE}150 and bid").click()
    pays_for(liam, page)
    page.wait_for_url(f"{stack.url}/auction/{lot}")
    page.get_by_text("You lead").first.wait_for()
    assert page.locator("#purse").inner_text() == f"⭐{SPACE}50"
    assert liam.wallet() == {"available": 50, "held": 100}
    assert not liam.errors
    liam.context.close()


def test_the_chat_asks_again_where_the_price_moved_and_the_stars_are_kept(
    browser: Any, stack: Stack, seller: Somebody
) -> None:
    lot, mia, noah = lot_of(seller), Somebody(browser, stack, "Mia"), Somebody(browser, stack, "Noah")
    noah.buys_stars(1000)
    mia.says(f"/auction_{lot}")
    mia.presses(re.compile(r"^⭐\s*1\d\d$"))
    mia.presses(re.compile(r"^Top up ⭐\s*150 and bid$"))
    noah.says(f"/auction_{lot}")
    noah.presses("Set a maximum")
    noah.says("300")
    noah.told("You lead")
    mia.presses(re.compile("^Pay "))
    mia.chat.get_by_role("dialog").get_by_role("button", name=re.compile(r"^Pay ")).click()
    mia.told("Nothing was bid; what you topped up is in your wallet.")
    assert mia.wallet() == {"available": 150, "held": 0}
    mia.presses(re.compile(r"^Bid ⭐"))
    mia.told("Somebody has a higher maximum")
    for person in (mia, noah):
        person.context.close()
