"""The same text is the same number wherever a person types it: in the chat, in forms, in filters and links."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from starbid.domain.errors import InvalidFields
from starbid.domain.lots import Lot
from tests.support.factories import SELLER, fields, put_up
from tests.support.fakes import START, FakeApp
from tests.support.web import Client
from web.browse.home_view import search_of
from web.shared.search_query import read_search

from .chatting import Chat

READ = {
    "1000": 1000,
    "1 000": 1000,
    "12\u00a0345": 12_345,
    "12\u202f345": 12_345,
    "12\u2009345": 12_345,
    "\uff11\u3000\uff12\uff13\uff14": 1234,
    "\u0661\u0662\u0663\u0664": 1234,
    "\u096b\u096a\u0969": 543,
    " 700 ": 700,
    "\u2b50\u202f1\u202f250": 1250,
    "1250 \u2b50": 1250,
}
"""By hand, from the rule: groups of three, any space, any one script, and the sign as it is printed."""
NOT_READ = (
    "1 5", "50 60", "1 0000", "1  000", "1,000", "1.000", "1_000", "1'000", "+500", "-500", "5e2", "0x500", "500.5",
    "\u00b2\u00b2\u00b2", "\u2460", "5\u0660\u0660", "500 lots", "five", "$500", "9" * 14,
)  # fmt: skip


class Surfaces:
    """Anna and the seller, in the chat and on the site; each way in answers what it read, or None."""

    def __init__(self, app: FakeApp, anna: Chat) -> None:
        self.app, self.chat, self.web = app, anna, Client(app).log_in(anna.id)
        self.seller = Client(app).log_in(SELLER)

    def bid_in_the_chat(self, text: str) -> int | None:
        lot = put_up(self.app, start_price=100, bid_step=1).auction.id
        self.chat.press_data(f"m:{lot}:1", None)
        self.chat.say(text)
        for data in [data for data in self.chat.buttons().values() if data.startswith(f"B:{lot}:")]:
            self.chat.press_data(data, self.chat.last)  # ten times the least is asked about
        return self._maximum(lot)

    def bid_on_the_site(self, text: str) -> int | None:
        lot = put_up(self.app, start_price=100, bid_step=1).auction.id
        self.web.post_form(f"/auction/{lot}/bid", amount=text, confirmed="1")
        return self._maximum(lot)

    def stars_by_command(self, text: str) -> int | None:
        return self._ordered(lambda: self.chat.say(f"/buy_stars {text}"))

    def stars_by_link(self, text: str) -> int | None:
        return self._ordered(lambda: self.chat.say(f"/start buy_{text}"))

    def stars_by_answer(self, text: str) -> int | None:
        self.chat.say("/buy_stars")
        return self._ordered(lambda: self.chat.say(text))

    def stars_on_the_site(self, text: str) -> int | None:
        return self._ordered(lambda: self.web.post_form("/buy_stars", amount=text))

    def price_of_a_lot(self, text: str) -> int | None:
        lot = self._published(start_price=text)
        return lot.auction.terms.start_price.amount if lot else None

    def least_price_of_a_filter(self, text: str) -> int | None:
        return search_of({"min_price": text}, START).min_price

    def most_price_of_a_filter(self, text: str) -> int | None:
        return search_of({"max_price": text}, START).max_price

    def _maximum(self, lot: str) -> int | None:
        found = self.app.store.auction(lot, consistent=True).leader_maximum
        return found.amount if found else None

    def _ordered(self, act: Callable[[], object]) -> int | None:
        before = len(self.app.store.tables.orders)
        act()
        orders = [*self.app.store.tables.orders.values()][before:]
        self.chat.say("/cancel")
        return orders[0].amount.amount if orders else None

    def _published(self, **changes: str) -> Lot | None:
        answer = self.seller.post_form("/new_auction", **fields(**changes))
        return self.app.store.lot(answer.headers["location"].split("/")[-1]) if answer.status == 303 else None

    def seconds_of_a_lot(self, text: str) -> int | None:
        lot = self._published(duration_seconds=text)
        return int((lot.auction.ends_at - lot.auction.starts_at).total_seconds()) if lot else None

    def window_of_a_lot(self, text: str) -> int | None:
        lot = self._published(max_extension_seconds=text)
        return lot.auction.terms.max_extension_seconds if lot else None

    def amount_of_the_api(self, text: str) -> int | None:
        try:
            return read_search({"min_price": text}).min_price
        except InvalidFields:
            return None


AMOUNTS = [name for name in vars(Surfaces) if "bid_" in name or "stars_" in name or "price_" in name]
PLAIN = [name for name in vars(Surfaces) if "seconds_" in name or "window_" in name or "api" in name]


@pytest.fixture
def surfaces(app: FakeApp, anna: Chat) -> Surfaces:
    anna.join(stars=100_000)
    put_up(app)
    return Surfaces(app, anna)


@pytest.mark.parametrize("surface", AMOUNTS)
def test_an_amount_is_read_alike_on_every_surface(surfaces: Surfaces, surface: str) -> None:
    way_in = getattr(surfaces, surface)
    assert {text: way_in(text) for text in (*READ, *NOT_READ)} == READ | dict.fromkeys(NOT_READ)


@pytest.mark.parametrize("surface", PLAIN)
def test_a_number_that_is_no_amount_is_read_alike_and_has_no_sign(surfaces: Surfaces, surface: str) -> None:
    way_in = getattr(surfaces, surface)
    expected: dict[str, Any] = READ | dict.fromkeys(NOT_READ)
    expected |= {text: None for text in READ if "\u2b50" in text}
    assert {text: way_in(text) for text in expected} == expected


def test_kopecks_are_read_alike_on_both_sides(surfaces: Surfaces) -> None:
    """Nobody has roubles yet: what is read is what is missing."""
    app = surfaces.app
    lot = put_up(app, goods="physical", currency="RUB", start_price=100).auction.id
    for text, minor in {
        "1 250,50": 125_050,
        "1250.5": 125_050,
        "\u20bd1,250.50": 125_050,
        "\u0667\u066b\u0665": 750,
    }.items():
        surfaces.chat.press_data(f"m:{lot}:1", None)
        surfaces.chat.say(text)
        in_the_chat = surfaces.chat.words
        on_the_site = surfaces.web.post_form(f"/auction/{lot}/bid", amount=text, confirmed="1")
        missing = f"\u20bd{minor // 100:,}.{minor % 100:02}"
        assert f"You need {missing} more." in in_the_chat, text
        assert on_the_site.status == 409, text
        assert missing in on_the_site.text, text


@pytest.mark.parametrize("text", ["1.250,50", "1,250", "5.", "1.234"])
def test_what_is_no_amount_of_roubles_is_told_with_an_example(surfaces: Surfaces, text: str) -> None:
    """Not that it has to be a whole number: kopecks are welcome."""
    lot = put_up(surfaces.app, goods="physical", currency="RUB", start_price=100).auction.id
    surfaces.chat.press_data(f"m:{lot}:1", None)
    surfaces.chat.say(text)
    assert "That is not an amount" in surfaces.chat.words
    told = "Enter an amount above zero, for example 1\u202f250 or 1\u202f250.50."
    assert told in surfaces.web.post_form(f"/auction/{lot}/bid", amount=text).text
    form = fields(goods="physical", currency="RUB", start_price=text)
    assert told in surfaces.seller.post_form("/new_auction", **form).text


def test_the_stars_of_a_rating_are_a_number_too(surfaces: Surfaces) -> None:
    app = surfaces.app
    for text, kept in {"\u0665": [5], " 4 ": [4], "6": [], "\u00b2": [], "4.0": [], "+4": []}.items():
        lot = put_up(app, buy_now_price=900).auction.id
        app.bidding.buy(lot, surfaces.chat.id, 900, app.now())
        app.dealing.deliver(SELLER, lot, "the code", app.now())
        app.dealing.confirm(surfaces.chat.id, lot, app.now())
        surfaces.web.post_form(f"/auction/{lot}/rate", stars=text, text="fine")
        assert [rating.stars for rating in app.store.deal(lot).ratings] == kept, text


def test_no_field_for_a_number_turns_away_what_the_server_reads(surfaces: Surfaces) -> None:
    """`type=number` and `pattern` would refuse `1 000` before it is sent."""
    lot = put_up(surfaces.app).auction.id
    for path in ("/", "/new_auction", "/buy_stars", f"/auction/{lot}"):
        page = surfaces.web.get(path).text
        assert 'inputmode="' in page, path
        assert 'type="number"' not in page, path
        assert "pattern=" not in page, path
