"""What only a browser does with forms: search twice, go back, press twice, send files. No form is left changed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.e2e.tab import Tab
from tests.e2e.test_contract_web import widget
from tests.e2e.town import Town, bid
from tests.support.browser import FLAGS, another_document, chromium, go
from tests.support.selling_steps import to_price

NOTES_HOW_IT_CAME = """addEventListener("pageshow", (event) => {
    document.documentElement.dataset.persisted = event.persisted;
})"""
FIELDS = "form => Object.fromEntries(new FormData(form))"
NATURAL_WIDTH = """path => new Promise((done) => {
    const image = new Image();
    image.onload = () => done(image.naturalWidth);
    image.onerror = () => done(0);
    image.src = path;
})"""
SETTLED = "element => Promise.all(element.getAnimations().map(animation => animation.finished))"
SHADOW = "element => getComputedStyle(element).boxShadow"
WITHOUT = "**/static/{name}.*.js"


@pytest.fixture
def remembering(playwright: Any) -> Iterator[Any]:
    """A Chromium that keeps pages in memory to go back to, as it does for people."""
    running = playwright.chromium.launch(
        executable_path=chromium(), args=FLAGS, ignore_default_args=["--disable-back-forward-cache"]
    )
    yield running
    running.close()


def asked(page: Any) -> dict[str, list[str]]:
    return parse_qs(urlsplit(page.url).query, keep_blank_values=True)


def searches(page: Any, text: str) -> None:
    page.locator("input[type=search]").fill(text)
    page.locator("input[type=search]").press("Enter")
    page.wait_for_url(f"**q={text}*")


def once_without_answer(route: Any) -> None:
    """A POST that leads nowhere: the page stays, and takes the form for sent."""
    if route.request.method == "POST":
        route.fulfill(status=204)
    else:
        route.continue_()


def goes_back(page: Any, url: str, keeps: bool, sign: str = "form") -> None:
    """By the browser's button; a page from memory loads nothing, so nothing but its own word tells that it is back."""
    page.evaluate("setTimeout(() => history.back())")
    page.wait_for_url(url, wait_until="commit")
    page.locator(f"html[data-persisted={str(keeps).lower()}]:has({sign})").wait_for(state="attached")


# --- the search -------------------------------------------------------------------------------------------------------


def test_a_second_search_has_all_its_filters_and_back_leads_to_the_first(anna: Tab) -> None:
    page = anna.opens("/")
    searches(page, "lamp")
    assert page.locator(".search :disabled").count() == 0
    assert asked(page) == {"q": ["lamp"], "sort": ["ending"]}
    page.get_by_text("Filters and sorting").click()
    page.locator("select[name=category]").select_option("books")
    page.wait_for_url("**category=books*")
    page.locator("input[name=max_price]").fill("500")
    page.locator("input[name=max_price]").press("Enter")
    page.wait_for_url("**max_price=500*")
    searches(page, "sea")
    both = {"category": ["books"], "max_price": ["500"], "sort": ["ending"]}
    assert asked(page) == {"q": ["sea"], **both}
    with another_document(page):
        page.go_back()
    assert asked(page) == {"q": ["lamp"], **both}
    assert page.locator("input[type=search]").input_value() == "lamp"
    with another_document(page):
        page.go_back()
    assert asked(page) == {"q": ["lamp"], "category": ["books"], "sort": ["ending"]}
    assert page.locator("input[name=max_price]").input_value() == ""
    assert page.locator(".search :disabled").count() == 0


def test_one_press_of_enter_is_one_page_to_come_back_from(anna: Tab) -> None:
    page = anna.opens("/")
    before = page.evaluate("history.length")
    for number, text in enumerate(("lamp", "sea"), 1):
        searches(page, text)
        page.wait_for_load_state("networkidle")
        assert page.evaluate("history.length") == before + number
    with another_document(page):
        page.go_back()
    assert (asked(page)["q"], page.locator("input[type=search]").input_value()) == (["lamp"], "lamp")


