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


def pays(person: Somebody, invoice: str, pay: str) -> None:
    """By the button that makes the invoice, its own, and the one of Telegram's sheet."""
    person.presses(invoice)
    person.presses(pay)
    person.chat.get_by_role("dialog").get_by_role("button", name=pay).click()


def sends_photo(person: Somebody) -> None:
    file = {"name": "kite.jpg", "mimeType": "image/jpeg", "buffer": picture()}
    person.looks_at(person.chat).locator("footer input[type=file]").set_input_files(file)
    person.chat.locator(".chip").get_by_label("Remove").wait_for()
    person.chat.get_by_placeholder("Message").press("Enter")
    person.told("write the title")


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

    start, sell, title, words, category, goods, kind, price, length = first
    assert start == "Start", "which is how a chat begins"
    seller.presses(sell)
    sends_photo(seller)
    seller.says(title)
    seller.told("Describe it")
    seller.says(words)
    for name in (category, goods, kind, price, length):
        seller.presses(name)
    seller.told("you get")

    pays(seller, *second)
    seller.told(f"“{title}” is published")

    _, word, number, bid, topping_up, pay, site, raised, maximum, press = third
    buyer.says(word)
    buyer.told(f"Live lots for “{word}”")
    buyer.presses(re.compile(rf"^{number}$"))
    buyer.told(words)
    buyer.presses(bid)
    pays(buyer, topping_up, pay)
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

    send, send_it, confirm, sure, balance = fifth
    seller.presses(send)
    seller.says("The string is in the drawer.")
    seller.told("Nothing is sent yet")
    seller.presses(send_it)
    buyer.told("The string is in the drawer.")
    buyer.presses(confirm)
    buyer.presses(sure)
    seller.told("The buyer confirmed")
    seller.says(balance)
    seller.told("Available ⭐\u202f245")
    assert (seller.errors, buyer.errors) == ([], [])


def test_a_button_of_the_chat_opens_the_site_as_the_one_who_presses_it(people: tuple[Somebody, Somebody]) -> None:
    for person, name in zip(people, ("Vera", "Oskar"), strict=True):
        person.says("/menu")
        person.presses("Wallet")
        page = opens(person, "Wallet on the site")
        assert page.url.endswith("/wallet")
        assert person.context.request.get(f"{person.stack.url}/api/v1/me").json()["name"] == name
