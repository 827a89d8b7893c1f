"""A dispute with photos: an album in the chat, the seller's photos on the site, and the operator who looks at both."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO
from random import Random
from typing import Any

import pytest
from PIL import Image

from tests.e2e.test_browser import WIDTH_ONCE_LOADED, Somebody
from tests.support.browser import another_document
from tests.support.selling_steps import fills_in
from tests.support.stack import Stack

OPERATOR = 1003
OPERATOR = 500_000_003
"""The third person who joins a run."""
LARGE = 3_000_000


def photo(name: str, side: int = 400, *, noisy: bool = False) -> dict[str, Any]:
    """A file to choose; a noisy one is as large as those of phones."""
    out = BytesIO()
    image = Image.new("RGB", (side, side * 3 // 4), (sum(name.encode()) % 256, 110, 180))
    if noisy:
        image = Image.frombytes("RGB", image.size, Random(name).randbytes(image.width * image.height * 3))
    image.save(out, "JPEG", quality=90)
    return {"name": f"{name}.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}


@pytest.fixture(scope="module")
def people(browser: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Somebody, Somebody, Somebody]]:
    stack = Stack(tmp_path_factory.mktemp("photos"), {"ADMIN_IDS": str(OPERATOR)})
    everybody = [Somebody(browser, stack, name) for name in ("Sofia", "Liam", "Olga")]
    seller, buyer, operator = everybody
    assert operator.id == OPERATOR
    yield seller, buyer, operator
    for person in everybody:
        person.context.close()
    stack.stop()


def attach(person: Somebody, *photos: dict[str, Any]) -> None:
    chat = person.looks_at(person.chat)
    chat.locator("footer input[type=file]").set_input_files(list(photos))
    chat.locator(".chip img").nth(len(photos) - 1).wait_for()


def sold(seller: Somebody, buyer: Somebody) -> str:
    seller.buys_stars(300)
    buyer.buys_stars(1000)
    page = seller.goes_to("/subscribe")
    with another_document(page):
        page.get_by_role("button", name=re.compile("^Subscribe")).click()
    page = seller.goes_to("/new_auction")
    fills_in(page, "Lamp of the sea")
    page.get_by_role("button", name="Publish", exact=True).click()
    page.wait_for_url(re.compile(r"/auction/[a-z0-9]+$"))
    lot = str(page.url.rsplit("/", 1)[1])
    buyer.says(f"/auction_{lot}")
    buyer.presses(re.compile(r"⭐\s*100$"))
    buyer.told("You lead")
    seller.stack.advance(8 * 86_400)
    buyer.told("won")
    return lot


def test_both_sides_show_photos_and_the_operator_sees_whose_they_are(
    people: tuple[Somebody, Somebody, Somebody],
) -> None:
    seller, buyer, operator = people
    lot = sold(seller, buyer)

    buyer.says(f"/auction_{lot}")
    buyer.presses("Something is wrong")
    buyer.presses("Open a dispute")
    buyer.told("up to 5 photos")
    attach(buyer, photo("one"), photo("two"), photo("three"))
    buyer.says("It is broken in two.")
    buyer.told("Your dispute is open")
    buyer.stack.advance(0)

    page = buyer.goes_to(f"/auction/{lot}")
    assert page.locator("#deal .shots img").count() == 3
    page.get_by_text("Add photos").first.click()
    page.locator("#more-photos").set_input_files([photo("four")])
    with another_document(page):
        page.locator("#photos").get_by_role("button", name="Add photos").click()
    page.get_by_text("The photos are added.").wait_for()
    assert page.locator("#deal .shots img").count() == 4

    page = seller.goes_to(f"/auction/{lot}")
    first = page.get_by_role("img", name=re.compile("photo 1$"))
    first.scroll_into_view_if_needed()
    assert first.evaluate(WIDTH_ONCE_LOADED) == 320
    page.get_by_label("Your answer").fill("It was whole when I sent it.")
    heavy = [photo(name, 2400, noisy=True) for name in ("five", "six")]
    assert sum(len(each["buffer"]) for each in heavy) > 2 * LARGE
    page.locator("#answer-photos").set_input_files(heavy)
    with another_document(page):
        page.get_by_role("button", name="Send the answer").click()
    page.get_by_text("Your answer is saved").wait_for()
    assert page.locator("#deal .shots img").count() == 6

    operator.says("/admin")
    operator.presses("Open disputes")
    operator.presses("Lamp of the sea")
    operator.told("The buyer's photos")
    operator.told("The seller's photos")
    operator.told("Refund")
    assert operator.looks_at(operator.chat).locator(".album img").count() == 6
    for person in people:
        assert person.errors == []
