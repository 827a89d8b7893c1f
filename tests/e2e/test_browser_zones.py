"""Times in a browser's own zone: what its script says is what the server says once it knows the zone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.e2e.client import Person
from tests.e2e.town import Town
from tests.support.browser import WAIT_MS, go
from tests.support.selling_steps import to_price, to_publish

ZONES = ("Asia/Kolkata", "America/St_Johns", "Pacific/Kiritimati", "Europe/London", "UTC")


@contextmanager
def opened(browser: Any, town: Town, zone: str, person: Person | None = None, language: str = "en") -> Iterator[Any]:
    """A page of a browser in this zone, of a visitor or of a person."""
    context = browser.new_context(timezone_id=zone, locale=language)
    context.set_default_timeout(WAIT_MS)
    if person:
        context.add_cookies(
            [{"name": name, "value": value, "url": town.stack.url} for name, value in person.web.cookies.items()]
        )
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    assert not errors
    context.close()


def times(page: Any) -> list[str]:
    told = page.locator("time[data-when]").all_inner_texts()
    titles = [clock.get_attribute("title") for clock in page.locator("time[data-left]").all()]
    return [*told, *titles]


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("language", ["en", "ru"])
def test_the_script_of_a_first_visit_says_what_the_server_says_on_the_second(
    browser: Any, town: Town, zone: str, language: str
) -> None:
    later = datetime.fromtimestamp(town.seller.now(), UTC) + timedelta(days=1)
    lot = town.publish(starts_at=later.isoformat(), duration_seconds=86_400 * 20)
    with opened(browser, town, zone, language=language) as page:
        go(page, f"{town.stack.url}/auction/{lot}")
        first = times(page)
        assert len(first) >= 3
        assert page.locator('meta[name="zone"]').get_attribute("content") == ""
        page.reload()
        assert page.locator('meta[name="zone"]').get_attribute("content") == zone
        assert times(page) == first
        headers = {"Accept-Language": language}
        plain = page.context.request.get(f"{town.stack.url}/auction/{lot}", headers=headers).text()
        assert all(text in plain for text in first), "the server's own, before any script"
    assert any(text.startswith(("tomorrow ", "завтра, ")) for text in first)


def test_a_persons_zone_is_kept_by_the_server_and_serves_the_chat(browser: Any, town: Town) -> None:
    with opened(browser, town, "Asia/Kathmandu", town.boris) as page:
        with page.expect_response("**/settings/zone") as answer:
            go(page, f"{town.stack.url}/settings")
        assert answer.value.status == 204
        page.get_by_text("(GMT+5:45)").wait_for()
        assert "starbid_zone" not in {cookie["name"] for cookie in page.context.cookies()}
    with opened(browser, town, "America/New_York", town.boris) as page:
        go(page, f"{town.stack.url}/settings")
        assert page.locator("#zone strong").inner_text() == "Asia/Kathmandu (GMT+5:45)"
    lot = town.publish(title="A lamp for the hills", duration_seconds=86_400 * 3)
    town.boris.says(f"/auction_{lot}")
    town.stack.advance(0)
    assert any("GMT+5:45" in text for text in town.told(town.boris, "A lamp for the hills"))


def test_a_start_is_typed_in_the_zone_of_a_browser_that_the_server_does_not_know_yet(browser: Any, town: Town) -> None:
    zone = ZoneInfo("America/St_Johns")
    day = datetime.fromtimestamp(town.seller.now(), UTC).astimezone(zone) + timedelta(days=2)
    start = day.replace(hour=18, minute=30, second=0, microsecond=0)
    with opened(browser, town, "America/St_Johns", town.seller) as page:
        page.route("**/settings/zone", lambda route: route.abort())
        go(page, f"{town.stack.url}/new_auction")
        page.fill("#title", "A lamp for the fog")
        page.fill("#description", "Gives light.")
        to_price(page)
        page.fill("#start_price", "100")
        page.locator("#more > summary").click()
        assert page.locator("[data-place]").inner_text().startswith("America/St_Johns (GMT-")
        page.fill("#starts_at", f"{start:%Y-%m-%dT%H:%M}")
        to_publish(page)
        page.get_by_role("button", name="Publish", exact=True).click()
        page.get_by_text("Your lot is published.").wait_for()
        lot = page.url.rsplit("/", 1)[1]
        go(page, f"{town.stack.url}/auction/{lot}/edit")
        assert page.input_value("#starts_at") == f"{start:%Y-%m-%dT%H:%M}"
    told = town.seller.web.get(f"/api/v1/auctions/{lot}").json()["starts_at"]
    assert datetime.fromisoformat(told) == start
