"""The Mini App in Telegram's web client: it logs in once a launch, says where that is in vain, keeps to one origin."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from tests.e2e.miniapp import OPEN, PARTITIONED, REFUSING, MiniApp, Town, telegram_open
from tests.support.browser import another_document, until
from tests.support.telegram_web import SITE_URL
from web.app import _router

LOGIN = ("POST", "/login/webapp")
PHONE, DESKTOP = {"width": 390, "height": 844}, {"width": 1280, "height": 860}
DAY = 86_400
LOT = {"title": "A lamp of the sea", "description": "Gives light.", "start_price": 100, "duration_seconds": 600}
NO_PAGES = (
    "/static", "/pictures", "/api", "/healthz", "/login/telegram", "/login/oidc", "/auction/<auction_id>/live",
    "/auction/<auction_id>/lot.ics", "/new_auction/price_path", "/new_auction/outlook", "/assistant/live",
    "/assistant/history.txt", "/calendar", "/rss", "/seen", "/suggest",
)  # fmt: skip
POST = """async ([path, body]) => {
    const token = document.querySelector('meta[name="csrf-token"]').content;
    const headers = {"X-CSRF-Token": token, "Content-Type": "application/json"};
    const answer = await fetch("/api/v1" + path, {method: "POST", headers, body: JSON.stringify(body)});
    return answer.json();
}"""
LINKS = """() => [...document.querySelectorAll("a[href]")].map(link => ({
    href: link.href, rel: link.rel, blank: link.target === "_blank", file: link.hasAttribute("download"),
    card: "prepare" in link.dataset,
}))"""
PRESS = """({href, card}) => [...document.querySelectorAll("a[href]")]
    .find(link => link.href === href && "prepare" in link.dataset === card).click()"""
"""By its address: a page that updates itself may have more of them, or fewer, by then."""
FORMS = "() => [...document.forms].map(form => new URL(form.getAttribute('action') || '', location.href).origin)"


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    running = Town(tmp_path_factory.mktemp("miniapp"))
    yield running
    running.stop()


@pytest.mark.parametrize(
    ("browser_of", "screen"),
    [(OPEN, PHONE), (PARTITIONED, PHONE), (OPEN, DESKTOP)],
    ids=["keeps all", "keeps partitioned cookies only", "on a desktop"],
)
def test_who_opens_it_is_logged_in_and_stays_so_from_page_to_page(
    playwright: Any, town: Town, browser_of: Any, screen: dict[str, int]
) -> None:
    with telegram_open(playwright, town, browser_of, viewport=screen) as app:
        app.opens("/terms")
        assert app.me == "7"
        app.goes_to("/settings")
        app.frame.get_by_label("English").check()
        with another_document(app.frame):
            app.frame.get_by_role("button", name="Save").first.click()
        app.frame.get_by_text("The language is changed.").wait_for()
        app.goes_to("/wallet")
        assert (app.path, app.me) == ("/wallet", "7")
        assert app.frame.evaluate("document.documentElement.classList.contains('in-telegram')")
        assert app.calls("BackButton.show", least=4)
        assert town.telegram.count(*LOGIN) == 1
        assert app.errors == []


@pytest.mark.parametrize("name", REFUSING)
def test_where_the_cookie_is_refused_it_tries_once_and_offers_the_browser(
    playwright: Any, town: Town, name: str
) -> None:
    with telegram_open(playwright, town, REFUSING[name]) as app:
        app.opens("/")
        app.frame.get_by_text("This Telegram app does not keep you logged in").wait_for()
        app.page.wait_for_load_state("networkidle")
        assert (town.telegram.count(*LOGIN), town.telegram.count("GET", "/")) == (1, 1)
        for path in ("/terms", "/wallet", "/"):
            app.goes_to(path)
            app.frame.get_by_text("This Telegram app does not keep you logged in").wait_for()
        assert (app.path, app.me, town.telegram.count(*LOGIN)) == ("/", None, 1)
        app.frame.get_by_role("button", name="Open in the browser").click()
        assert app.calls("openLink", least=1) == [f"{SITE_URL}/login?next=%2F"]
        assert app.errors == []


def test_a_guest_in_a_frame_without_cookies_is_told_why_a_form_fails(playwright: Any, town: Town) -> None:
    with telegram_open(playwright, town, REFUSING["neither, all cookies blocked by its owner"]) as app:
        app.opens("/terms")
        with another_document(app.frame):
            app.frame.get_by_role("button", name="Русский").click()
        app.frame.get_by_text("This browser sent no cookie of ours").wait_for()
        assert app.frame.get_by_role("link", name="Open in the browser").get_attribute("href") == "/"
        app.frame.get_by_role("button", name="Open in the browser").click()
        assert app.calls("openLink", least=1) == [f"{SITE_URL}/login?next=%2F"]


def test_a_guest_whose_browser_keeps_partitioned_cookies_chooses_a_language(playwright: Any, town: Town) -> None:
    with telegram_open(playwright, town, PARTITIONED) as app:
        app.context.route("**/login/webapp", lambda route: route.fulfill(status=503))
        app.opens("/terms")
        with another_document(app.frame):
            app.frame.get_by_role("button", name="Русский").click()
        app.frame.get_by_role("heading", name="Условия").wait_for()
        app.frame.get_by_text("Войти пока не удалось").wait_for()


@pytest.mark.parametrize("answer", [503, None])
def test_a_login_without_an_answer_is_tried_again_by_a_press_only(
    playwright: Any, town: Town, answer: int | None
) -> None:
    with telegram_open(playwright, town, OPEN) as app:
        asked = list[str]()
        app.context.route("**/login/webapp", lambda route: _answered(route, asked, answer))
        app.opens("/terms")
        app.frame.get_by_text("Login did not work yet").wait_for()
        app.goes_to("/privacy")
        app.frame.get_by_text("Login did not work yet").wait_for()
        assert len(asked) == 1
        app.context.unroute("**/login/webapp")
        app.frame.get_by_role("button", name="Try again").click()
        app.frame.locator("body[data-me]").wait_for(state="attached")
        assert (app.path, app.me) == ("/privacy", "7")


def test_a_launch_of_the_day_before_yesterday_asks_for_a_new_one(playwright: Any, town: Town) -> None:
    with telegram_open(playwright, town, OPEN) as app:
        app.opens("/login", age=2 * DAY)
        app.frame.get_by_role("button", name="Close").click()
        assert (len(app.calls("close", least=1)), town.telegram.count(*LOGIN)) == (1, 1)
        app.opens("/login")
        assert (app.path, app.me) == ("/", "7")


def test_a_link_with_a_launch_logs_no_browser_in(playwright: Any, town: Town) -> None:
    with telegram_open(playwright, town, OPEN) as app:
        app.page.goto(f"{SITE_URL}/terms#{town.launch()}")
        assert app.page.evaluate("Boolean(window.Telegram)")
        app.page.wait_for_load_state("networkidle")
        assert town.telegram.count(*LOGIN) == 0
        assert app.page.locator("body[data-me]").count() == 0


def test_telegrams_settings_button_opens_the_settings_with_privacy_and_terms(playwright: Any, town: Town) -> None:
    with telegram_open(playwright, town, OPEN) as app:
        app.opens("/")
        app.presses("SettingsButton")
        assert app.path == "/settings"
        main = app.frame.locator("main")
        links = [main.get_by_role("link", name=name).get_attribute("href") for name in ("Privacy", "Terms")]
        assert links == ["/privacy", "/terms"]
    with telegram_open(playwright, town, REFUSING["neither, all cookies blocked by its owner"]) as app:
        app.opens("/")
        app.presses("SettingsButton")
        assert app.path == "/login"
        assert app.frame.locator('main a[href="/privacy"]').is_visible()


def test_every_page_stays_on_one_origin_and_opens_all_else_over_it(playwright: Any, town: Town) -> None:
    with telegram_open(playwright, town, OPEN) as app:
        app.opens("/subscribe")
        app.presses("MainButton")
        app.frame.get_by_text("Your subscription is paid").wait_for()
        lot = app.frame.evaluate(POST, ["/auctions", LOT])["id"]
        person = app.frame.evaluate("async () => (await (await fetch('/api/v1/me')).json()).public_id")
        pages = [path.replace("<auction_id>", lot).replace("<public_id>", person) for path in _page_routes()]
        assert {"/", "/wallet", "/settings", "/buy_stars", "/support", f"/auction/{lot}", f"/u/{person}"} <= set(pages)
        met = [host for path in pages for host in _leaves_nothing(app, path)]
        assert "t.me" in met
        assert len(app.context.pages) == 1
        assert all(place.startswith(("/", SITE_URL)) for place in town.telegram.sent_on)
        assert app.errors == []


def test_an_invoice_opens_over_the_page_and_its_payment_is_looked_for(playwright: Any, town: Town) -> None:
    with telegram_open(playwright, town, PARTITIONED) as app:
        app.opens("/buy_stars")
        with another_document(app.frame):
            app.frame.get_by_role("button", name="100").first.click()
        app.taps("MainButton")
        (link,) = app.calls("openInvoice", least=1)
        assert link.startswith("https://t.me/")
        with app.page.expect_request(re.compile("/buy_stars/[0-9a-f]+")):
            app.page.evaluate("frames[0].postMessage({invoice: 'paid'}, '*')")
        assert app.path == "/buy_stars"


def test_fast_taps_on_an_invoice_open_it_once_and_a_cancelled_one_opens_again(playwright: Any, town: Town) -> None:
    with telegram_open(playwright, town, OPEN) as app:
        app.opens("/buy_stars")
        with another_document(app.frame):
            app.frame.get_by_role("button", name="100").first.click()
        app.frame.evaluate("() => { const pay = document.querySelector('[data-invoice]'); pay.click(); pay.click(); }")
        assert len(app.calls("openInvoice", least=1)) == 1
        app.page.evaluate("frames[0].postMessage({invoice: 'cancelled'}, '*')")
        app.frame.locator("[data-invoice]:not([aria-busy])").wait_for()
        app.frame.evaluate("document.querySelector('[data-invoice]').click()")
        assert len(app.calls("openInvoice", least=2)) == 2
        assert app.errors == []


def test_what_acts_is_felt_and_so_is_what_came_of_it(playwright: Any, town: Town) -> None:
    with telegram_open(playwright, town, OPEN) as app:
        app.opens("/settings")
        with another_document(app.frame):
            app.frame.get_by_role("button", name="Save").first.click()
        assert app.calls("impactOccurred", least=1) == ["light"]
        assert app.calls("notificationOccurred", least=1) == ["success"]
        assert app.errors == []


def test_the_home_screen_is_offered_until_the_app_is_on_it(playwright: Any, town: Town) -> None:
    with telegram_open(playwright, town, OPEN) as app:
        app.opens("/settings")
        app.frame.get_by_role("button", name="Add to the home screen").click()
        assert len(app.calls("addToHomeScreen", least=1)) == 1
        app.page.evaluate("frames[0].postMessage({home: true}, '*')")
        app.frame.locator("[data-home-screen][hidden]").wait_for(state="attached")


def test_photos_take_the_whole_screen_and_give_it_back(playwright: Any, town: Town) -> None:
    tell = "full => document.dispatchEvent(new CustomEvent('starbid:fullscreen', {detail: full}))"
    with telegram_open(playwright, town, OPEN) as app:
        app.opens("/terms")
        for full in (False, True, True, False, False):
            app.frame.evaluate(tell, full)
        assert len(app.calls("exitFullscreen", least=1)) == len(app.calls("requestFullscreen", least=1)) == 1


def test_an_old_telegram_is_asked_for_none_of_it(playwright: Any, town: Town) -> None:
    with telegram_open(playwright, town, OPEN) as app:
        app.opens("/settings", version="6.0")
        app.frame.evaluate("document.dispatchEvent(new CustomEvent('starbid:fullscreen', {detail: true}))")
        with another_document(app.frame):
            app.frame.get_by_role("button", name="Save").first.click()
        assert app.frame.locator("[data-home-screen]").is_hidden()
        assert app.calls("impactOccurred") == app.calls("requestFullscreen") == []
        assert app.errors == []


THEME = """() => {
    const color = (name) => getComputedStyle(document.querySelector(name)).backgroundColor;
    return [document.documentElement.dataset.theme, color("body"), color("main .card")];
}"""


def test_the_pages_take_the_colours_of_the_chat_and_change_with_them(playwright: Any, town: Town) -> None:
    with telegram_open(playwright, town, OPEN) as app:
        app.opens("/wallet", scheme="dark")
        scheme, page, card = app.frame.evaluate(THEME)
        assert (scheme, page) == ("dark", "rgb(15, 20, 25)")
        colors = {"secondary-bg-color": "#102030", "bg-color": "#203040"}
        app.page.evaluate("theme => frames[0].postMessage({theme}, '*')", {"scheme": "dark", "colors": colors})
        until(app.frame, "getComputedStyle(document.body).backgroundColor === 'rgb(16, 32, 48)'")
        assert app.frame.evaluate(THEME)[2] == "rgb(32, 48, 64)" != card
        light = {"secondary-bg-color": "#fafafa", "bg-color": "#ffffff"}
        app.page.evaluate("theme => frames[0].postMessage({theme}, '*')", {"scheme": "light", "colors": light})
        until(app.frame, "document.documentElement.dataset.theme === 'light'")
        assert app.frame.evaluate(THEME)[1:] == ["rgb(250, 250, 250)", "rgb(255, 255, 255)"]


def test_telegrams_back_button_leads_back_and_from_a_page_that_was_the_first_to_the_front(
    playwright: Any, town: Town
) -> None:
    with telegram_open(playwright, town, OPEN) as app:
        app.opens("/")
        assert not app.frame.evaluate("Telegram.hasButton('BackButton')"), "the front page is where it ends"
        app.goes_to("/wallet")
        app.goes_to("/settings")
        app.presses("BackButton")
        assert app.path == "/wallet"
        app.presses("BackButton")
        assert app.path == "/"
        assert app.errors == []


def test_no_button_of_telegrams_covers_the_top_of_a_page(playwright: Any, town: Town) -> None:
    with telegram_open(playwright, town, OPEN) as app:
        app.opens("/terms")
        pad = "() => getComputedStyle(document.body).paddingTop"
        assert app.frame.evaluate(pad) == "0px"
        app.frame.evaluate("""() => {
            document.documentElement.style.setProperty("--tg-safe-area-inset-top", "40px");
            document.documentElement.style.setProperty("--tg-content-safe-area-inset-top", "46px");
        }""")
        assert app.frame.evaluate(pad) == "86px"


def _answered(route: Any, asked: list[str], status: int | None) -> None:
    """No connection where the status is None."""
    asked.append(route.request.url)
    if status is None:
        route.abort("internetdisconnected")
    else:
        route.fulfill(status=status, body="no")


def _page_routes() -> list[str]:
    routes = [route.path for route in _router().routes if route.method == "GET"]
    return [path for path in routes if not path.startswith(NO_PAGES) and "<order_id>" not in path]


def _leaves_nothing(app: MiniApp, path: str) -> list[str]:
    """Presses all that leads away from a page; the hosts of what opened over it."""
    app.goes_to(path)
    was = app.frame.evaluate("location.href")
    assert was.startswith(SITE_URL), path
    assert set(app.frame.evaluate(FORMS)) <= {SITE_URL}, path
    opened = []
    for link in app.frame.evaluate(LINKS):
        foreign = not link["href"].startswith(f"{SITE_URL}/")
        if foreign:
            assert "noopener" in link["rel"], (path, link)
        if not foreign and not link["blank"] and not link["file"]:
            continue
        method = "openTelegramLink" if link["href"].startswith("https://t.me/") else "openLink"
        method = "shareMessage" if link["card"] else method
        before = app.calls(method)
        app.frame.evaluate(PRESS, link)
        (*earlier, called) = app.calls(method, least=len(before) + 1)
        assert earlier == before, (path, link)
        assert called.startswith("prepared-") if link["card"] else called == link["href"], (path, link)
        opened.append(link["href"].split("/")[2])
    assert app.frame.evaluate("location.href") == was
    return opened
