"""Roubles: a bill at the local provider, paid in its pages, as people live it in a browser."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from tests.e2e.test_browser import Somebody
from tests.support.browser import another_document
from tests.support.stack import Stack


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    running = Stack(tmp_path_factory.mktemp("roubles"))
    yield running
    running.stop()


@pytest.fixture(scope="module")
def liam(browser: Any, stack: Stack) -> Iterator[Somebody]:
    somebody = Somebody(browser, stack, "Liam")
    yield somebody
    assert not somebody.errors
    somebody.context.close()


def roubles(person: Somebody) -> dict[str, int]:
    wallets: dict[str, dict[str, int]] = person.context.request.get(f"{person.stack.url}/api/v1/me/wallet").json()
    return wallets["RUB"]


def asks_for(person: Somebody, amount: str, provider: str) -> Any:
    page = person.goes_to("/topup")
    page.get_by_role("radio", name=provider).check()
    page.get_by_label("Amount", exact=True).fill(amount)
    with another_document(page):
        page.get_by_role("button", name="Top up", exact=True).click()
    return page


def at_the_provider(person: Somebody, page: Any, button: str | re.Pattern[str]) -> None:
    """The provider's page opens beside ours; a button of it is pressed."""
    with person.context.expect_page() as opened:
        page.get_by_role("link", name=re.compile("^Pay ")).click()
    provider = opened.value
    provider.get_by_role("button", name=button).first.click()
    provider.wait_for_load_state()
    provider.close()
    person.looks_at(page)


@pytest.mark.parametrize("provider", ["QIWI", "Crypto Pay"])
def test_a_bill_that_is_paid_is_seen_without_a_press(liam: Somebody, provider: str) -> None:
    page = asks_for(liam, "500", provider)
    assert page.get_by_role("heading", name="Top up ₽500.00").is_visible()
    assert page.locator("svg.qr").bounding_box()["width"] > 150
    at_the_provider(liam, page, re.compile("^Pay "))
    page.get_by_text("₽500.00 has arrived").wait_for()
    assert page.locator("svg.qr").count() == 0
    page.get_by_role("link", name="Continue").click()
    page.wait_for_url(re.compile("/wallet$"))


def test_a_bill_that_is_rejected_says_so_and_offers_another(liam: Somebody) -> None:
    page = asks_for(liam, "700", "QIWI")
    at_the_provider(liam, page, "Reject")
    page.get_by_text("Nothing was charged.").wait_for()
    page.get_by_role("link", name="Top up again").click()
    assert page.get_by_label("Amount", exact=True).input_value() == "700"


def test_a_second_amount_takes_the_place_of_the_first(liam: Somebody) -> None:
    asks_for(liam, "300", "QIWI")
    page = asks_for(liam, "400", "QIWI")
    page.get_by_role("heading", name="You have an open bill").wait_for()
    with another_document(page):
        page.get_by_role("button", name="Cancel it and top up ₽400.00").click()
    assert page.get_by_role("heading", name="Top up ₽400.00").is_visible()
    with another_document(page):
        page.get_by_role("button", name="Check the payment").click()
    page.get_by_text("The payment has not arrived yet.").wait_for()
    with another_document(page):
        page.get_by_role("button", name="Cancel the bill").click()
    page.get_by_text("Nothing was charged.").wait_for()


def test_a_bid_in_roubles_is_placed_on_the_way_back(browser: Any, stack: Stack, liam: Somebody) -> None:
    sofia = Somebody(browser, stack, "Sofia")
    sofia.buys_stars(100)
    page = sofia.goes_to("/subscribe")
    with another_document(page):
        page.get_by_role("button", name=re.compile("^Subscribe")).click()
    token = page.locator('meta[name="csrf-token"]').get_attribute("content")
    fields = {
        "title": "A lamp one can touch", "description": "Gives light.", "goods": "physical", "currency": "RUB",
        "start_price": 500_000, "duration_seconds": 86_400,
    }  # fmt: skip
    made = sofia.context.request.post(f"{stack.url}/api/v1/auctions", data=fields, headers={"X-CSRF-Token": token})
    lot = made.json()["id"]
    page = liam.goes_to(f"/auction/{lot}")
    with another_document(page):
        page.locator("form.top-up button").first.click()
    with another_document(page):
        page.get_by_role("button", name="Top up and bid").click()
    assert "your bid of ₽5,000.00 is placed" in page.locator("#invoice").inner_text()
    at_the_provider(liam, page, re.compile("^Pay "))
    page.wait_for_url(f"{stack.url}/auction/{lot}")
    page.get_by_text("You lead").first.wait_for()
    assert roubles(liam)["held"] == 500_000
    assert not sofia.errors
    sofia.context.close()