@pytest.mark.parametrize("keeps", [False, True], ids=["loaded again", "from memory"])
def test_without_htmx_too_a_search_leaves_no_field_disabled(
    browser: Any, remembering: Any, town: Town, keeps: bool
) -> None:
    with Tab(remembering if keeps else browser, town, town.anna) as tab:
        tab.page.route(WITHOUT.format(name="vendor/htmx.min"), lambda route: route.abort())
        tab.page.add_init_script(NOTES_HOW_IT_CAME)
        page = tab.opens("/")
        with another_document(page):
            page.locator("input[type=search]").fill("lamp")
            page.locator("input[type=search]").press("Enter")
        assert asked(page) == {"q": ["lamp"], "sort": ["ending"]}
        goes_back(page, f"{town.stack.url}/", keeps)
        assert page.locator(".search :disabled").count() == 0
        with another_document(page):
            page.locator("input[name=min_price]").evaluate(
                "field => { field.value = '5'; field.form.requestSubmit(); }"
            )
        assert "5" in asked(page)["min_price"]


def test_focus_is_drawn_round_the_field_and_not_round_the_form(anna: Tab) -> None:
    page = anna.opens("/")
    field, button, form = (page.locator(f".search {one}") for one in ("input[type=search]", ".line > button", ".line"))
    field.focus()
    field.evaluate(SETTLED)
    for around in (page.locator("form.search"), page.locator("search"), form):
        assert around.evaluate(SHADOW) == "none"
    assert field.evaluate(SHADOW) != "none"
    page.keyboard.press("Tab")
    assert button.evaluate("button => button === document.activeElement")
    assert button.evaluate("button => getComputedStyle(button).outlineStyle") == "solid"
    assert {one.evaluate("one => getComputedStyle(one).borderTopLeftRadius") for one in (field, button)} == {"12px"}


# --- pressed twice, and after going back ------------------------------------------------------------------------------


def _posts_to(request: Any, path: str) -> bool:
    """The page tells its time zone by a POST of its own."""
    return bool(request.method == "POST" and urlsplit(request.url).path == path)


@pytest.mark.parametrize("keeps", [False, True], ids=["loaded again", "from memory"])
def test_a_form_that_is_sent_once_is_sent_again_after_going_back(
    browser: Any, remembering: Any, town: Town, keeps: bool
) -> None:
    with Tab(remembering if keeps else browser, town, town.anna) as tab:
        sent = list[str]()
        tab.page.on("request", lambda made: sent.append(made.url) if _posts_to(made, "/buy_stars") else None)
        tab.page.add_init_script(NOTES_HOW_IT_CAME)
        tab.page.route("**/buy_stars", once_without_answer)
        page = tab.opens("/buy_stars")
        page.locator("#amount").fill("70")
        with page.expect_response("**/buy_stars"):
            page.evaluate("for (const _ of [1, 2, 3]) document.querySelector('form[data-once]').requestSubmit()")
        assert len(sent) == 1
        page.unroute("**/buy_stars")
        go(page, f"{town.stack.url}/terms")
        goes_back(page, f"{town.stack.url}/buy_stars", keeps, "form[data-once]")
        page.locator("#amount").fill("70")
        with another_document(page):
            page.get_by_role("button", name="Top up", exact=True).click()
        assert len(sent) == 2


