"""The manners of HTTP over the wire: what the gateway makes of our answers."""

from __future__ import annotations

import httpx
import pytest

from tests.e2e.test_contract_web import widget
from tests.e2e.town import Page, Town


@pytest.mark.parametrize(
    "path",
    ["/", "/terms", "/wallet", "/nowhere", "/auction/{lot}", "/auction/{lot}/bid", "/terms/", "/static/app.css",
     "/healthz", "/favicon.ico", "/robots.txt", "/manifest.webmanifest", "/api/v1/auctions", "/api/v1/me",
     "/api/v1/auctions/{lot}/buy"],
)  # fmt: skip
def test_head_tells_the_length_of_get_and_sends_no_body(town: Town, path: str) -> None:
    path = path.format(lot=town.publish())
    town.stack.advance(0)  # the list has it
    web = town.visitor()
    web.headers["accept-encoding"] = "identity"  # a token is masked in each page in another way
    web.get("/terms")
    head, get = web.head(path), web.get(path)
    assert (head.status_code, head.content) == (get.status_code, b"")
    assert head.headers.get("content-length") in (None, get.headers["content-length"])
    assert {name: head.headers[name] for name in ("content-type", "vary", "cache-control") if name in get.headers} == {
        name: get.headers[name] for name in ("content-type", "vary", "cache-control") if name in get.headers
    }


def form_of(megabytes: float) -> bytes:
    return b"title=A+lamp+of+brass&description=" + b"x" * int(megabytes * 1_000_000)


def test_a_form_of_more_than_four_megabytes_gets_our_page_and_beyond_lambda_s_limit_the_gateway_s(town: Town) -> None:
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    ours = town.seller.web.post("/new_auction", content=form_of(4.3), headers=headers)
    assert (ours.status_code, ours.headers["content-type"]) == (413, "text/html; charset=utf-8")
    assert Page(ours.text).token
    assert "4 MB" in ours.text
    files = [("images", ("big.jpg", b"\xff" * 4_300_000, "image/jpeg"))]
    kept = town.seller.posts("/new_auction", {"title": "A lamp of brass", "description": "Gives light."}, files=files)
    assert kept.status_code == 413
    assert "A lamp of brass" in kept.text
    gateways = town.seller.web.post("/new_auction", content=form_of(6.3), headers=headers)
    assert (gateways.status_code, gateways.headers["content-type"]) == (413, "application/json")
    json = town.seller.web.post("/new_auction", content=form_of(4.3), headers=headers | {"Accept": "application/json"})
    assert (json.status_code, json.json()["error"]["code"]) == (413, "too_large")


def test_a_page_open_before_its_person_logged_in_again_bids(town: Town) -> None:
    lot = town.publish(start_price=20)
    page = Page(town.anna.web.get(f"/auction/{lot}").text)
    assert town.anna.web.get("/login/telegram", params=widget(town.anna, age=21)).status_code == 303
    fields = {"csrf_token": page.token, "amount": "20"}
    first, second = (town.anna.web.post(f"/auction/{lot}/bid", data=fields) for _ in range(2))
    assert [first.status_code, second.status_code] == [303, 303]
    shown = town.anna.web.get(second.headers["location"]).text
    assert "You lead" in shown
    assert town.anna.lot(lot)["bids_count"] == 1
    refused = town.anna.calls(f"/auctions/{lot}/bids", {"amount": 20})
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "bid_too_low")


def test_after_a_form_without_a_session_one_comes_back_to_the_lot(town: Town) -> None:
    lot = town.publish()
    web = town.visitor()
    for fields in ({"amount": "100"}, {"amount": "100", "csrf_token": Page(web.get("/").text).token}):
        answer = web.post(f"/auction/{lot}/bid", data=fields)
        text = answer.text if answer.status_code == 403 else answer.headers["location"]
        assert f"/login?next=%2Fauction%2F{lot}" in text.replace("next=/auction/", "next=%2Fauction%2F")
    entered = web.get("/login/telegram", params=widget(town.boris, age=31) | {"next": f"/auction/{lot}/bid"})
    assert entered.headers["location"] == f"/auction/{lot}"
    reloaded = web.get(f"/auction/{lot}/bid")
    assert (reloaded.status_code, reloaded.headers["location"]) == (303, f"/auction/{lot}")


def test_an_address_with_a_slash_too_many_leads_to_ours_alone(town: Town) -> None:
    web = town.visitor()
    answer = web.get("/terms/?a=b")
    assert (answer.status_code, answer.headers["location"]) == (308, "/terms?a=b")
    for path in ("//evil.example/", "/%2F/evil.example/", "/%5Cevil.example/", "/terms%0d%0aX:y/"):
        answer = httpx.get(f"{town.stack.url}{path}", follow_redirects=False)
        assert answer.status_code == 404
        assert "location" not in answer.headers
