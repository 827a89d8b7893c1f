"""The page of a lot on a small screen: a line that stays, a sheet that opens from it, the way to the bid by keys."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from tests.e2e.client import Person
from tests.e2e.tab import Tab
from tests.e2e.test_contract_kinds import DUTCH, put_up
from tests.e2e.town import Town, bid
from tests.support.browser import another_document, until

MOST = 96
"""CSS pixels that may stay in view: a phone is 740 high, and 360 when it lies."""
SIZES = {
    "phone": (360, 740),
    "lying": (740, 360),
    "phone, zoomed to 200 %": (180, 370),
    "lying, zoomed to 200 %": (370, 180),
}
NARROWEST = 320
"""What a page has to fit into without scrolling sideways (WCAG 2.2, 1.4.10)."""
STAYING = """() => [...document.querySelectorAll("main *")]
    .filter((part) => ["fixed", "sticky"].includes(getComputedStyle(part).position) && part.offsetHeight)
    .map((part) => part.offsetHeight).reduce((sum, height) => sum + height, 0)"""
WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
ACTIVE = "document.activeElement.id"
LETTERS_TWICE_AS_LARGE = "document.documentElement.style.setProperty('--pico-font-size', '200%')"


def no_money(town: Town) -> Person:
    """Somebody who has just joined."""
    poor = Person(town.stack, town.bot, 14, "Poor")
    poor.says("/start")
    poor.logs_in()
    return poor


def sold(town: Town) -> str:
    lot = town.publish()
    assert bid(town.anna, lot, 150).status_code == 201
    town.stack.advance(700)
    return lot


def with_bids(town: Town, *bids: tuple[Person, int], **terms: Any) -> str:
    lot = put_up(town, **terms) if "type" in terms else town.publish(**terms)
    for person, amount in bids:
        assert bid(person, lot, amount).status_code == 201
    return lot


Scene = Callable[[Town], tuple[str, Person | None]]
SCENES: dict[str, Scene] = {
    "visitor": lambda town: (town.publish(buy_now_price=9_000), None),
    "short of money": lambda town: (town.publish(buy_now_price=9_000), no_money(town)),
    "can bid": lambda town: (town.publish(buy_now_price=9_000), town.anna),
    "can bid, in Russian": lambda town: (town.publish(title="Лампа " * 12), town.boris),
    "leads": lambda town: (with_bids(town, (town.anna, 200)), town.anna),
    "outbid": lambda town: (with_bids(town, (town.anna, 200), (town.boris, 900)), town.anna),
    "dear": lambda town: (with_bids(town, (town.anna, 9_100), start_price=9_000, duration_seconds=90_000), town.anna),
    "seller": lambda town: (town.publish(), town.seller),
    "ended with a deal": lambda town: (sold(town), town.anna),
    "price drops": lambda town: (with_bids(town, **DUTCH), town.anna),
    "sealed": lambda town: (with_bids(town, type="sealed"), town.anna),
    "sealed, has bid": lambda town: (with_bids(town, (town.anna, 300), type="vickrey"), town.anna),
}


@pytest.fixture
def opened(browser: Any, town: Town) -> Iterator[Callable[[str], Tab]]:
    """Opens the lot of a scene, as who is in it."""
    with ExitStack() as tabs:

        def opens(name: str) -> Tab:
            lot, person = SCENES[name](town)
            tab = tabs.enter_context(Tab(browser, town, person))
            tab.page.set_viewport_size({"width": 360, "height": 740})
            tab.opens(f"/auction/{lot}")
            return tab

        yield opens


def resize(page: Any, size: tuple[int, int]) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})


@pytest.mark.parametrize("scene", SCENES)
def test_on_a_small_screen_one_line_stays_in_view_and_no_more(opened: Callable[[str], Tab], scene: str) -> None:
    page = opened(scene).page
    bar = page.locator("#bar")
    for name, size in SIZES.items():
        resize(page, size)
        assert page.evaluate(STAYING) <= MOST, name
        assert size[0] < NARROWEST or page.evaluate(WIDER) <= 0, name
        if scene == "ended with a deal":
            assert not bar.is_visible()
            continue
        assert bar.is_visible(), name
        for part in (bar.locator(".price"), bar.locator(".clock"), bar.get_by_role("link")):
            place = part.bounding_box()
            assert place["y"] >= size[1] - MOST, name
            assert place["y"] + place["height"] <= size[1], name
            assert place["x"] + place["width"] <= size[0], name
    resize(page, SIZES["phone"])
    page.evaluate(LETTERS_TWICE_AS_LARGE)
    assert page.evaluate(STAYING) <= MOST


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
def test_the_sheet_shows_all_of_the_box_within_the_screen(opened: Callable[[str], Tab], size: tuple[int, int]) -> None:
    page = opened("can bid").page
    resize(page, size)
    page.locator("#open-box").click()
    sheet = page.get_by_role("dialog", name="Price")
    sheet.wait_for()
    place = sheet.bounding_box()
    assert place["y"] >= 0
    assert place["y"] + place["height"] <= size[1]
    last = sheet.locator(".purse-line")
    last.scroll_into_view_if_needed()
    assert last.bounding_box()["y"] < size[1]
    page.get_by_role("button", name="Close").click()
    page.locator("#place > #box").wait_for()
    assert not sheet.is_visible()


def test_the_sheet_closes_on_escape_and_beside_it_and_the_focus_returns(opened: Callable[[str], Tab]) -> None:
    page = opened("can bid").page
    page.evaluate("scrollTo(0, 300)")
    before = page.evaluate("[scrollY, document.body.scrollHeight]")
    page.locator("#open-box").focus()
    page.keyboard.press("Enter")
    page.locator("#sheet[open]").wait_for()
    assert page.evaluate(ACTIVE) == "sheet", "on no button: a second Enter bids nothing"
    page.keyboard.press("Escape")
    page.locator("#place > #box").wait_for()
    assert page.evaluate(ACTIVE) == "open-box"
    assert page.evaluate("[scrollY, document.body.scrollHeight]") == before
    page.locator("#open-box").click()
    page.locator("#sheet[open]").wait_for()
    page.mouse.click(180, 20)
    page.locator("#place > #box").wait_for()
    assert page.evaluate(ACTIVE) == "open-box"


def test_a_bid_from_the_sheet_is_answered_in_it(opened: Callable[[str], Tab]) -> None:
    page = opened("can bid").page
    page.locator("#open-box").click()
    page.locator("#sheet #one-tap").click()
    page.locator("#sheet").get_by_text("You lead", exact=True).wait_for()
    page.keyboard.press("Escape")
    page.locator("#bar").get_by_text("you lead").wait_for()
    assert page.locator("#open-box").inner_text() == "Raise"


def test_news_keep_the_sheet_open_with_what_is_typed_in_it_and_the_focus(town: Town, browser: Any) -> None:
    lot = with_bids(town, (town.anna, 200))
    with Tab(browser, town, town.anna) as tab:
        page = tab.opens(f"/auction/{lot}")
        resize(page, (360, 740))
        page.locator("#open-box").click()
        page.locator("#sheet #own summary").click()
        page.locator("#sheet #amount").fill("777")
        resize(page, (360, 400))  # the keyboard comes
        assert page.locator("#sheet #amount").bounding_box()["y"] < 400
        assert bid(town.boris, lot, 500).status_code == 201
        page.locator("#sheet").get_by_text("You were outbid").wait_for()
        assert page.locator("#sheet[open] #amount").input_value() == "777"
        assert page.evaluate(ACTIVE) == "amount"
        resize(page, (360, 740))
        page.keyboard.press("Escape")
        page.locator("#place > #box").wait_for()
        assert page.locator("#place #amount").input_value() == "777"
        assert page.evaluate(ACTIVE) == "open-box"
        page.locator("#bar").get_by_text("outbid").wait_for()


def test_who_was_outbid_leads_again_by_one_press_of_the_line_however_far_down(town: Town, browser: Any) -> None:
    with Tab(browser, town, town.anna) as tab:
        page = tab.opens(f"/auction/{with_bids(town, (town.anna, 200), (town.boris, 210))}")
        page.evaluate("scrollTo(0, document.body.scrollHeight)")
        again = page.locator("#bid-again")
        assert "frozen while you lead" in again.inner_text(), "what it freezes is said where it is pressed"
        for name, size in SIZES.items():
            resize(page, size)
            if size[0] < NARROWEST:
                assert not again.is_visible(), name
                continue
            place = again.bounding_box()
            assert place["y"] + place["height"] <= size[1], name
            assert place["x"] + place["width"] <= size[0], name
        resize(page, SIZES["phone"])
        again.click()
        page.locator("#bar .means.good").wait_for()
        assert again.count() == page.locator("#sheet[open]").count() == 0


def test_news_leave_the_focus_on_the_button_of_the_bar(town: Town, browser: Any) -> None:
    lot = town.publish()
    with Tab(browser, town, town.anna) as tab:
        page = tab.opens(f"/auction/{lot}")
        resize(page, (360, 740))
        page.locator("#open-box").focus()
        assert bid(town.boris, lot, 500).status_code == 201
        page.locator("#bar").get_by_text("current bid").wait_for()
        assert page.evaluate(ACTIVE) == "open-box"


def test_a_sheet_becomes_the_box_beside_the_pictures_where_the_screen_grows(opened: Callable[[str], Tab]) -> None:
    page = opened("can bid").page
    page.locator("#open-box").click()
    page.locator("#sheet[open]").wait_for()
    resize(page, (1280, 800))
    page.locator("#place > #box").wait_for()
    assert page.locator("#place > #box").is_visible()
    assert not page.locator("#bar").is_visible()


def test_without_scripts_the_button_of_the_bar_leads_to_the_box(town: Town, browser: Any) -> None:
    lot = town.publish()
    context = browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 740}, locale="en")
    page = context.new_page()
    page.goto(f"{town.stack.url}/auction/{lot}")
    page.locator("#open-box").click()
    box = page.locator("#box").bounding_box()
    assert 0 <= box["y"] < 740 - MOST
    assert page.get_by_role("link", name="Log in with Telegram").is_visible()
    with_scripts = page.locator("#sheet")
    assert not with_scripts.is_visible()
    context.close()


def stops_to(page: Any, wanted: str, most: int = 40) -> int:
    """How often Tab is pressed until an element that fits the selector has the focus."""
    for count in range(1, most):
        page.keyboard.press("Tab")
        if page.evaluate("wanted => document.activeElement.matches(wanted)", wanted):
            return count
    raise AssertionError(f"{wanted} is none of the first {most} stops")


@pytest.mark.parametrize(("size", "stops"), [((1280, 800), 3), ((360, 740), 4)], ids=["desktop", "phone"])
def test_the_bid_is_one_of_the_first_stops_of_the_page(
    town: Town, browser: Any, size: tuple[int, int], stops: int
) -> None:
    """Category, favourites and on a phone the bar's button come before it; the second skip link leads right to it.

    To who has bid before: a newcomer's first steps stand above.
    """
    assert bid(town.anna, town.publish(), 100).status_code == 201
    lot = town.publish()
    with Tab(browser, town, town.anna) as tab:
        page = tab.opens(f"/auction/{lot}")
        resize(page, size)
        page.locator(".skip").first.focus()
        page.keyboard.press("Enter")
        assert stops_to(page, "#one-tap") == stops
        tab.opens(f"/auction/{lot}")  # without the place in it that was led to
        assert stops_to(page, ".skip[href='#box']") == 2
        page.keyboard.press("Enter")
        assert stops_to(page, "#one-tap") == 1
        page.keyboard.press("Enter")
        page.locator("#place").get_by_text("You lead", exact=True).wait_for()
        assert town.boris.lot(lot)["bids_count"] == 1


def test_who_is_not_logged_in_comes_from_the_bar_to_the_login_and_back(opened: Callable[[str], Tab]) -> None:
    page = opened("visitor").page
    page.locator("#open-box").click()
    with another_document(page):
        page.locator("#sheet").get_by_role("link", name="Log in with Telegram").click()
    assert "/login?next=%2Fauction%2F" in page.url


def test_the_history_of_bids_tells_of_a_new_one_by_itself(anna: Tab, town: Town) -> None:
    lot = with_bids(town, (town.anna, 100))
    page = anna.opens(f"/auction/{lot}")
    rows = page.locator("#bids .rows > li")
    rows.first.wait_for()
    before = rows.count()
    assert bid(town.boris, lot, 500).status_code == 201
    rows.nth(before).wait_for()
    assert page.locator("#bids li").first.locator(".you").count() == 0


@pytest.mark.parametrize("hours", [-1, 1], ids=["slow", "fast"])
def test_a_device_whose_clock_is_an_hour_wrong_counts_down_the_time_that_is_left(
    anna: Tab, town: Town, hours: int
) -> None:
    lot = town.publish()
    anna.context.clock.install(time=town.anna.now() + hours * 3600)
    page = anna.opens(f"/auction/{lot}")
    shown = page.locator("#live .clock time")
    until(page, "/^(9|10):/.test(document.querySelector('#live .clock time').textContent)")
    minutes, seconds = map(int, shown.inner_text().split(":"))
    page.clock.run_for(60_000)
    later = sum(part * unit for part, unit in zip(map(int, shown.inner_text().split(":")), (60, 1), strict=True))
    assert minutes * 60 + seconds - 65 <= later <= minutes * 60 + seconds - 55
