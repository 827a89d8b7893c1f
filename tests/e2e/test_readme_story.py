"""The story of the README, walked as it is written: each button, text and amount is read from there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.e2e.test_browser import Somebody, picture
from tests.support.stack import Stack

README = Path(__file__).parents[2] / "README.md"
_MARKED = re.compile(r"\*([^*]+)\*|`([^`]+)`")


def story() -> list[list[str]]:
    """Of each step of the story what is pressed (in italics) or typed (as code), in order."""
    told = README.read_text("utf-8").split("Try this")[1].split("\n\n")[1]
    steps = re.split(r"^\d\. ", told, flags=re.MULTILINE)[1:]
    return [["".join(found).replace("⭐ ", "⭐\u202f") for found in _MARKED.findall(step)] for step in steps]


@pytest.fixture(scope="module")
def people(browser: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Somebody, Somebody]]:
    stack = Stack(tmp_path_factory.mktemp("readme"), {"DEMO": "1"})
    seller, buyer = Somebody(browser, stack, "Vera"), Somebody(browser, stack, "Oskar")
    yield seller, buyer
    for person in (seller, buyer):
        person.context.close()
    stack.stop()


def tops_up(person: Somebody, steps: list[str]) -> None:
    start, top_up, in_stars, amount, pay = steps
    assert start == "Start", "which is how a chat begins"
    for name in (top_up, in_stars, amount, pay):
        person.presses(name)
    person.chat.get_by_role("dialog").get_by_role("button", name=pay).click()
    person.told("was added to your wallet")


def opens(person: Somebody, name: str) -> Any:
    """The page of the site that a button of the chat leads to, as the person who pressed it."""
    with person.context.expect_page() as opened:
        person.looks_at(person.chat).get_by_role("link", name=name).last.click()
    page = opened.value
    page.wait_for_load_state()
    return page


def test_the_story_of_the_readme_can_be_walked_as_it_is_written(people: tuple[Somebody, Somebody]) -> None:
    seller, buyer = people
    first, second, third, fourth, fifth = story()

    tops_up(seller, first)

    menu, sell, subscribe, pay, again, form, title, price, publish = second
    for name in (menu, sell, subscribe, pay):
        seller.presses(name)
    seller.told("Subscribed until")
    seller.presses(again)
    page = opens(seller, form)
    page.get_by_label("Title").fill(title)
    page.get_by_label("Description").fill("Flies.")
    page.get_by_label("Start price").fill(price)
    page.locator("input[type=file]").set_input_files(
        {"name": "kite.jpg", "mimeType": "image/jpeg", "buffer": picture()}
    )
    page.locator("form[data-sell] input[name=pictures]").wait_for(state="attached")
    page.get_by_role("button", name=publish, exact=True).click()
    page.wait_for_url(re.compile(r"/auction/[a-z0-9]+$"))

    *money, words, bid, site, raised, maximum, press = third
    tops_up(buyer, money)
    buyer.says(words)
    buyer.told(f"Live lots for “{words}”")
    buyer.presses(re.compile(title))
    buyer.told("Flies.")
    buyer.presses(bid)
    buyer.told("You lead")
    page = opens(buyer, site)
    page.get_by_text(raised).first.click()
    page.get_by_label("Your maximum").fill(maximum)
    page.get_by_role("button", name=press, exact=True).click()
    page.get_by_text(f"Your maximum of ⭐\u202f{maximum}").wait_for()

    (curl,) = fourth
    sent = re.fullmatch(r"curl -d seconds=(\d+) http://127\.0\.0\.1:8000(\S+)", curl)
    assert sent, curl
    assert httpx.post(seller.stack.url + sent[2], data={"seconds": sent[1]}, timeout=120).is_success
    buyer.told("You won")
    seller.told("is sold")

    send, confirm, sure, balance = fifth
    seller.presses(send)
    seller.says("The string is in the drawer.")
    buyer.told("The string is in the drawer.")
    buyer.presses(confirm)
    buyer.presses(sure)
    seller.told("The buyer confirmed")
    seller.says(balance)
    seller.told("Available ⭐\u202f495")
    assert (seller.errors, buyer.errors) == ([], [])


def test_a_button_of_the_chat_opens_the_site_as_the_one_who_presses_it(people: tuple[Somebody, Somebody]) -> None:
    for person, name in zip(people, ("Vera", "Oskar"), strict=True):
        person.presses("Wallet")
        page = opens(person, "All activity")
        assert page.url.endswith("/wallet")
        assert person.context.request.get(f"{person.stack.url}/api/v1/me").json()["name"] == name