@pytest.mark.parametrize(
    ("keeps", "scripts"),
    [(False, True), (True, True), (True, False)],
    ids=["loaded again", "from memory", "from memory, without htmx"],
)
def test_who_goes_back_after_a_bid_sees_that_they_lead_and_bids_nothing_twice(
    browser: Any, remembering: Any, town: Town, keeps: bool, scripts: bool
) -> None:
    with Tab(remembering if keeps else browser, town, town.anna) as tab:
        tab.page.add_init_script(NOTES_HOW_IT_CAME)
        if not scripts:
            tab.page.route(WITHOUT.format(name="vendor/htmx.min"), lambda route: route.abort())
        lot = town.publish()
        page = tab.opens(f"/auction/{lot}")
        old = page.locator("#live form").evaluate(FIELDS)
        page.locator("#place #one-tap").click()
        page.locator("#live").get_by_text("You lead", exact=True).wait_for()
        before = town.boris.lot(lot)["bids_count"], town.anna.wallet()
        assert before[0] == 1
        go(page, f"{town.stack.url}/terms")
        goes_back(page, f"{town.stack.url}/auction/{lot}", keeps, "#live")
        page.locator("#live").get_by_text("You lead", exact=True).wait_for()
        assert page.locator("#one-tap").count() == 0
        assert town.anna.posts(f"/auction/{lot}/bid", old).status_code < 500
        assert (town.boris.lot(lot)["bids_count"], town.anna.wallet()) == before


def test_a_page_from_before_the_bid_says_who_leads_when_it_is_back(remembering: Any, town: Town) -> None:
    with Tab(remembering, town, town.anna) as tab:
        tab.page.add_init_script(NOTES_HOW_IT_CAME)
        lot = town.publish()
        page = tab.opens(f"/auction/{lot}")
        go(page, f"{town.stack.url}/terms")
        assert bid(town.anna, lot, 100).status_code == 201
        goes_back(page, f"{town.stack.url}/auction/{lot}", True, "#live")
        page.locator("#live").get_by_text("You lead", exact=True).wait_for()


def test_a_copied_label_comes_back_however_often_it_is_pressed(anna: Tab) -> None:
    anna.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = anna.opens("/settings")
    page.get_by_label("Name of the new token").fill("mine")
    with another_document(page):
        page.get_by_role("button", name="Create a token").click()
    button = page.locator("[data-copy]")
    button.click()
    page.get_by_role("button", name="Link copied").wait_for()
    button.click()
    page.get_by_role("button", name="Copy", exact=True).wait_for()


def test_the_fields_of_the_chosen_type_can_be_filled_in_after_going_back(seller: Tab) -> None:
    page = seller.opens("/new_auction")
    page.get_by_label("Title").fill("A lamp")
    page.get_by_label("Description").fill("Gives light.")
    to_price(page)
    page.locator(".more-kinds > summary").click()
    page.locator("input[data-has][value=dutch]").check()
    assert page.locator("[name=floor_price]").is_enabled()
    with another_document(page):
        page.locator("a.brand").click()
    with another_document(page):
        page.go_back()
    chosen = page.locator("input[data-has]:checked").get_attribute("value")
    assert page.locator("[name=floor_price]").is_enabled() is (chosen == "dutch")
    assert page.locator("[name=reserve_price]").is_enabled() is (chosen != "dutch")


# --- a page from before -----------------------------------------------------------------------------------------------


def enters_again(tab: Tab, town: Town, age: int) -> None:
    """The chat's button in another tab."""
    query = "&".join(f"{name}={value}" for name, value in widget(town.anna, age=age).items())
    other = tab.context.new_page()
    other.goto(f"{town.stack.url}/login/telegram?{query}")
    other.close()
    town.anna.web.cookies.clear()
    for cookie in tab.context.cookies():
        town.anna.web.cookies.set(cookie["name"], cookie["value"])


def own_maximum(page: Any, amount: int) -> None:
    if not page.locator("#own[open]").count():
        page.locator("#own summary").click()
    page.locator("#amount").fill(str(amount))
    page.locator("#own button").click()


def test_a_bid_counts_that_its_person_typed_before_logging_in_again(anna: Tab, town: Town) -> None:
    lot = town.publish()
    page = anna.opens(f"/auction/{lot}")
    page.route("**/live?*", lambda route: route.abort())
    enters_again(anna, town, age=11)
    own_maximum(page, 330)
    page.locator("#live .note.good", has_text="You lead").wait_for()
    assert town.boris.lot(lot)["bids_count"] == 1


