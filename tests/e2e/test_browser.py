"""The main story as two people live it: in the chat of the stand-in and on the site, in a real browser."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pytest
from PIL import Image

from tests.support.browser import WAIT_MS, another_document, go
from tests.support.selling_steps import fills_in, to_price, to_publish
from tests.support.stack import Stack

WIDTH_ONCE_LOADED = """image => new Promise((done, fail) => {
    image.onerror = fail;
    image.onload = () => done(image.naturalWidth);
    if (image.complete) done(image.naturalWidth);
})"""


PHONE, DESKTOP = {"width": 390, "height": 844}, {"width": 1280, "height": 860}


class Somebody:
    """One person at a phone or a desk: a chat with the bot in one tab, the site in another."""

    def __init__(
        self, browser: Any, stack: Stack, name: str, language: str = "en", screen: dict[str, int] = PHONE
    ) -> None:
        self.stack, self.errors = stack, list[str]()
        self.context = browser.new_context(viewport=screen, locale=language)
        self.context.set_default_timeout(WAIT_MS)
        self.chat = self.context.new_page()
        self.id = self._join(name, language)
        self.chat.goto(f"{stack.url}/_local/telegram/?person={self.id}")
        self.chat.get_by_role("button", name="Start", exact=True).click()
        greeting = "covered by money" if language == "en" else "обеспечена"
        self.chat.locator(".message.in").filter(has_text=greeting).wait_for()
        self.site = self.open_site()

    def _join(self, name: str, language: str) -> int:
        self.chat.goto(f"{self.stack.url}/_local/telegram/")
        url = f"{self.stack.url}/_local/telegram/people"
        answer = self.context.request.post(url, data={"first_name": name, "language_code": language})
        person = answer.json()
        return int(person.get("id") or person["person"]["id"])

    def open_site(self) -> Any:
        """The button that opens the site logged in as this person."""
        with self.context.expect_page() as opened:
            self.chat.locator("a, button").filter(has_text="Open site").first.click()
        page = opened.value
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.wait_for_load_state()
        return page

    def looks_at(self, tab: Any) -> Any:
        """Brings a tab to the front: those behind draw once a second, and look for news less often."""
        tab.bring_to_front()
        return tab

    def says(self, text: str) -> None:
        field = self.looks_at(self.chat).get_by_placeholder("Message")
        field.fill(text)
        field.press("Enter")

    def presses(self, name: str | re.Pattern[str]) -> None:
        """The lowest button of this name in the chat."""
        self.looks_at(self.chat).get_by_role("button", name=name).last.click()

    def told(self, text: str) -> None:
        """Waits until the bot has said it."""
        self.looks_at(self.chat).get_by_text(text, exact=False).last.wait_for()

    def buys_stars(self, amount: int) -> None:
        self.says(f"/buy_stars {amount}")
        self.presses(re.compile(r"^Pay "))
        self.chat.get_by_role("dialog").get_by_role("button", name=re.compile(r"^Pay ")).click()
        self.told("was added to your wallet")

    def goes_to(self, path: str) -> Any:
        go(self.looks_at(self.site), self.stack.url + path)
        return self.site

    def wallet(self) -> dict[str, int]:
        answer: dict[str, dict[str, int]] = self.context.request.get(f"{self.stack.url}/api/v1/me/wallet").json()
        return answer["XTR"]


@pytest.fixture(scope="module", params=[PHONE, DESKTOP], ids=["phone", "desktop"])
def people(
    request: pytest.FixtureRequest, browser: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Somebody, Somebody]]:
    stack = Stack(tmp_path_factory.mktemp("browser"))
    seller, buyer = (Somebody(browser, stack, name, screen=request.param) for name in ("Sofia", "Liam"))
    yield seller, buyer
    for person in (seller, buyer):
        person.context.close()
    stack.stop()


def picture() -> bytes:
    data = BytesIO()
    Image.new("RGB", (1200, 900), (30, 110, 180)).save(data, "JPEG")
    return data.getvalue()


def test_two_people_live_the_whole_story(people: tuple[Somebody, Somebody]) -> None:
    seller, buyer = people
    seller.buys_stars(300)
    buyer.buys_stars(1000)

    page = seller.goes_to("/subscribe")
    with another_document(page):
        page.get_by_role("button", name=re.compile("^Subscribe")).click()
    assert seller.wallet() == {"available": 200, "held": 0}

    page = seller.goes_to("/new_auction")
    page.locator("input[type=file]").set_input_files(
        {"name": "lamp.jpg", "mimeType": "image/jpeg", "buffer": picture()}
    )
    page.locator("form[data-sell] input[name=pictures]").wait_for(state="attached")
    fills_in(page, "Lamp <b>of the sea</b>")
    page.get_by_role("button", name="Publish", exact=True).click()
    page.wait_for_url(re.compile(r"/auction/[a-z0-9]+$"))
    lot = page.url.rsplit("/", 1)[1]
    assert page.get_by_role("heading", name="Lamp <b>of the sea</b>").is_visible()
    page.locator("main img").first.scroll_into_view_if_needed()
    assert page.locator("main img").first.evaluate(WIDTH_ONCE_LOADED) > 300

    buyer.says(f"/auction_{lot}")
    buyer.told("Lamp <b>of the sea</b>")
    buyer.presses(re.compile(r"⭐\s*100$"))
    buyer.told("You lead")
    assert buyer.wallet() == {"available": 900, "held": 100}

    page = buyer.goes_to(f"/auction/{lot}")
    page.get_by_text("Raise your maximum").click()
    page.get_by_label("Your maximum").fill("250")
    page.get_by_label("Your maximum").press("Enter")
    page.get_by_text("Your maximum of ⭐\u202f250").wait_for()
    assert buyer.wallet() == {"available": 750, "held": 250}

    seller.stack.advance(8 * 86_400)
    buyer.told("won")
    seller.told("sold")
    assert buyer.wallet() == {"available": 900, "held": 0}

    page = seller.goes_to(f"/auction/{lot}")
    page.locator("#delivery").fill("The code is 42")
    with another_document(page):
        page.get_by_role("button", name="Send to the buyer").click()
    page = buyer.goes_to(f"/auction/{lot}")
    assert page.get_by_text("The code is 42").is_visible()
    page.get_by_text("Confirm the delivery").click()
    with another_document(page):
        page.get_by_role("button", name="Confirm and pay the seller").click()
    assert seller.wallet() == {"available": 295, "held": 0}
    seller.told("95")
    assert seller.errors == []
    assert buyer.errors == []


def test_who_subscribes_with_the_form_sends_photos_with_it_and_the_lot_shows_them(
    people: tuple[Somebody, Somebody],
) -> None:
    """After the story: the buyer, who has the Stars for it, sells too."""
    _, buyer = people
    available = buyer.wallet()["available"]
    page = buyer.goes_to("/new_auction")
    photo = {"name": "lamp.jpg", "mimeType": "image/jpeg", "buffer": picture()}
    page.locator("input[type=file]").set_input_files([photo, photo])
    page.locator("form[data-sell] input[name=uploads]").nth(1).wait_for(state="attached")
    page.get_by_label("Title").fill("A second lamp")
    page.get_by_label("Description").fill("Gives light.")
    to_price(page)
    page.get_by_label("Start price").fill("0")
    page.get_by_role("button", name="Next: look and publish").click()
    page.locator("#faults").get_by_text("Enter").wait_for()
    assert buyer.wallet()["available"] == available
    page.get_by_label("Start price").fill("100")
    to_publish(page)
    page.get_by_role("button", name=re.compile("^Subscribe for .* and publish$")).click()
    page.wait_for_url(re.compile(r"/auction/[a-z0-9]+$"))
    assert page.locator("main img").first.evaluate(WIDTH_ONCE_LOADED) > 300
    assert buyer.wallet()["available"] == available - 100

    go(page, f"{page.url}/edit")
    page.locator("input[type=file]").set_input_files(photo)
    page.locator("form[data-sell] input[name=pictures]").nth(2).wait_for(state="attached")
    page.get_by_role("button", name="Save").click()
    page.wait_for_url(re.compile(r"/auction/[a-z0-9]+$"))
    assert buyer.errors == []
