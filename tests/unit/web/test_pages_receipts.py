"""The receipt of a sale, the bid log on the page of a lot, and the page that checks it."""

from __future__ import annotations

import hashlib
import re
from typing import Any

import pytest

from starbid.domain.audit_check import noted_head
from starbid.domain.kinds import KINDS
from starbid.domain.money import CURRENCIES
from tests.support.factories import ANNA, BORIS, CLARA, SELLER, market, put_up
from tests.support.fakes import FakeApp
from tests.support.web import Client
from web.shared.static_files import static_url

SEALED: dict[str, object] = {"type": "sealed", "start_price": 100, "duration_seconds": 3600}


def page(app: FakeApp, auction_id: str, user_id: int | None = None) -> str:
    """The page in plain text: tags and double spaces are gone."""
    client = Client(app) if user_id is None else Client(app).log_in(user_id)
    main = client.get(f"/auction/{auction_id}").text.split('id="main">', 2)[-1].split("</main>")[0]
    return " ".join(re.sub(r"<[^>]*>", " ", main).split()).replace("\u202f", " ").replace("&#39;", "'")


def lot_at(app: FakeApp, **changes: Any) -> str:
    return put_up(app, **changes).auction.id


@pytest.fixture
def app() -> FakeApp:
    app, _ = market()
    return app


def test_the_receipt_names_the_rule_and_gives_the_winner_alone_the_proof(app: FakeApp) -> None:
    lot_id = lot_at(app, start_price=100, bid_step=10, duration_seconds=3600)
    app.bidding.bid(lot_id, ANNA, 500, app.now(), confirmed=True)
    app.bidding.bid(lot_id, BORIS, 1234, app.now(), confirmed=True)
    app.clock.forward(hours=1, seconds=2)
    reason = "The next highest maximum was ⭐ 500; one step of ⭐ 10 above it makes ⭐ 510."
    for viewer in (None, ANNA, BORIS, SELLER):
        assert reason in page(app, lot_id, viewer)
    view = app.browsing.lot(lot_id, BORIS, app.now())
    opening = app.browsing.own_opening(view)
    assert opening is not None
    assert (opening["number"], opening["amount"]) == (2, 1234)
    line = f"{opening['salt']}:1234"
    assert line in page(app, lot_id, BORIS)
    committed = app.browsing.log(lot_id, app.now())["entries"][1]["commitment"]
    assert hashlib.sha256(line.encode()).hexdigest() == committed
    for other in (None, ANNA, SELLER):
        assert opening["salt"] not in page(app, lot_id, other)
        assert "1 234" not in page(app, lot_id, other)


def linked_head(text: str, lot_id: str) -> str | None:
    """The hash in the page's one link to the check; None without one."""
    found = re.findall(rf'href="(/auction/{lot_id}/verify#[^"]*)">([^<]*)</a>', text)
    if not found:
        return None
    ((link, words),) = found
    assert words == "Verify this auction"
    return noted_head(link)


def test_one_quiet_link_carries_the_head_of_the_log_and_moves_with_every_bid(app: FakeApp) -> None:
    lot_id, client = lot_at(app, **SEALED), Client(app).log_in(BORIS)
    assert linked_head(client.get(f"/auction/{lot_id}").text, lot_id) is None, "nothing is sealed yet"
    app.bidding.bid(lot_id, CLARA, 300, app.now(), confirmed=True)
    before = linked_head(client.get(f"/auction/{lot_id}").text, lot_id)
    app.bidding.bid(lot_id, ANNA, 400, app.now(), confirmed=True)
    after = linked_head(client.get(f"/auction/{lot_id}/live").text, lot_id)
    assert after == app.store.tables.auctions[lot_id].head != before
    assert before


@pytest.mark.parametrize("when", [0, 3602])
def test_nobody_is_shown_the_digits_of_a_hash(app: FakeApp, when: int) -> None:
    lot_id = lot_at(app)
    app.bidding.bid(lot_id, ANNA, 500, app.now())
    app.bidding.bid(lot_id, BORIS, 900, app.now(), confirmed=True)
    app.clock.forward(seconds=when)
    for viewer in (None, ANNA, SELLER):
        for part in ("", "/verify"):
            assert not re.search(r"[0-9a-f]{40}", page(app, f"{lot_id}{part}", viewer))


def test_while_a_lot_runs_the_checking_page_gives_the_link_to_keep(app: FakeApp) -> None:
    lot_id = lot_at(app)
    client = Client(app)
    assert 'id="keep"' not in client.get(f"/auction/{lot_id}/verify").text
    app.bidding.bid(lot_id, ANNA, 500, app.now())
    running = client.get(f"/auction/{lot_id}/verify").text
    found = re.search(r'data-copy="(http://127.0.0.1:8000/auction/[^"]*)"', running)
    assert found
    assert noted_head(found[1]) == app.store.tables.auctions[lot_id].head
    app.clock.forward(hours=1, seconds=2)
    assert 'id="keep"' not in client.get(f"/auction/{lot_id}/verify").text


def test_the_checking_page_is_there_while_the_lot_runs_and_offers_the_log_after_it(app: FakeApp) -> None:
    lot_id, client = lot_at(app, **SEALED), Client(app)
    running = client.get(f"/auction/{lot_id}/verify").text
    assert "This lot has not ended" in running
    assert "data-log" not in running
    app.clock.forward(hours=1, seconds=2)
    assert f'data-log="/api/v1/auctions/{lot_id}/log"' in client.get(f"/auction/{lot_id}/verify").text
    assert f"make verify LOG=starbid-{lot_id}.json" in client.get(f"/auction/{lot_id}/verify").text
    assert client.get("/auction/nosuchlot/verify").status == 404


@pytest.mark.parametrize("code", ["en", "ru"])
def test_the_checking_page_has_words_for_every_kind_and_currency_that_a_log_may_name(app: FakeApp, code: str) -> None:
    page_text = Client(app).get(f"/auction/{lot_at(app)}/verify", headers={"accept-language": code}).text
    told = dict(re.findall(r'<template data-say="([^"]*)">([^<]*)</template>', page_text))
    assert told["kind-vickrey"] == {"en": "Second price", "ru": "Вторая цена"}[code]
    assert told["currency-XTR"] == {"en": "Stars", "ru": "Звёзды"}[code]
    for name in (*(f"kind-{kind}" for kind in KINDS), *(f"currency-{currency}" for currency in CURRENCIES)):
        assert told[name]


def test_the_scripts_of_the_checking_page_stand_under_addresses_of_their_content(app: FakeApp) -> None:
    page_text = Client(app).get(f"/auction/{lot_at(app, **SEALED)}/verify").text
    for name, part in (("src", "verify.js"), ("data-checks", "verify/log.mjs"), ("data-kinds", "verify/kinds.mjs")):
        assert f'{name}="{static_url(part)}"' in page_text
