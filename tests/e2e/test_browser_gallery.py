"""A lot's photos over the whole screen: opened and left by keys, fingers and buttons, and nothing lost on the way."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.e2e.tab import Tab
from tests.e2e.test_browser import picture
from tests.e2e.town import Town
from tests.support.browser import until

SCALE = "new DOMMatrix(getComputedStyle(document.querySelector('#lightbox img')).transform).a"
SWIPE = """([across, down]) => {
    const stage = document.querySelector("#lightbox .stage"), far = { pointerId: 7, bubbles: true, button: 0 };
    stage.setPointerCapture = () => {};
    stage.dispatchEvent(new PointerEvent("pointerdown", { ...far, clientX: 200, clientY: 300 }));
    stage.dispatchEvent(new PointerEvent("pointermove", { ...far, clientX: 200 + across, clientY: 300 + down }));
    stage.dispatchEvent(new PointerEvent("pointerup", { ...far, clientX: 200 + across, clientY: 300 + down }));
}"""
PINCH = """() => {
    const stage = document.querySelector("#lightbox .stage");
    stage.setPointerCapture = () => {};
    const at = (name, pointerId, clientX) => stage.dispatchEvent(
        new PointerEvent(name, { pointerId, bubbles: true, button: 0, clientX, clientY: 400 }));
    at("pointerdown", 1, 180); at("pointerdown", 2, 220); at("pointermove", 1, 140); at("pointermove", 2, 260);
    at("pointerup", 1, 140); at("pointerup", 2, 260);
}"""


def lot_with(town: Town, photos: int) -> str:
    files = [("images", (f"{number}.jpg", picture(), "image/jpeg")) for number in range(photos)]
    form = {"title": "A lamp", "description": "Gives light.", "category": "home", "type": "english", "currency": "XTR",
            "start_price": "100", "duration_seconds": "3600", "goods": "digital"}  # fmt: skip
    answer = town.seller.posts("/new_auction", form, files=files)
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"]).rpartition("/")[2]


@pytest.fixture
def gallery(browser: Any, town: Town) -> Iterator[Any]:
    with Tab(browser, town) as tab:
        yield tab.opens(f"/auction/{lot_with(town, 3)}")


def place(page: Any) -> str:
    return str(page.locator("#lightbox .place").inner_text())


def opened(page: Any, number: int = 1) -> None:
    page.locator(f"#picture-{number}").click()
    until(page, "document.querySelector('#lightbox img')?.complete")


def test_keys_walk_round_through_the_photos_and_escape_returns_to_the_last_one(gallery: Any) -> None:
    gallery.locator("#picture-1").focus()
    gallery.keyboard.press("Enter")
    seen = []
    for key in ("ArrowRight", "ArrowRight", "ArrowRight", "ArrowLeft"):
        seen.append(place(gallery))
        gallery.keyboard.press(key)
    assert seen == ["1 of 3", "2 of 3", "3 of 3", "1 of 3"]
    assert place(gallery) == "3 of 3"
    gallery.keyboard.press("Escape")
    assert not gallery.locator("#lightbox").evaluate("dialog => dialog.open")
    assert gallery.evaluate("document.activeElement.id") == "picture-3"


def test_buttons_have_names_and_do_the_same(gallery: Any) -> None:
    opened(gallery, 2)
    gallery.get_by_role("button", name="Next photo").click()
    assert place(gallery) == "3 of 3"
    gallery.get_by_role("button", name="Previous photo").click()
    gallery.get_by_role("button", name="Zoom in").click()
    until(gallery, f"{SCALE} > 1")
    gallery.get_by_role("button", name="Close").click()
    assert not gallery.locator("#lightbox").is_visible()


def test_a_swipe_turns_the_page_and_a_short_or_a_downward_one_does_not(gallery: Any) -> None:
    opened(gallery)
    for across, down, stands in ((-120, 10, "2 of 3"), (-30, 0, "2 of 3"), (60, 200, "2 of 3"), (120, 0, "1 of 3")):
        gallery.evaluate(SWIPE, [across, down])
        assert place(gallery) == stands


def test_what_is_seen_closer_is_moved_by_a_swipe_and_never_further_than_its_edge(gallery: Any) -> None:
    opened(gallery)
    gallery.evaluate(PINCH)
    scale = gallery.evaluate(SCALE)
    assert 2 < scale <= 5
    gallery.evaluate(SWIPE, [-5000, 0])
    assert place(gallery) == "1 of 3"
    right = gallery.evaluate("document.querySelector('#lightbox img').getBoundingClientRect().right")
    assert right >= gallery.evaluate("innerWidth") - 1
    gallery.keyboard.press("ArrowRight")
    assert gallery.evaluate(SCALE) == 1


def test_a_double_tap_comes_closer_and_goes_back(gallery: Any) -> None:
    opened(gallery)
    stage = gallery.locator("#lightbox .stage")
    stage.dblclick(position={"x": 100, "y": 300})
    until(gallery, f"{SCALE} > 2.4")
    stage.dblclick(position={"x": 100, "y": 300})
    until(gallery, f"{SCALE} === 1")


def test_the_wheel_stops_at_five_times_and_at_the_whole_photo(gallery: Any) -> None:
    opened(gallery)
    gallery.mouse.move(200, 300)
    for _ in range(8):
        gallery.mouse.wheel(0, -600)
    until(gallery, f"{SCALE} === 5")
    for _ in range(8):
        gallery.mouse.wheel(0, 600)
    until(gallery, f"{SCALE} === 1")


def test_the_page_tells_what_is_around_it_that_a_photo_fills_the_screen(gallery: Any) -> None:
    gallery.evaluate("window.full = []; document.addEventListener('starbid:fullscreen', (e) => full.push(e.detail))")
    opened(gallery)
    gallery.keyboard.press("Escape")
    until(gallery, "full.length === 2")
    assert gallery.evaluate("full") == [True, False]


def test_without_scripts_a_photo_opens_on_a_page_of_its_own(browser: Any, town: Town) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{town.stack.url}/auction/{lot_with(town, 1)}")
    with context.expect_page() as news:
        page.locator("#picture-1").click()
    assert "large" in news.value.url
    context.close()


@pytest.mark.parametrize(
    ("width", "scale", "in_the_list", "in_the_gallery"),
    [(390, 1, "small", "medium"), (390, 2, "medium", "medium"), (1280, 2, "medium", "large")],
)
def test_a_photo_is_loaded_as_large_as_the_screen_shows_it(
    browser: Any, town: Town, width: int, scale: int, in_the_list: str, in_the_gallery: str
) -> None:
    lot = lot_with(town, 2)
    with Tab(browser, town, viewport={"width": width, "height": 844}, device_scale_factor=scale) as tab:
        chosen = "(image) => image.currentSrc.split('/').pop()"
        town.stack.advance(1)  # the list is told of the lot by its stream
        page = tab.opens("/?sort=newest")
        page.locator(f"#lot-{lot} img").scroll_into_view_if_needed()
        until(page, f"document.querySelector('#lot-{lot} img').currentSrc")
        assert page.locator(f"#lot-{lot} img").evaluate(chosen) == in_the_list
        tab.opens(f"/auction/{lot}")
        photo = page.locator("#picture-1 img")
        until(page, "document.querySelector('#picture-1 img').currentSrc")
        assert photo.evaluate(chosen) == in_the_gallery
        assert page.locator("#picture-2 img").get_attribute("loading") == "lazy"
        opened(page)
        assert page.locator("#lightbox img").evaluate(chosen) == "large"
