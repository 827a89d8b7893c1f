"""Pages as scripts and small screens show them: axe in each open state, what stands in one line, what does not move."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.e2e.tab import Tab
from tests.e2e.test_browser_finding import typed
from tests.e2e.test_browser_gallery import lot_with, opened
from tests.e2e.test_browser_photos import chooses, names, photo
from tests.e2e.test_contract_kinds import DUTCH, put_up
from tests.e2e.test_pages_are_well_made import ASK, AXE
from tests.e2e.town import Town
from tests.support.selling_steps import fills_in, to_price

MOVING = """() => [...document.querySelectorAll("*")].filter((part) => {
    const { animationDuration, transitionDuration } = getComputedStyle(part);
    return `${animationDuration},${transitionDuration}`.split(",").some((long) => parseFloat(long) > 0.01);
}).length"""
LINES = """badge => {
    const range = document.createRange();
    range.selectNodeContents(badge);
    return new Set([...range.getClientRects()].map((place) => Math.round(place.bottom))).size;
}"""


def lightbox(tab: Tab) -> None:
    opened(tab.opens(f"/auction/{lot_with(tab.town, 2)}"))


def sheet(tab: Tab) -> None:
    page = tab.opens(f"/auction/{put_up(tab.town)}")
    page.locator("#open-box").click()
    page.locator("#sheet[open]").wait_for()


def crop(tab: Tab) -> None:
    page = tab.opens("/new_auction?draft=new")
    chooses(page, photo("a.jpg"))
    names(page, 1)
    page.get_by_role("button", name="Crop or rotate").click()
    page.get_by_role("dialog").get_by_role("button", name="Done").wait_for()


def suggestions(tab: Tab) -> None:
    put_up(tab.town, title="A samovar of brass")
    tab.town.stack.advance(0)
    typed(tab, "sam").keyboard.press("ArrowDown")


def price(tab: Tab) -> None:
    page = tab.opens("/new_auction?draft=new")
    page.get_by_label("Title").fill("A lamp")
    page.get_by_label("Description").fill("Gives light.")
    to_price(page)


def preview(tab: Tab) -> None:
    fills_in(tab.opens("/new_auction?draft=new"))


@pytest.mark.parametrize(
    "state", [lightbox, sheet, crop, suggestions, price, preview], ids=lambda state: state.__name__
)
def test_axe_finds_nothing_in_what_only_scripts_show(browser: Any, town: Town, state: Callable[[Tab], None]) -> None:
    with Tab(browser, town, town.anna if state is sheet else town.seller) as tab:
        tab.context.add_init_script(path=AXE)
        tab.page.emulate_media(reduced_motion="reduce")
        state(tab)
        assert tab.page.evaluate(ASK) == []


def test_who_wants_no_motion_sees_none(anna: Tab, town: Town) -> None:
    for path in ("/", f"/auction/{town.publish()}", "/new_auction"):
        page = anna.opens(path)
        assert page.evaluate(MOVING) > 0, path
        page.emulate_media(reduced_motion="reduce")
        assert page.evaluate(MOVING) == 0, path
        page.emulate_media(reduced_motion="no-preference")


def test_a_badge_stands_in_one_line_on_the_narrowest_phones_in_both_languages(browser: Any, town: Town) -> None:
    for kind in (DUTCH, {"type": "sealed"}, {"type": "vickrey"}):
        put_up(town, **kind)
    town.stack.advance(0)
    for code, person in (("en", town.anna), ("ru", town.boris)):
        with Tab(browser, town, person) as tab:
            tab.page.set_viewport_size({"width": 360, "height": 740})
            badges = tab.opens("/").locator(".lot .foot .badge")
            assert badges.count() >= 3, code
            assert {badge.evaluate(LINES) for badge in badges.all()} == {1}, code


def test_where_a_lot_has_no_photos_the_placeholder_is_a_third_as_high_as_wide(anna: Tab, town: Town) -> None:
    place = anna.opens(f"/auction/{town.publish()}").locator(".gallery > .picture").bounding_box()
    assert place["width"] / place["height"] == pytest.approx(3, rel=0.02)


def test_the_name_of_the_site_stands_in_one_line_at_the_width_of_a_zoomed_phone(anna: Tab) -> None:
    anna.page.set_viewport_size({"width": 320, "height": 640})
    assert anna.opens("/").locator(".brand").bounding_box()["height"] < 40