def test_one_that_cannot_is_shown_again_and_counts_with_the_next_press(anna: Tab, town: Town) -> None:
    lot = town.publish()
    page = anna.opens(f"/auction/{lot}")
    page.route("**/live?*", lambda route: route.abort())
    other = anna.context.new_page()
    other.goto(f"{town.stack.url}/settings")
    with another_document(other):
        other.locator("form[action='/logout'] button:visible").click()
    other.close()
    enters_again(anna, town, age=12)
    own_maximum(page, 330)
    page.get_by_text("This page was out of date, so nothing was done.", exact=False).wait_for()
    assert page.locator("#amount").input_value() == "330"
    assert town.boris.lot(lot)["bids_count"] == 0
    page.locator("#own button").click()
    page.locator("#live .note.good", has_text="You lead").wait_for()
    assert town.boris.lot(lot)["bids_count"] == 1
    token = page.locator('meta[name="csrf-token"]').get_attribute("content")
    fields = page.locator("input[name=csrf_token]").evaluate_all("fields => fields.map((field) => field.value)")
    assert set(fields) == {token}


# --- files ------------------------------------------------------------------------------------------------------------


def photo(megabytes: float) -> dict[str, Any]:
    return {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": b"\xff" * int(megabytes * 1_000_000)}


def test_more_files_than_a_form_takes_are_told_at_the_field_before_anything_is_sent(seller: Tab) -> None:
    sent = list[str]()
    seller.page.on(
        "request",
        lambda request: (
            sent.append(request.url) if request.method == "POST" and request.url.endswith("/new_auction") else None
        ),
    )
    for name in ("upload", "steps"):
        seller.page.route(WITHOUT.format(name=name), lambda route: route.abort())
    page = seller.opens("/new_auction")
    page.get_by_label("Title").fill("Lamp")
    page.get_by_label("Description").fill("Gives light.")
    page.get_by_label("Start price").fill("100")
    page.locator("input[type=file]").set_input_files([photo(2.2), photo(2.2), photo(2.2)])
    page.get_by_role("button", name="Publish", exact=True).click()
    fault = page.locator("#images-fault")
    fault.wait_for()
    assert "more than 4 MB in all" in fault.inner_text()
    assert page.locator("#images").get_attribute("aria-describedby") == "images-fault"
    assert sent == []
    page.locator("input[type=file]").set_input_files([photo(0.1)])
    assert fault.count() == 0
    with another_document(page):
        page.get_by_role("button", name="Publish", exact=True).click()
    assert len(sent) == 1
    assert page.get_by_label("Title").input_value() == "Lamp", "it is no picture, and the form is shown again"


def test_what_was_chosen_before_the_script_ran_is_uploaded_by_it(seller: Tab) -> None:
    held = list[Any]()
    seller.page.route(WITHOUT.format(name="upload"), lambda route: held.insert(0, route))
    seller.page.goto(f"{seller.town.stack.url}/new_auction", wait_until="commit")
    seller.page.locator("input[type=file]").set_input_files([photo(5.5)])
    assert len(held) == 1
    held[0].continue_()
    seller.page.get_by_text("A photo can be up to 5 MB.").wait_for()
    assert seller.page.locator("input[type=file]").evaluate("input => input.files.length") == 0


# --- the browser's own ------------------------------------------------------------------------------------------------


def test_the_browser_finds_manifest_and_icons(anna: Tab) -> None:
    page = anna.opens("/")
    told = page.context.new_cdp_session(page).send("Page.getAppManifest")
    assert told["errors"] == []
    assert re.search(r'"name": ?"Starbid"', told["data"])
    for path in ("/favicon.ico", "/apple-touch-icon.png"):
        assert page.evaluate(NATURAL_WIDTH, path) > 0, path
