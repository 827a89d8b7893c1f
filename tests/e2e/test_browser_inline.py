"""Inline mode in the stand-in's page: a person types the bot's name, sends a lot to a friend, who opens it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from tests.e2e.test_browser import Somebody
from tests.support.browser import another_document
from tests.support.stack import Stack

LOT = {"title": "Lamp <b>of</b> the sea", "description": "Gives light.", "start_price": 100, "duration_seconds": 600}
POST = """async ([path, body]) => {
    const token = document.querySelector('meta[name="csrf-token"]').content;
    const headers = {"X-CSRF-Token": token, "Content-Type": "application/json"};
    const answer = await fetch("/api/v1" + path, {method: "POST", headers, body: JSON.stringify(body)});
    return answer.json();
}"""


@pytest.fixture(scope="module")
def people(browser: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Somebody, Somebody]]:
    stack = Stack(tmp_path_factory.mktemp("inline"))
    sofia, liam = Somebody(browser, stack, "Sofia"), Somebody(browser, stack, "Лиам", "ru")
    yield sofia, liam
    sofia.context.close()
    liam.context.close()
    stack.stop()


def test_a_lot_goes_from_one_chat_to_another_and_is_opened_there(people: tuple[Somebody, Somebody]) -> None:
    sofia, liam = people
    sofia.buys_stars(1000)
    page = sofia.goes_to("/subscribe")
    with another_document(page):
        page.get_by_role("button", name=re.compile("^Subscribe")).click()
    lot = sofia.site.evaluate(POST, ["/auctions", LOT])["id"]

    chat = sofia.looks_at(sofia.chat)
    field, offers = chat.get_by_placeholder("Message"), chat.get_by_label("Inline results")
    field.fill("@starbid_bot zebra")
    offers.get_by_text("Nothing found. See all lots").wait_for()
    field.fill("@starbid_bot lamp")
    offer = offers.get_by_role("button", name=re.compile("Lamp"))
    offer.wait_for()
    assert "⭐" in offer.inner_text()
    offer.click()
    chat.get_by_role("dialog").get_by_role("button", name="Лиам").click()
    chat.get_by_text("Sent to Лиам").wait_for()
    assert field.input_value() == ""

    liam.told("Lamp <b>of</b> the sea")
    liam.told("Sofia via @starbid_bot")
    liam.presses("Open the lot")
    liam.chat.get_by_role("button", name="Start", exact=True).click()
    liam.told("Указать максимум")
    liam.told(f"auction_{lot}")

    field.fill("@starbid_bot ")
    offers.get_by_role("button", name=re.compile("Lamp")).click()
    chat.get_by_role("dialog").get_by_role("button", name="This chat with the bot").click()
    sofia.told("This is your lot.")
    assert (sofia.errors, liam.errors) == ([], [])
