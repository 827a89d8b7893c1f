"""What pages ask by themselves has an end: less often while answers fail, not for ever, and no reloads in circles."""

from __future__ import annotations

from typing import Any

import pytest

from tests.e2e.tab import Tab
from tests.e2e.test_browser import picture
from tests.e2e.town import Town
from tests.support.selling_steps import fills_in

HURRIED = """() => {
    const send = XMLHttpRequest.prototype.send;
    XMLHttpRequest.prototype.send = function (...body) { this.timeout /= 1000; return send.apply(this, body); };
}"""


ANSWERED = """() => {
    const send = XMLHttpRequest.prototype.send, waiting = [];
    let open = 0;
    XMLHttpRequest.prototype.send = function (...body) {
        open += 1;
        this.addEventListener("loadend", () => {
            open -= 1;
            if (!open) waiting.splice(0).forEach((done) => done());
        });
        return send.apply(this, body);
    };
    window.answered = () => open ? new Promise((done) => waiting.push(done)) : null;
}"""


def order_page(tab: Tab) -> Any:
    """The page that waits for the payment of an invoice, under a clock that the test moves."""
    tab.page.add_init_script(f"({ANSWERED})()")
    tab.page.clock.install()
    page = tab.opens("/buy_stars")
    page.get_by_role("button", name="100").first.click()
    page.locator("#order").wait_for()
    return page


def minutes_pass(page: Any, minutes: float) -> None:
    """In steps of three seconds; what is asked in one is answered before the next."""
    for _ in range(int(minutes * 20)):
        page.clock.run_for(3000)
        page.evaluate("answered()")


@pytest.mark.parametrize("failure", [429, 404, None])
def test_a_poll_whose_answers_fail_slows_down_to_once_a_minute(anna: Tab, failure: int | None) -> None:
    page, asked = order_page(anna), list[str]()

    def fail(route: Any) -> None:
        asked.append(route.request.url)
        if failure is None:
            route.abort()
        else:
            route.fulfill(status=failure, body="no")

    page.route("**/buy_stars/**", fail)
    minutes_pass(page, 6)
    assert 6 <= len(asked) <= 10, len(asked)
    page.unroute("**/buy_stars/**")
    with page.expect_response(lambda answer: "/buy_stars/" in answer.url):
        minutes_pass(page, 1.1)


def test_a_server_that_says_when_to_come_again_is_heeded(anna: Tab) -> None:
    page, asked = order_page(anna), list[str]()

    def busy(route: Any) -> None:
        asked.append(route.request.url)
        route.fulfill(status=503, headers={"Retry-After": "170"}, body="later")

    page.route("**/buy_stars/**", busy)
    minutes_pass(page, 2.5)
    assert len(asked) == 1


def test_a_payment_is_waited_for_a_quarter_of_an_hour_and_then_looked_for_by_a_press(anna: Tab) -> None:
    page, asked = order_page(anna), list[str]()
    page.on("request", lambda request: asked.append(request.url) if "/buy_stars/" in request.url else None)
    minutes_pass(page, 15.2)
    assert 40 <= len(asked) <= 90, len(asked)
    known = len(asked)
    assert page.get_by_text("No payment yet.").is_visible()
    assert not page.get_by_text("This page updates automatically").is_visible()
    minutes_pass(page, 3)
    assert len(asked) == known
    page.get_by_role("link", name="Check the payment").click()
    page.get_by_text("This page updates automatically").wait_for()


def test_a_page_that_is_told_to_reload_does_not_do_so_twice_at_once(town: Town, anna: Tab) -> None:
    lot = town.publish(duration_seconds=3600)
    page, loads = anna.opens(f"/auction/{lot}"), list[str]()
    page.on("framenavigated", lambda frame: loads.append(frame.url))
    page.route("**/live?**", lambda route: route.fulfill(status=200, headers={"HX-Refresh": "true"}, body=""))
    with page.expect_navigation():
        page.evaluate("htmx.trigger('#live', 'due')")
    for _ in range(3):
        with page.expect_response("**/live?**"):
            page.evaluate("htmx.trigger('#live', 'due')")
    page.wait_for_timeout(500)  # a second load would have begun
    assert len(loads) == 1


def test_a_photo_that_never_arrives_fails_and_the_next_press_goes_on_without_it(town: Town, browser: Any) -> None:
    with Tab(browser, town, town.seller) as tab:
        tab.page.add_init_script(f"({HURRIED})()")
        page = tab.opens("/new_auction")
        fills_in(page)
        held = list[Any]()

        def hold(route: Any) -> None:
            held.append(route)

        page.route(lambda url: not url.startswith(town.stack.url), hold)
        page.locator("input[type=file]").set_input_files(
            {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": picture()}
        )
        page.get_by_role("button", name="Publish", exact=True).click()
        page.get_by_role("button", name="Try again").wait_for()
        page.get_by_role("button", name="Next").click()
        page.get_by_role("button", name="Next").click()
        page.get_by_role("button", name="Publish", exact=True).click()
        page.wait_for_url("**/auction/*")
        assert [route.request.method for route in held] == ["POST"]
