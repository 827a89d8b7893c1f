"""What a lot's page tells who looks elsewhere: the title and icon of its tab, polls of a hidden page, a sound."""

from __future__ import annotations

from typing import Any

from tests.e2e.tab import Tab
from tests.e2e.town import Town, bid
from tests.support.browser import until

HIDE = """hidden => {
    Object.defineProperty(document, "hidden", { value: hidden, configurable: true });
    document.dispatchEvent(new Event("visibilitychange"));
}"""
SOUNDS = """() => {
    window.sounds = [];
    window.AudioContext = class {
        state = "running"; currentTime = 0; destination = {};
        resume() {}
        createGain() {
            return { gain: { setValueAtTime() {}, exponentialRampToValueAtTime() {} }, connect: (next) => next };
        }
        createOscillator() {
            const frequency = {};
            return { frequency, connect: (next) => next, start: () => window.sounds.push(frequency.value), stop() {} };
        }
    };
}"""
ICON = """document.querySelector('link[rel="icon"][type="image/svg+xml"]').href"""


def asked(page: Any) -> None:
    """The page has seen what is new."""
    with page.expect_response("**/live?**"):
        page.evaluate("htmx.trigger('#live', 'due')")


def test_the_tab_says_who_leads_and_who_was_outbid(town: Town, anna: Tab) -> None:
    lot = town.publish(duration_seconds=3600)
    page = anna.opens(f"/auction/{lot}")
    title, icon = page.title(), page.evaluate(ICON)
    assert bid(town.anna, lot, 150).status_code == 201
    asked(page)
    until(page, "document.title.startsWith('you lead · ')")
    assert page.title().endswith(title)
    assert "favicon-good" in page.evaluate(ICON)
    assert bid(town.boris, lot, 900).status_code == 201
    asked(page)
    until(page, "document.title.startsWith('outbid · ')")
    assert "favicon-warn" in page.evaluate(ICON)
    assert icon != page.evaluate(ICON)


def test_the_tab_of_who_only_looks_keeps_its_title(town: Town, anna: Tab) -> None:
    lot = town.publish(duration_seconds=3600)
    page = anna.opens(f"/auction/{lot}")
    title = page.title()
    assert bid(town.boris, lot, 150).status_code == 201
    asked(page)
    page.locator("#live", has_text="1 bid").wait_for()
    assert page.title() == title


def test_a_hidden_lot_asks_twice_a_minute_and_at_once_when_it_is_looked_at_again(town: Town, anna: Tab) -> None:
    lot, polls = town.publish(duration_seconds=3600), list[str]()
    anna.page.clock.install()
    page = anna.opens(f"/auction/{lot}")

    def unchanged(route: Any) -> None:
        polls.append(route.request.url)
        route.fulfill(status=304)

    page.route("**/live?**", unchanged)
    page.evaluate(HIDE, True)
    for _ in range(60):
        page.clock.run_for(3000)
        page.wait_for_timeout(10)
    assert 4 <= len(polls) <= 8, len(polls)
    with page.expect_response("**/live?**"):
        page.evaluate(HIDE, False)


def test_a_sound_is_played_to_who_asked_for_it_and_the_choice_stays(town: Town, anna: Tab) -> None:
    lot = town.publish(duration_seconds=3600)
    assert bid(town.anna, lot, 150).status_code == 201
    anna.page.add_init_script(f"({SOUNDS})()")
    page = anna.opens(f"/auction/{lot}")
    button = page.get_by_role("button", name="Sound when the price changes")
    assert button.get_attribute("aria-pressed") == "false"
    button.click()
    before = len(page.evaluate("sounds"))
    assert bid(town.boris, lot, 900).status_code == 201
    asked(page)
    until(page, f"sounds.length === {before + 2}")
    assert page.evaluate("sounds.slice(-2)") == [660, 440]
    page = anna.opens(f"/auction/{lot}")
    assert page.get_by_role("button", name="Sound when the price changes").get_attribute("aria-pressed") == "true"
    page.get_by_role("button", name="Sound when the price changes").click()
    said = page.evaluate("sounds.length")
    assert bid(town.anna, lot, 1500).status_code == 201
    asked(page)
    until(page, "document.title.startsWith('you lead · ')")
    assert page.evaluate("sounds.length") == said
