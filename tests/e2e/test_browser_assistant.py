"""The AI helper in a browser: an answer that is seen to grow, stopped, asked for again, drafted into a lot; and a page
without scripts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from tests.e2e.tab import Tab
from tests.e2e.town import Town
from tests.support.browser import another_document
from tests.support.selling_steps import to_price, to_publish

GROWS = ".exchange:first-child #growing .words"
OVER = ".exchange:first-child .answered:not(:has(#growing))"


@pytest.fixture
def anna(browser: Any, town: Town) -> Iterator[Tab]:
    """Somebody who has agreed and tries it; the stand-in writes slowly enough to be watched."""
    for path, form in (("/assistant/consent", {"given": "1"}), ("/assistant/trial", {}), ("/assistant/clear", {})):
        assert town.anna.posts(path, form).status_code in (303, 409)
    _behave(town, "good", pause=60)
    with Tab(browser, town, town.anna) as tab:
        yield tab


def _behave(town: Town, what: str, pause: int = 0, until: str = "changed") -> None:
    town.stack.request("POST", "/_local/openai/", form={"what": what, "until": until, "pause": str(pause)})


def _asks(page: Any, words: str) -> None:
    page.get_by_label("Your question").fill(words)
    with another_document(page):
        page.get_by_role("button", name="Ask", exact=True).click()


def test_an_answer_grows_before_ones_eyes_and_stays(anna: Tab) -> None:
    page, asked = anna.opens("/assistant"), list[str]()
    page.on("request", lambda request: asked.append(request.url) if "/assistant/live" in request.url else None)
    _asks(page, "How does it work?")
    page.locator(GROWS).wait_for()
    first = page.locator(GROWS).inner_text()
    page.get_by_label("Your question").fill("Typed meanwhile")
    page.locator(OVER).wait_for()
    whole = page.locator(OVER).inner_text()
    assert len(whole) > len(first)
    assert "That is all I can say." in whole
    assert page.locator("#answer-told").inner_text() == "The answer is there."
    assert page.get_by_label("Your question").input_value() == "Typed meanwhile"
    assert "9 free answers" in page.locator("#left").inner_text()
    known = len(asked)
    page.wait_for_timeout(2500)  # two looks would have followed
    assert len(asked) == known
    assert page.get_by_role("link", name="my page").is_visible()


def test_an_answer_is_stopped_with_what_there_is(anna: Tab) -> None:
    page = anna.opens("/assistant")
    _asks(page, "How long can it get?")
    page.locator(GROWS).wait_for()
    with another_document(page):
        page.get_by_role("button", name="Stop").click()
    page.locator(OVER).wait_for()
    assert "You stopped the answer here." in page.locator(OVER).inner_text()
    assert "That is all I can say." not in page.locator(OVER).inner_text()


def test_a_question_that_failed_is_asked_again_by_a_press(town: Town, anna: Tab) -> None:
    page = anna.opens("/assistant")
    _behave(town, "401", until="next")
    _asks(page, "Are you there?")
    page.locator(OVER).wait_for()
    assert "It cost you nothing." in page.locator(OVER).inner_text()
    with another_document(page):
        page.get_by_role("button", name="Try again").click()
    page.locator(OVER).wait_for()
    assert "I am the stand-in model" in page.locator(OVER).inner_text()


def test_a_few_words_become_a_lot_that_its_seller_edits(town: Town, browser: Any) -> None:
    for path, form in (("/assistant/consent", {"given": "1"}), ("/assistant/trial", {})):
        town.seller.posts(path, form)
    _behave(town, "good")
    with Tab(browser, town, town.seller) as tab:
        page = tab.opens("/new_auction")
        with another_document(page):
            page.get_by_role("link", name="Draft my listing").click()
        page.get_by_label("What do you want to sell?").fill("A brass lamp of the sixties, works")
        with another_document(page):
            page.get_by_role("button", name="Make the draft").click()
        with another_document(page):
            page.get_by_role("link", name="Edit and publish").click()
        assert "lamp" in page.get_by_label("Title").input_value()
        page.get_by_label("Title").fill("A lamp of the helper's")
        to_price(page)
        to_publish(page)
        with another_document(page):
            page.get_by_role("button", name="Publish", exact=True).click()
        assert page.get_by_role("heading", name="A lamp of the helper's").is_visible()


def test_an_example_fills_the_form_and_what_is_typed_stays_on_the_tab(anna: Tab) -> None:
    page = anna.opens("/assistant")
    page.get_by_role("link", name="How do I choose a start price?").click()
    field = page.get_by_label("Your question")
    assert field.input_value() == "How do I choose a start price?"
    assert page.locator(".count").inner_text() == "30 / 4000"
    field.fill("x" * 4001)
    assert re.search(r"\bover\b", page.locator(".count").get_attribute("class") or "")
    field.fill("A thought")
    page = anna.opens("/assistant/packs")
    page = anna.opens("/assistant")
    assert page.get_by_label("Your question").input_value() == "A thought"


def test_without_scripts_one_asks_stops_and_looks_by_hand(town: Town, browser: Any) -> None:
    for path, form in (("/assistant/consent", {"given": "1"}), ("/assistant/trial", {})):
        town.boris.posts(path, form)
    town.boris.posts("/language", {"language": "en"})
    _behave(town, "good", pause=60)
    context = browser.new_context(java_script_enabled=False)
    for cookie in town.boris.web.cookies.jar:
        context.add_cookies([{"name": cookie.name, "value": cookie.value or "", "url": town.stack.url}])
    page = context.new_page()
    page.goto(f"{town.stack.url}/assistant")
    page.get_by_label("Your question").fill("Without scripts?")
    page.get_by_role("button", name="Ask", exact=True).click()
    page.get_by_role("button", name="Stop").wait_for()
    while page.get_by_role("link", name="See how far it is").count():  # an answer takes as long as it takes
        page.wait_for_timeout(300)  # a person looks now and then
        with page.expect_navigation():  # until then there is no link to count
            page.get_by_role("link", name="See how far it is").click()
    assert "I am the stand-in model" in page.locator(".exchange").first.inner_text()
    context.close()
