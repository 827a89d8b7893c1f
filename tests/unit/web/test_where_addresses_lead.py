"""Every address that people come by leads to a page: those of forms, with a slash too many, and `next`."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import pytest

from starbid.domain.bills import new_bill, order_of
from starbid.domain.money import Money
from starbid.domain.payments import Provider
from starbid.domain.refund_requests import mark_of
from starbid.domain.tickets import opened, written
from starbid.services.billing.payouts import payout_id_of
from starbid.services.desk.ticket_rows import ticket_row
from tests.support.factories import ANNA, BORIS, SELLER, market, pay
from tests.support.fakes import START, FakeApp
from tests.support.web import Client, init_data, text, widget_query
from web.app import _router
from web.kernel.routing import Route
from web.kernel.session import GUEST_COOKIE, csrf_token, read_guest

TICKET = "t1"
BILL = "0" * 32


@pytest.fixture
def town() -> tuple[FakeApp, str]:
    """A market, and its lot; the seller has a bill, a ticket and a payment."""
    app, lot = market(ANNA, BORIS)
    bill, unit = new_bill(BILL, Provider.QIWI, SELLER, Money(50_000, "RUB"), app.now(), 300), app.store.unit()
    unit.add_bill(bill, order_of(bill))
    unit.save_row(ticket_row(written(opened(TICKET, SELLER, "Help", "", app.now()), app.now())))
    unit.commit()
    pay(app, SELLER, 5, "paid")
    return app, lot.auction.id


def filled(route: Route, lot_id: str) -> str:
    path = route.path.replace("<auction_id>", lot_id).replace("<bill_id>", BILL).replace("<ticket_id>", TICKET)
    path = path.replace("<receipt>", f"{int(START.timestamp() * 1000)}-{mark_of('paid')}")
    return path.replace("<payout_id>", payout_id_of(SELLER, "request")).replace("<search_id>", "0" * 16)


def forms_of_people() -> list[Route]:
    """Those of the panel are nobody's but operators' (test_desk_rights)."""
    others = ("/api/", "/admin/")
    return [route for route in _router().routes if route.method == "POST" and not route.path.startswith(others)]


POSTS = forms_of_people()
POST_ONLY = [route for route in POSTS if "GET" not in _router().methods(filled(route, "lot1"))]


def guest(app: FakeApp) -> tuple[Client, str]:
    """A browser that has looked at a page, and the token of its forms."""
    browser = Client(app)
    browser.get("/terms")
    nonce = read_guest(browser.cookies[GUEST_COOKIE], app.settings.secret_key)
    return browser, csrf_token(str(nonce), app.settings.secret_key)


# --- addresses of forms -----------------------------------------------------------------------------------------------


def test_the_table_below_has_every_address_of_a_form() -> None:
    assert len(POST_ONLY) >= 20
    assert {"/logout", "/login/webapp", "/language", "/settings/tokens", "/auction/<auction_id>/bid"} <= {
        route.path for route in POST_ONLY
    }


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("route", POST_ONLY, ids=lambda route: route.path)
def test_a_get_of_a_forms_address_leads_to_its_page(town: tuple[FakeApp, str], route: Route, method: str) -> None:
    app, lot_id = town
    for browser in (Client(app), Client(app).log_in(SELLER)):
        answer = browser.send(method, filled(route, lot_id), "x=1")
        assert answer.status == 303
        page = answer.headers["location"]
        shown = browser.get(page)
        if shown.status == 303:  # a page of one's own for a guest, the login for somebody who is in
            shown = browser.get(*_split(shown.headers["location"]))
        assert (shown.status, shown.headers["content-type"]) == (200, "text/html; charset=utf-8"), page


def _split(location: str) -> tuple[str]:
    return (urlsplit(location).path,)


@pytest.mark.parametrize(
    ("path", "page"),
    [
        ("/auction/{lot}/bid", "/auction/{lot}"),
        ("/auction/{lot}/dispute/withdraw", "/auction/{lot}"),
        ("/auction/{lot}/second_chance/accept", "/auction/{lot}"),
        ("/logout", "/"),
        ("/language", "/"),
        ("/login/webapp", "/login"),
        ("/login/code/begin", "/login"),
        ("/settings/tokens", "/settings"),
        ("/settings/tokens/delete", "/settings"),
        ("/settings/sessions", "/settings"),
        ("/new_auction/uploads", "/new_auction"),
        ("/new_auction/pictures", "/new_auction"),
    ],
)
def test_each_leads_to_the_page_that_its_form_stands_on(town: tuple[FakeApp, str], path: str, page: str) -> None:
    app, lot_id = town
    answer = Client(app).get(path.format(lot=lot_id))
    assert (answer.status, answer.headers["location"]) == (303, page.format(lot=lot_id))


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
def test_another_method_is_still_refused(town: tuple[FakeApp, str], method: str) -> None:
    app, lot_id = town
    answer = Client(app).send(method, f"/auction/{lot_id}/bid")
    assert (answer.status, answer.headers["allow"]) == (405, "OPTIONS, POST")


def test_in_the_api_a_get_of_what_is_posted_to_is_405_in_json(town: tuple[FakeApp, str]) -> None:
    app, lot_id = town
    for method in ("GET", "HEAD"):
        answer = Client(app).send(method, f"/api/v1/auctions/{lot_id}/buy")
        assert (answer.status, answer.headers["allow"]) == (405, "OPTIONS, POST")
        assert answer.code == "method_not_allowed"


# --- after a POST without a session -----------------------------------------------------------------------------------


@pytest.mark.parametrize("route", POSTS, ids=lambda route: route.path)
def test_after_the_login_one_is_on_the_page_of_the_thing(town: tuple[FakeApp, str], route: Route) -> None:
    app, lot_id = town
    browser, token = guest(app)
    answer = browser.post_form(filled(route, lot_id), csrf_token=token, language="en")
    if not answer.headers.get("location", "").startswith("/login?"):
        return  # what a guest may do
    (target,) = parse_qs(urlsplit(answer.headers["location"]).query)["next"]
    entered = browser.get("/login/telegram", **widget_query(app, id=SELLER, first_name="Sofia"), next=target)
    assert (entered.status, entered.headers["location"]) == (303, target)
    assert browser.get(target).status == 200, target


@pytest.mark.parametrize("route", POSTS, ids=lambda route: route.path)
def test_so_does_the_login_link_of_the_page_that_refuses_a_browser_without_cookies(
    town: tuple[FakeApp, str], route: Route
) -> None:
    app, lot_id = town
    answer = Client(app).post_form(filled(route, lot_id))
    links = [part.split('"')[0] for part in answer.text.split('href="/login?next=')[1:]]
    for link in links:
        target = parse_qs(f"next={link}")["next"][0]
        assert _router().page_at(urlsplit(target).path) == urlsplit(target).path, target
        assert Client(app).log_in(SELLER).get(target).status == 200


def test_the_language_is_changed_on_the_page_with_its_query(town: tuple[FakeApp, str]) -> None:
    app, _ = town
    page = Client(app).get("/", q="lamp & vase", sort="newest").text
    assert '<input type="hidden" name="next" value="/?q=lamp+%26+vase&amp;sort=newest">' in page


def test_and_after_a_refused_form_on_the_page_that_it_stands_on(town: tuple[FakeApp, str]) -> None:
    app, lot_id = town
    refused = Client(app).log_in(ANNA).post_form(f"/auction/{lot_id}/bid", amount="x")
    assert f'<input type="hidden" name="next" value="/auction/{lot_id}">' in refused.text


# --- next -------------------------------------------------------------------------------------------------------------

ELSEWHERE = [
    "//evil.example",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/%5Cevil.example",
    "/%2F%2Fevil.example",
    "/%2Fevil.example",
    "/%252Fevil.example",
    "/.//evil.example",
    "/..//evil.example",
    "/%2e%2e//evil.example",
    "/terms/..//evil.example",
    "https://evil.example/",
    "https:/evil.example",
    "javascript:alert(1)",
    "evil.example",
    "?next=//evil.example",
    "#//evil.example",
    "",
    " /wallet",
    "/wallet\r\nSet-Cookie: a=b",
    "/wallet%0d%0aSet-Cookie:a=b",
    "/\twallet",
    "/wall\x00et",
    "/wallet\u2028",
    "/@evil.example",
    "/auction//evil.example",
]
NO_PAGE = [
    "/nowhere", "/login", "/login?next=/wallet", "/login/code?code=x", "/login/telegram", "/login/telegram?id=7&hash=0",
    "/login/webapp", "/login/code/begin", "/logout", "/language", "/healthz", "/static/app.css", "/favicon.ico",
    "/pictures/abc/small", "/api/v1/me", "/api/v1/openapi.json", "/api", "/my", "/auction",
]  # fmt: skip
PAGES = {
    "/wallet": "/wallet",
    "/wallet?currency=XTR": "/wallet?currency=XTR",
    "/?q=a b": "/",  # no address has a space
    "/?q=a%20b#top": "/?q=a%20b#top",
    "/auction/{lot}": "/auction/{lot}",
    "/auction/{lot}/bid": "/auction/{lot}",
    "/auction/{lot}/bid?x=1": "/auction/{lot}",
    "/auction/{lot}%2Fbid": "/auction/{lot}",
    "/auction/{lot}/live?act=bid": "/auction/{lot}",
    "/auction/{lot}/dispute/withdraw": "/auction/{lot}",
    "/settings/tokens/delete": "/settings",
    "/new_auction/price_path?type=dutch": "/new_auction",
    "/new_auction/outlook?start_price=1": "/new_auction",
}


def logged_in_with(app: FakeApp, target: str) -> list[str]:
    """Where each way in leads with this `next`."""
    query = widget_query(app, id=ANNA, first_name="Anna") | {"next": target}
    widget = Client(app).get("/login/telegram", **query)
    frame = Client(app).post_form(
        "/login/webapp", init_data=init_data(app, {"id": ANNA, "first_name": "A"}), next=target
    )
    declined = Client(app).get("/login/telegram", next=target)
    known = Client(app).log_in(ANNA).get("/login", next=target)
    app.clock.forward(seconds=1)
    return [widget.headers["location"], frame.json["next"], declined.headers["location"], known.headers["location"]]


@pytest.mark.parametrize("target", [*ELSEWHERE, *NO_PAGE])
def test_next_leads_to_no_other_site_and_to_nothing_but_a_page(town: tuple[FakeApp, str], target: str) -> None:
    assert logged_in_with(town[0], target) == ["/"] * 4


@pytest.mark.parametrize(("target", "page"), PAGES.items())
def test_next_leads_to_a_page_or_to_the_page_of_a_form(town: tuple[FakeApp, str], target: str, page: str) -> None:
    app, lot_id = town
    assert set(logged_in_with(app, target.format(lot=lot_id))) == {page.format(lot=lot_id)}


@pytest.mark.parametrize("target", ELSEWHERE)
def test_no_other_next_leads_away_either(town: tuple[FakeApp, str], target: str) -> None:
    app, lot_id = town
    anna = Client(app).log_in(ANNA)
    ways: dict[str, dict[str, Any]] = {
        "/language": {"language": "en"},
        f"/auction/{lot_id}/watch": {"watch": "1"},
        "/subscribe": {"request_id": target},
    }
    for path, fields in ways.items():
        location = anna.post_form(path, **fields, next=target).headers["location"]
        assert location in ("/", f"/auction/{lot_id}", "/subscribe")
    for path in ("/login", "/buy_stars", "/subscribe"):
        assert "evil.example" not in Client(app).get(path, next=target).text
        assert "evil.example" not in anna.get(path, next=target).text


# --- a slash too many -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize(
    ("path", "query", "location"),
    [
        ("/wallet/", "", "/wallet"),
        ("/auction/{lot}/", "", "/auction/{lot}"),
        ("/auction/{lot}//", "", "/auction/{lot}"),
        ("/terms/", "a=b&c=%20d", "/terms?a=b&c=%20d"),
        ("/login/", "next=%2F%2Fevil.example", "/login?next=%2F%2Fevil.example"),
        ("/auction/{lot}/bid/", "", "/auction/{lot}/bid"),
    ],
)
def test_a_slash_too_many_is_taken_away_for_good(
    town: tuple[FakeApp, str], method: str, path: str, query: str, location: str
) -> None:
    app, lot_id = town
    answer = Client(app).send(method, path.format(lot=lot_id), query)
    assert (answer.status, answer.headers["location"]) == (308, location.format(lot=lot_id))


@pytest.mark.parametrize(
    "path",
    ["//", "//evil.example/", "///evil.example//", "/evil.example/", "/\\evil.example/", "//wallet/",
     "/static/app.css/", "/wallet/%0d%0a/", "/api/v1/auctions/"],
)  # fmt: skip
def test_what_is_not_there_without_it_stays_where_it_is(town: tuple[FakeApp, str], path: str) -> None:
    answer = Client(town[0]).get(path)
    assert (answer.status, answer.headers.get("location")) == (404, None)


def test_what_stands_in_the_address_cannot_become_a_header(town: tuple[FakeApp, str]) -> None:
    answer = Client(town[0]).send("GET", "/pictures/x/a\r\nSet-Cookie: b=c/", "d=\r\nSet-Cookie: e=f")
    assert answer.status == 308
    assert not any(mark in answer.headers["location"] for mark in "\r\n ")


def test_a_form_that_is_sent_to_such_an_address_is_not_redirected(town: tuple[FakeApp, str]) -> None:
    app, lot_id = town
    assert Client(app).log_in(ANNA).post_form(f"/auction/{lot_id}/bid/", amount=500).status == 404
    assert app.store.auction(lot_id).bids_count == 0


def test_a_page_that_is_not_there_leads_the_login_to_the_lots(town: tuple[FakeApp, str]) -> None:
    page = Client(town[0]).get("/nowhere")
    assert page.status == 404
    assert 'href="/login"' in page.text
    assert "Not found" in text(page)
    assert quote("/nowhere", safe="") not in page.text
