"""The deal as a conversation, in two browsers: messages that come by themselves, a file, confirmation, the money."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.e2e.tab import Tab
from tests.e2e.town import Town
from tests.support.web import png

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]


@pytest.fixture
def lot(town: Town) -> str:
    """Anna has just bought it."""
    lot = town.publish(buy_now_price=500)
    assert town.anna.calls(f"/auctions/{lot}/buy", {"seen_price": 500}).status_code == 201
    town.stack.advance(0)
    return lot


def test_two_people_settle_a_deal_on_its_page(town: Town, lot: str, anna: Tab, seller: Tab) -> None:
    owed = town.seller.wallet()["available"]
    buying, selling = anna.opens(f"/auction/{lot}"), seller.opens(f"/auction/{lot}")

    buying.get_by_label("Message to the seller").fill("Is it new?")
    buying.locator("#talk").get_by_role("button", name="Send").click()
    buying.locator(".said .own", has_text="Is it new?").wait_for()
    assert buying.get_by_label("Message to the seller").input_value() == ""

    selling.get_by_label("Message to the buyer").fill("Yes, as")
    selling.locator(".said > li[id]", has_text="Is it new?").wait_for()
    selling.get_by_role("status").filter(has_text="New message").wait_for()
    assert selling.get_by_label("Message to the buyer").input_value() == "Yes, as", "what is typed outlives the news"

    selling.get_by_label("What the buyer needs").fill("The key is 80-18.")
    selling.locator("#deal input[type=file]").set_input_files(
        [{"name": "lamp.png", "mimeType": "image/png", "buffer": png()}]
    )
    selling.get_by_role("button", name="Send to the buyer").click()
    selling.locator("#deal .delivery", has_text="80-18").wait_for()
    assert selling.get_by_label("Message to the buyer").input_value() == "Yes, as"

    buying.locator("#deal .delivery", has_text="80-18").wait_for()
    with buying.expect_download() as told:
        buying.get_by_role("link", name="lamp.png").click()
    assert Path(told.value.path()).read_bytes() == png()

    buying.get_by_text("Confirm the delivery", exact=True).click()
    buying.get_by_role("button", name="Confirm and pay the seller").click()
    buying.get_by_text("How was the seller?").wait_for()
    town.stack.advance(0)
    assert town.seller.wallet()["available"] == owed + 475

    buying.locator("label[for=stars-5]").click()
    buying.get_by_role("button", name="Rate", exact=True).click()
    buying.locator("#ratings", has_text="when the other side has rated too").wait_for()
    selling.get_by_text("How was the buyer?").wait_for()
    assert selling.get_by_label("Message to the buyer").input_value() == "Yes, as"


@pytest.mark.parametrize("width", [360, 1280])
def test_a_dispute_stands_in_the_conversation_and_nothing_juts_out(
    town: Town, lot: str, anna: Tab, seller: Tab, width: int
) -> None:
    for tab in (anna, seller):
        tab.page.set_viewport_size({"width": width, "height": 800})
    assert town.seller.posts(f"/auction/{lot}/deliver", {"text": "https://example.com/" + "x" * 300}).status_code == 303
    page = anna.opens(f"/auction/{lot}")
    page.locator("#dispute summary").click()
    page.get_by_label("What is wrong").fill("It is another lamp.")
    page.locator("#dispute button").click()
    page.locator(".said .event", has_text="dispute").wait_for()
    town.stack.advance(0)
    page = seller.opens(f"/auction/{lot}")
    page.get_by_label("Your answer").fill("It is the one of the picture.")
    page.get_by_role("button", name="Send the answer").click()
    page.locator("#answer", has_text="Change my answer").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
