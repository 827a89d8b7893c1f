"""The page of the stand-in as a person uses Telegram: the description, the commands, albums, what else one can send."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pytest
from PIL import Image

from tests.support.browser import WAIT_MS
from tests.support.stack import Stack

PHONE, DESKTOP = {"width": 390, "height": 844}, {"width": 1280, "height": 860}


def picture(colour: tuple[int, int, int]) -> dict[str, Any]:
    data = BytesIO()
    Image.new("RGB", (640, 480), colour).save(data, "JPEG")
    return {"name": "p.jpg", "mimeType": "image/jpeg", "buffer": data.getvalue()}


def pictures(count: int) -> list[dict[str, Any]]:
    return [picture((number * 7, 90, 120)) for number in range(count)]


def file(name: str, mime: str) -> dict[str, Any]:
    return {"name": name, "mimeType": mime, "buffer": b"x" * 3000}


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    running = Stack(tmp_path_factory.mktemp("stand-in"))
    yield running
    running.stop()


class Visitor:
    """Somebody at the page who has not started the bot."""

    def __init__(self, browser: Any, stack: Stack, language: str, viewport: dict[str, int]) -> None:
        self.language = language
        self.context, self.errors = browser.new_context(viewport=viewport, locale=language), list[str]()
        self.context.set_default_timeout(WAIT_MS)
        asked = {"first_name": "Vera", "language_code": language}
        person = self.context.request.post(f"{stack.url}/_local/telegram/people", data=asked).json()["id"]
        self.page = self.context.new_page()
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("console", lambda said: self.errors.append(said.text) if said.type == "error" else None)
        self.page.goto(f"{stack.url}/_local/telegram/?person={person}")

    def starts(self) -> None:
        self.page.get_by_role("button", name="Start", exact=True).click()
        self.page.locator(".message.in").first.wait_for()

    def attaches(self, *files: dict[str, Any]) -> None:
        self.page.locator("footer input[type=file]").set_input_files(list(files))
        self.page.locator(".chip").get_by_label("Remove").wait_for()

    def sends(self, words: str = "") -> None:
        field = self.page.get_by_placeholder("Message")
        field.fill(words)
        field.press("Enter")

    def told(self, words: str, times: int = 1) -> None:
        self.page.locator(".message.in").filter(has_text=words).nth(times - 1).wait_for()


@pytest.fixture(params=[("en", PHONE), ("ru", DESKTOP)], ids=["en, phone", "ru, desktop"])
def visitor(browser: Any, stack: Stack, request: pytest.FixtureRequest) -> Iterator[Visitor]:
    made = Visitor(browser, stack, *request.param)
    yield made
    made.context.close()
    assert made.errors == []


def test_an_empty_chat_says_what_the_bot_does_and_a_slash_opens_its_commands(visitor: Visitor) -> None:
    english = visitor.language == "en"
    visitor.page.locator(".intro").get_by_text("Every bid is covered" if english else "Каждая ставка").wait_for()
    visitor.starts()
    assert visitor.page.locator(".intro").count() == 0
    field = visitor.page.get_by_placeholder("Message")
    field.press_sequentially("/se")
    entry = visitor.page.locator(".command")
    entry.filter(has_text="/sell").wait_for()
    assert [each.split("/")[1] for each in entry.all_inner_texts()] == ["searches", "sell", "settings"]
    assert ("Settings" if english else "Настройки") in entry.last.inner_text()
    width = visitor.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert width <= 0, "nothing sticks out"


def test_pictures_and_videos_become_albums_of_ten_and_each_is_answered_once(visitor: Visitor) -> None:
    visitor.starts()
    visitor.attaches(*pictures(11), file("a.mp4", "video/mp4"))
    visitor.sends("My lamp")
    albums = visitor.page.locator(".album.out")
    albums.nth(1).locator(".message").nth(1).wait_for()
    assert [albums.nth(number).locator(".message").count() for number in range(2)] == [10, 2]
    assert albums.first.locator(".message").first.inner_text().startswith("My lamp")
    unasked = "Photos belong" if visitor.language == "en" else "Фотографии нужны"
    visitor.told(unasked, times=2)
    assert visitor.page.locator(".message.in").filter(has_text=unasked).count() == 2


def test_whatever_else_one_can_send_is_answered(visitor: Visitor) -> None:
    visitor.starts()
    answers = visitor.page.locator(".message.in")
    for number, name in enumerate(("Voice message", "Location", "Contact", "Poll", "Sticker"), start=2):
        visitor.page.get_by_role("button", name="Attach", exact=True).click()
        visitor.page.get_by_role("button", name=name, exact=True).click()
        answers.nth(number - 1).wait_for()
    for number, name in enumerate(("post", "album"), start=7):
        visitor.page.get_by_role("button", name="Attach", exact=True).click()
        visitor.page.get_by_role("button", name=re.compile(f"Forward .* {name}")).click()
        answers.nth(number - 1).wait_for()
    assert visitor.page.locator(".message.out").filter(has_text="Forwarded from").count() == 4


def test_a_file_may_claim_to_be_larger_and_a_message_can_be_forwarded(visitor: Visitor) -> None:
    visitor.starts()
    visitor.attaches(file("big.zip", "application/zip"))
    visitor.page.get_by_label("Pretend it has so many MB").fill("60")
    visitor.sends()
    sent = visitor.page.locator(".message.out").filter(has_text="big.zip")
    assert "60.0 MB" in sent.inner_text()
    sent.hover()
    sent.get_by_label("Forward to the bot").click()
    visitor.page.locator(".message.out").filter(has_text="Forwarded from").filter(has_text="60.0 MB").wait_for()
    visitor.attaches(picture((1, 2, 3)))
    visitor.page.get_by_text("as file").click()
    visitor.sends()
    visitor.page.locator(".message.out").filter(has_text="p.jpg").wait_for()
