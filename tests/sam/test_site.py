"""The site and the webhook through the HTTP API, as `sam local start-api` serves it."""

from __future__ import annotations

import http.client
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urlencode, urlsplit

import pytest

from tests.support.bot_server import BotServer
from tests.support.there import there

from .gateway import Gateway
from .market import BORIS, LOT, WEBHOOK_SECRET, Market, open_market
from .samples import sample
from .ways import Way

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"
TELEGRAM = {"Content-Type": "application/json", SECRET_HEADER: WEBHOOK_SECRET}


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str] = field(default_factory=dict)
    body: str = ""


@dataclass(frozen=True)
class Site:
    url: str
    market: Market

    def ask(self, method: str, path: str, body: str | None = None, headers: dict[str, str] | None = None) -> Answer:
        address = urlsplit(self.url)
        connection = http.client.HTTPConnection(address.hostname or "", address.port, timeout=60)
        try:
            connection.request(method, path, body.encode() if body else None, headers or {})
            answer = connection.getresponse()
            named = {key.lower(): value for key, value in answer.getheaders()}
            return Answer(answer.status, named, answer.read().decode())
        finally:
            connection.close()

    def bid(self, amount: int, csrf: str, cookie: str) -> Answer:
        form = urlencode({"csrf_token": csrf, "amount": amount})
        headers = {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"}
        return self.ask("POST", f"/auction/{LOT}/bid", form, headers)


@pytest.fixture(scope="module")
def site(way: Way, gateway: Gateway, bot: BotServer) -> Iterator[Site]:
    with open_market(gateway, bot, f"http://{way.host}:{gateway.port}") as market:
        market.put_up()
        with way.api(market.environment) as url:
            yield Site(url, market)


def test_the_site_is_well(site: Site) -> None:
    assert site.ask("GET", "/healthz").status == 200


def test_the_front_page_is_a_page(site: Site) -> None:
    answer = site.ask("GET", "/")
    assert answer.status == 200
    assert answer.headers["content-type"].startswith("text/html")
    assert "<main" in answer.body


def test_a_lot_has_its_page_and_an_unknown_one_has_none(site: Site) -> None:
    assert "A lamp" in site.ask("GET", f"/auction/{LOT}").body
    assert site.ask("GET", "/auction/aaaaaaaaaaaaa").status == 404


def test_a_file_of_the_site_is_served(site: Site) -> None:
    page = site.ask("GET", "/").body
    path = page.split('rel="stylesheet" href="')[1].split('"')[0]
    answer = site.ask("GET", path)
    assert answer.status == 200
    assert answer.headers["content-type"].startswith("text/css")


def test_a_bid_counts_only_with_its_csrf_token(site: Site) -> None:
    cookie, csrf = site.market.cookies(BORIS)
    assert site.bid(150, "0" * 64, cookie).status == 403
    assert site.market.auction().bids_count == 0
    assert site.bid(150, csrf, cookie).status == 303
    assert there(site.market.auction().leader_maximum).amount == 150


def test_a_stranger_without_the_secret_gets_nothing_from_the_webhook(site: Site) -> None:
    site.market.bot.calls.clear()
    update = _update("webhook_auctions")
    assert site.ask("POST", "/telegram/webhook", update, {"Content-Type": "application/json"}).status == 403
    assert site.ask("POST", "/telegram/webhook", update, TELEGRAM | {SECRET_HEADER: "another"}).status == 403
    assert site.market.bot.calls == []


def test_telegram_is_answered_and_a_repeated_update_is_done_once(site: Site) -> None:
    site.market.bot.calls.clear()
    for _ in range(2):
        assert site.ask("POST", "/telegram/webhook", _update("webhook_start"), TELEGRAM).status == 200
    assert len(site.market.bot.messages_to(BORIS)) == 1


def _update(name: str) -> str:
    return str(sample(name)["body"])
