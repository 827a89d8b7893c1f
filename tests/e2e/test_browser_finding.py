"""Finding lots in a browser: suggestions by keyboard and by touch, what was seen, where a lot's page leads on."""

from __future__ import annotations

from typing import Any

import pytest

from tests.e2e.pages import put_up
from tests.e2e.tab import Tab
from tests.e2e.town import Town


@pytest.fixture
def samovar(town: Town) -> str:
    lot_id = put_up(town, title="A samovar of brass")
    put_up(town, title="A sampler")
    town.stack.advance(0)
    return lot_id


def typed(tab: Tab, text: str) -> Any:
    """The open list of suggestions."""
    page = tab.opens("/")
    field = page.get_by_role("combobox", name="Search lots")
    field.press_sequentially(text)
    page.get_by_role("option").first.wait_for()
    return page


def test_a_suggestion_is_chosen_by_keyboard_alone(anna: Tab, samovar: str) -> None:
    page = typed(anna, "sam")
    field = page.get_by_role("combobox", name="Search lots")
    assert field.get_attribute("aria-expanded") == "true"
    page.keyboard.press("ArrowDown")
    named = field.get_attribute("aria-activedescendant")
    assert page.locator(f"#{named}").get_attribute("aria-selected") == "true"
    page.keyboard.press("Escape")
    assert field.get_attribute("aria-expanded") == "false"
    assert field.input_value() == "sam"
    field.press_sequentially("o")
    page.get_by_role("option", name="samovar").wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/?q=samovar*")
    page.locator(f"#lot-{samovar}").wait_for()


def test_a_suggestion_is_chosen_by_touch(anna: Tab, samovar: str) -> None:
    page = typed(anna, "samo")
    page.get_by_role("option", name="samovar").click()
    page.wait_for_url("**/?q=samovar*")
    page.locator(f"#lot-{samovar}").wait_for()


def test_what_was_looked_at_is_there_afterwards_until_it_is_cleared(anna: Tab, samovar: str) -> None:
    anna.opens(f"/auction/{samovar}")
    page = anna.opens("/")
    seen = page.locator("[data-seen]")
    seen.get_by_text("A samovar of brass").wait_for()
    seen.get_by_role("button", name="Clear this list").click()
    assert seen.inner_text() == ""
    page = anna.opens("/")
    page.wait_for_load_state("networkidle")
    assert page.locator("[data-seen]").inner_text() == ""


def test_the_end_of_a_lots_page_fills_with_other_lots(anna: Tab, samovar: str) -> None:
    page = anna.opens(f"/auction/{samovar}")
    page.locator("#related").scroll_into_view_if_needed()
    page.locator("#related .shelf").first.wait_for()
    assert page.locator("#related").get_by_text("A sampler").count() >= 1
