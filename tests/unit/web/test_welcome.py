"""The front page says to a visitor what Starbid is, beside the lot that ends next."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from starbid.i18n import language
from starbid.services.ports import Search
from tests.support.factories import ANNA, draw, join, market, put_up
from tests.support.fakes import START, FakeApp, make_app
from tests.support.web import Client, text
from web.browse.featured import soonest
from web.browse.shelves_view import SHELF
from web.shared.cards import LotCard, card_of_listing


def on_sale(app: FakeApp, title: str, seconds: int, *, picture: bool = True, **more: Any) -> str:
    pictures = (draw(app, f"picture-{title}"),) if picture else ()
    lot = put_up(app, title=title, duration_seconds=seconds, pictures=pictures, **more)
    app.store.project(app.now())
    return lot.auction.id


def featured(page: str) -> str:
    return page.partition('<a class="featured"')[2].partition("</a>")[0]


def test_a_visitor_sees_the_lot_with_a_picture_that_ends_next() -> None:
    app, _ = market(title="No photo", duration_seconds=60)
    on_sale(app, "Later", 7200)
    sooner = on_sale(app, "Sooner", 3600)
    shown = featured(Client(app).get("/").text)
    assert f'href="/auction/{sooner}"' in shown
    assert "Sooner" in shown
    assert "data-left" in shown
    assert "<img" in shown


def test_the_lot_of_the_welcome_is_not_told_again_on_the_shelves() -> None:
    app, _ = market()
    for number in range(SHELF + 1):
        on_sale(app, f"Lamp {number}", 3600 + number, picture=number == 1)
    join(app, ANNA)
    welcomed, known = Client(app).get("/").text, Client(app).log_in(ANNA).get("/").text
    assert "Ending soon" in welcomed
    assert welcomed.count("Lamp 1<") == 1
    assert "Lamp 1<" in featured(welcomed)
    assert known.count("Lamp 1<") == 1
    assert all(f"Lamp {number}<" in welcomed for number in range(SHELF + 1))


def test_without_lots_the_welcome_stands_alone() -> None:
    page = Client(make_app()).get("/").text
    assert "get them back instantly" in page
    assert featured(page) == ""


def test_who_is_logged_in_or_searches_is_not_welcomed() -> None:
    app, _ = market()
    join(app, ANNA)
    assert 'class="welcome"' not in Client(app).log_in(ANNA).get("/").text
    assert 'class="welcome"' not in Client(app).get("/", q="lamp").text


def test_what_ends_next_is_said_of_the_first_page_in_its_own_order_alone() -> None:
    app, _ = market()
    on_sale(app, "Later", 7200)
    first = app.browsing.live(Search(limit=1), app.now())
    assert 'class="welcome"' in Client(app).get("/", utm_source="chat").text
    for query in ({"sort": "newest"}, {"sort": "price_desc"}, {"cursor": str(first.cursor)}):
        page = Client(app).get("/", **query).text
        assert 'class="welcome"' not in page
        assert "<h1" in page


def test_the_welcome_reads_nothing_more(monkeypatch: pytest.MonkeyPatch) -> None:
    def trips() -> list[str]:
        app, _ = market()
        on_sale(app, "A lamp", 3600)
        app.store.trips.clear()
        assert Client(app).get("/").status == 200
        return list(app.store.trips)

    with_it = trips()
    monkeypatch.setattr("web.browse.home.soonest", lambda _: None)
    assert with_it == trips() != []


def card(**changes: object) -> LotCard:
    app, _ = market()
    app.store.project(app.now())
    listing = app.browsing.live(Search(), app.now()).items[0]
    return replace(card_of_listing(listing, None, language("en"), app.now()), **{"picture": "p", **changes})  # type: ignore[arg-type]


def test_what_has_not_begun_or_stands_still_shows_no_price_in_motion() -> None:
    assert (
        soonest([card(starts_at=START), card(left=timedelta(hours=1)), card(picture=None), card(ends_at=None)]) is None
    )
    assert soonest([]) is None


def test_before_the_first_bid_it_is_said_what_it_freezes() -> None:
    app, lot = market(ANNA, start_price=105)
    said = text(Client(app).log_in(ANNA).get(f"/auction/{lot.auction.id}"))
    assert "⭐ 105 will be frozen until you are outbid or the lot ends." in said
