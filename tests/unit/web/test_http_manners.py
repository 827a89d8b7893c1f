"""What HTTP asks of an answer: HEAD, `Accept`, `If-None-Match`, `Vary`, kinds and charsets (RFC 9110, RFC 9111)."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from PIL import Image

from tests.support.factories import ANNA, SELLER, market
from tests.support.fakes import FakeApp
from tests.support.web import FORM, Answer, Client, program
from web.app import _router
from web.kernel.negotiation import names_html, prefers_json

PUBLIC = ("/", "/help", "/terms", "/privacy", "/support", "/login", "/auction/{lot}", "/auction/{lot}/live", "/nowhere")
OWN = (
    "/wallet",
    "/profile",
    "/settings",
    "/my/bids",
    "/my/auctions",
    "/watchlist",
    "/new_auction",
    "/buy_stars",
    "/topup",
)
FILES = {
    "/favicon.ico": "image/x-icon",
    "/apple-touch-icon.png": "image/png",
    "/apple-touch-icon-precomposed.png": "image/png",
    "/robots.txt": "text/plain; charset=utf-8",
    "/manifest.webmanifest": "application/manifest+json",
}


@pytest.fixture
def town() -> tuple[FakeApp, str]:
    app, lot = market(ANNA)
    return app, lot.auction.id


# --- HEAD -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path", sorted({route.path for route in _router().routes if route.method == "GET"}), ids=lambda path: path
)
def test_head_has_the_headers_and_so_the_length_of_get(town: tuple[FakeApp, str], path: str) -> None:
    app, lot_id = town
    public_id = app.store.person(SELLER).public_id  # type: ignore[union-attr]
    values = {"auction_id": lot_id, "public_id": public_id, "path": "app.css", "picture_id": "abc", "size": "small"}
    for name, value in values.items():
        path = path.replace(f"<{name}>", value)
    for browser in (Client(app), Client(app).log_in(ANNA)):
        browser.get("/terms")  # a guest has their cookie
        head, get = browser.send("HEAD", path), browser.send("GET", path)
        if path == "/login/telegram":
            assert (head.status, "content-length" in head.headers) == (204, False), "a preview must not use a proof up"
            continue
        assert (head.status, head.headers) == (get.status, get.headers)
        assert len(head.body) == len(get.body)


# --- Accept -----------------------------------------------------------------------------------------------------------

JSON_WANTED = [
    "application/json",
    "application/json, text/plain, */*",
    "application/json;q=0.9, */*;q=0.8",
    "text/html;q=0.5, application/json",
    "Application/JSON; charset=utf-8",
    "application/*",
    "text/html;q=0, */*",
]
PAGE_WANTED = [
    "",
    "*/*",
    "text/html",
    "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8",
    "text/html, application/json",
    "application/json, text/html",
    "text/html, application/json;q=0.9",
    "application/json;q=0",
    "application/json;q=0.1, text/*",
    "application/jsonx",
    "text/plain",
    "image/png",
    "application/json;q=nonsense",
]


@pytest.mark.parametrize("accept", JSON_WANTED)
def test_who_asks_for_json_is_refused_in_json(town: tuple[FakeApp, str], accept: str) -> None:
    app, lot_id = town
    anna, asked = Client(app).log_in(ANNA), {"accept": accept}
    for answer, status, code in (
        (anna.get("/nowhere", headers=asked), 404, "not_found"),
        (anna.post_form("/wallet", headers=asked), 405, "method_not_allowed"),
        (anna.post_form("/settings", csrf=False, headers=asked), 403, "csrf"),
        (anna.post_form(f"/auction/{lot_id}/bid", csrf=False, amount=500, headers=asked), 403, "csrf"),
        (Client(app).get("/wallet", headers=asked), 401, "unauthenticated"),
        (Client(app).get("/login/telegram", headers=asked), 403, "login_refused"),
        (anna.send("POST", "/settings", "", asked | {"content-type": FORM}, b"x" * 4_300_000), 413, "too_large"),
    ):
        assert (answer.status, answer.headers["content-type"], answer.code) == (status, "application/json", code)
        assert answer.json["error"]["message"]
        assert "Accept" in answer.headers["vary"].split(", ")


@pytest.mark.parametrize("accept", PAGE_WANTED)
def test_everybody_else_is_shown_a_page(town: tuple[FakeApp, str], accept: str) -> None:
    answer = Client(town[0]).get("/nowhere", headers={"accept": accept} if accept else {})
    assert (answer.status, answer.headers["content-type"]) == (404, "text/html; charset=utf-8")
    assert Client(town[0]).get("/wallet", headers={"accept": accept}).status == 303


REFUSED_FORMS = [
    ("/auction/{lot}/bid", {"amount": "1"}, 409, "bid_too_low"),
    ("/auction/{lot}/bid", {"amount": "many"}, 422, "invalid"),
    ("/auction/{lot}/bid", {"amount": "100", "card_version": "9"}, 409, "lot_changed"),
    ("/auction/{lot}/bid", {"amount": "2000"}, 409, "unusual_bid"),
    ("/auction/{lot}/bid", {"amount": "900000"}, 409, "insufficient_funds"),
    ("/auction/{lot}/buy", {"seen_price": "5"}, 409, "not_for_sale"),
    ("/auction/{lot}/cancel", {}, 403, "forbidden"),
    ("/auction/{lot}/confirm", {}, 409, "deal_state"),
    ("/auction/{lot}/finish", {"order": "0"}, 404, "not_found"),
    ("/new_auction", {"title": "x"}, 403, "subscription_required"),
    ("/new_auction/finish", {"order": "0"}, 404, "not_found"),
    ("/buy_stars", {"amount": "0"}, 422, "invalid"),
    ("/settings", {"language": "de"}, 422, "invalid"),
    ("/settings/zone", {"zone": "Nowhere/At_all"}, 422, "invalid"),
    ("/settings/tokens", {"name": ""}, 422, "invalid"),
]


@pytest.mark.parametrize(("path", "fields", "status", "code"), REFUSED_FORMS)
def test_a_form_that_is_refused_on_its_page_is_refused_in_json_to_who_asks_for_it(
    town: tuple[FakeApp, str], path: str, fields: dict[str, Any], status: int, code: str
) -> None:
    app, lot_id = town
    anna = Client(app).log_in(ANNA)
    path = path.format(lot=lot_id)
    told = anna.post_form(path, headers={"accept": "application/json"}, **fields)
    assert (told.status, told.headers["content-type"], told.code) == (status, "application/json", code)
    shown = anna.post_form(path, headers={"accept": "text/html"}, **fields)
    assert shown.headers["content-type"].startswith("text/html")
    assert shown.status == (200 if code == "unusual_bid" else status)


def test_the_api_refuses_in_json_whatever_is_asked_for(town: tuple[FakeApp, str]) -> None:
    answer = Client(town[0]).get("/api/v1/nothing", headers={"accept": "text/html"})
    assert (answer.status, answer.code) == (404, "not_found")


def test_a_page_is_asked_for_by_name_alone() -> None:
    assert names_html("text/html,*/*")
    assert not any(map(names_html, ("*/*", None, "", "text/*", "text/html;q=0", "text/html;q=0.1, application/json")))


def test_a_hostile_accept_takes_no_time() -> None:
    for unit in ("application/json,", ";q=", ",", "*/*;q=0.9999999999,"):
        assert prefers_json(unit * 10_000) in (True, False)


# --- If-None-Match ----------------------------------------------------------------------------------------------------


def tagged(app: FakeApp, lot_id: str) -> list[str]:
    app.bidding.bid(lot_id, ANNA, 500, app.now())
    return [
        f"/auction/{lot_id}/live", f"/api/v1/auctions/{lot_id}", f"/api/v1/auctions/{lot_id}/bids",
        "/api/v1/openapi.json", "/static/app.css", *(path for path in FILES if path != "/robots.txt"),
    ]  # fmt: skip


def test_a_known_tag_is_found_alone_weak_in_a_list_and_by_a_star(town: tuple[FakeApp, str]) -> None:
    app, lot_id = town
    for path in tagged(app, lot_id):
        first = Client(app).get(path)
        tag = first.headers["etag"]
        for told in (tag, f"W/{tag}", f'"other", {tag}', f'W/"a" ,W/{tag},"b"', f'"x","y",{tag}', "*", " * "):
            again = Client(app).get(path, headers={"if-none-match": told})
            assert (again.status, again.body) == (304, b""), (path, told)
            assert {name: again.headers.get(name) for name in ("etag", "cache-control", "vary")} == {
                name: first.headers.get(name) for name in ("etag", "cache-control", "vary")
            }


def test_another_tag_is_not(town: tuple[FakeApp, str]) -> None:
    app, lot_id = town
    for path in tagged(app, lot_id):
        tag = Client(app).get(path).headers["etag"]
        for told in ("", '"other"', tag.strip('"'), tag[:-2] + '"', f"w/{tag}x", '"*"', "W/", f'"{tag}"'):
            assert Client(app).get(path, headers={"if-none-match": told}).status == 200, (path, told)


# --- Vary, caches, charsets -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", [*PUBLIC, *OWN])
def test_a_page_is_its_visitors_own_in_their_language(town: tuple[FakeApp, str], path: str) -> None:
    app, lot_id = town
    for browser in (Client(app), Client(app).log_in(ANNA)):
        answer = browser.get(path.format(lot=lot_id))
        assert answer.headers["vary"].startswith("Accept-Language, Cookie")
        assert answer.headers["cache-control"] in ("private, no-cache", "private, no-store", "no-store")
        if answer.status != 303:
            assert answer.headers["content-type"] == "text/html; charset=utf-8"


def test_the_api_depends_on_the_token_too(town: tuple[FakeApp, str]) -> None:
    app, lot_id = town
    for path in ("/api/v1/auctions", f"/api/v1/auctions/{lot_id}", "/api/v1/me", "/api/v1/nothing"):
        headers = program(app, ANNA).get(path).headers
        assert headers["vary"] == "Accept-Language, Cookie, Authorization, Accept-Encoding"
        assert headers["cache-control"] == "private, no-cache"


def test_a_part_of_a_page_is_not_kept_as_the_page(town: tuple[FakeApp, str]) -> None:
    app, _ = town
    anna = Client(app).log_in(ANNA)
    order, _payload = app.paying.order_stars(ANNA, 50, app.now())
    path = f"/buy_stars/{order.id}"
    page, part = (anna.get(path, amount=50, headers=headers) for headers in ({}, {"hx-request": "true"}))
    assert "<html" in page.text
    assert "<html" not in part.text
    assert page.headers["vary"] == part.headers["vary"] == "Accept-Language, Cookie, HX-Request, Accept-Encoding"


def test_what_is_the_same_for_everybody_varies_by_nothing(town: tuple[FakeApp, str]) -> None:
    for path in (*FILES, "/static/app.css"):
        headers = Client(town[0]).log_in(ANNA).get(path).headers
        assert headers["cache-control"].startswith("public, max-age=")
        assert headers.get("vary", "Accept-Encoding") == "Accept-Encoding"
        assert "set-cookie" not in headers


# --- addresses of the browsers' own choosing --------------------------------------------------------------------------


@pytest.mark.parametrize(("path", "kind"), FILES.items())
def test_each_is_there_with_its_kind_for_a_day(town: tuple[FakeApp, str], path: str, kind: str) -> None:
    town[0].store.trips.clear()
    answer = Client(town[0]).get(path)
    assert (answer.status, answer.headers["content-type"]) == (200, kind)
    assert answer.headers["cache-control"] == "public, max-age=86400"
    assert answer.cookies == []
    assert town[0].store.trips == []


def test_the_icons_are_pictures_of_their_sizes(town: tuple[FakeApp, str]) -> None:
    app, _ = town
    assert opened(Client(app).get("/apple-touch-icon.png")).size == (180, 180)
    assert opened(Client(app).get("/favicon.ico")).info["sizes"] == {(16, 16), (32, 32), (48, 48)}
    told = json.loads(Client(app).get("/manifest.webmanifest").text)
    assert (told["name"], told["start_url"], told["display"]) == ("Starbid", "/", "standalone")
    assert {(icon["sizes"], icon["purpose"]) for icon in told["icons"]} == {
        ("192x192", "any"), ("512x512", "any"), ("512x512", "maskable"),
    }  # fmt: skip
    for icon in told["icons"]:
        path = urlsplit(icon["src"])
        answer = Client(app).send("GET", path.path, path.query)
        assert (answer.status, answer.headers["content-type"]) == (200, icon["type"])
        assert answer.headers["cache-control"].endswith("immutable")
        assert opened(answer).size == tuple(map(int, icon["sizes"].split("x")))


def opened(answer: Answer) -> Image.Image:
    return Image.open(io.BytesIO(answer.body))


def test_pages_name_them(town: tuple[FakeApp, str]) -> None:
    page = Client(town[0]).get("/").text
    for link in ('rel="manifest" href="/manifest.webmanifest"', 'rel="apple-touch-icon" href="/apple-touch-icon.png"',
                 'rel="icon" href="/favicon.ico"'):  # fmt: skip
        assert link in page


def test_robots_may_read_lots_and_are_kept_from_what_asks_for_a_login(town: tuple[FakeApp, str]) -> None:
    lines = Client(town[0]).get("/robots.txt").text.splitlines()
    assert lines[0] == "User-agent: *"
    refused = [line.removeprefix("Disallow: ") for line in lines if line.startswith("Disallow: ")]
    assert {"/api/", "/login", "/buy_stars", "/topup"} <= set(refused)
    assert not any(path.startswith(("/auction/", "/u/")) and "*" not in path for path in refused)
    assert "/" not in refused


def test_every_kind_of_file_that_there_is_has_its_name(town: tuple[FakeApp, str]) -> None:
    root = Path(__file__).parents[3] / "functions/web/static"
    for file in root.rglob("*"):
        if file.is_file():
            answer = Client(town[0]).get(f"/static/{file.relative_to(root).as_posix()}")
            assert answer.status == 200, file
            assert answer.body == file.read_bytes()
