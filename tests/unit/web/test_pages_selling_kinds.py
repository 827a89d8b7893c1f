"""The form of a lot: the fields of each type of auction, what is wrong with them, and where a falling price goes."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.factories import fields, put_up
from tests.support.fakes import FakeApp
from tests.support.web import Client

THOUSAND = "⭐\u202f1\u202f000"
DUTCH: dict[str, Any] = {
    "type": "dutch", "start_price": 1000, "floor_price": 200, "drop_amount": 100, "drop_seconds": 300,
    "duration_seconds": 3600,
}  # fmt: skip


@pytest.mark.parametrize("kind", ["english", "dutch", "sealed", "vickrey"])
def test_a_lot_of_every_type_goes_up_with_what_a_browser_without_scripts_sends(
    app: FakeApp, seller: Client, kind: str
) -> None:
    every_field = {
        "reserve_price": "", "buy_now_price": "", "bid_step": "", "floor_price": "", "drop_amount": "",
        "drop_seconds": "600", "extend_seconds": "120", "max_extension_seconds": "7200", "starts_at": "",
    }  # fmt: skip
    own = DUTCH if kind == "dutch" else {"type": kind}
    answer = seller.post_form("/new_auction", **fields(**(every_field | own)))
    assert answer.status == 303, answer.text
    (auction,) = app.store.tables.auctions.values()
    assert auction.terms.kind == kind
    assert auction.terms.drop_seconds == (300 if kind == "dutch" else None)


def test_of_the_fields_of_types_only_those_of_the_chosen_one_are_read(app: FakeApp, seller: Client) -> None:
    answer = seller.post_form("/new_auction", **fields(type="sealed", floor_price="7", buy_now_price="1", bid_step="x"))
    assert answer.status == 303
    (auction,) = app.store.tables.auctions.values()
    assert (auction.terms.floor_price, auction.terms.buy_now_price, auction.terms.bid_step) == (None, None, None)


@pytest.mark.parametrize(("changes", "field", "sentence"), [
    ({"floor_price": 1001}, "floor_price", f"It cannot be above the start price ({THOUSAND})."),
    ({"drop_amount": 1}, "drop_amount", "With these steps the price does not reach the lowest price before the end."),
    ({"floor_price": ""}, "floor_price", "Fill this in."),
    ({"drop_amount": ""}, "drop_amount", "Fill this in."),
    ({"drop_seconds": ""}, "drop_seconds", "Fill this in."),
    ({"drop_seconds": "0"}, "drop_seconds", "Enter a whole number from 1"),
    ({"type": "sealed", "reserve_price": 999}, "reserve_price", f"It cannot be below the start price ({THOUSAND})."),
    ({"type": "vickrey", "reserve_price": 999}, "reserve_price", f"It cannot be below the start price ({THOUSAND})."),
])  # fmt: skip
def test_a_fault_of_a_type_stands_beside_its_field(
    app: FakeApp, seller: Client, changes: dict[str, object], field: str, sentence: str
) -> None:
    answer = seller.post_form("/new_auction", **fields(**DUTCH) | changes)
    assert answer.status == 422
    beside = answer.text.split(f'id="{field}-fault"')[1].split("</span>")[0]
    assert sentence in beside
    assert not app.store.tables.auctions


def test_the_form_explains_every_type_in_a_line_and_keeps_the_chosen_one(seller: Client) -> None:
    page = seller.post_form("/new_auction", **fields(**DUTCH) | {"title": ""}).text
    assert "It goes down automatically; the first to buy gets it." in page
    assert "Bids are hidden until the end; the highest wins and pays the second-highest amount." in page
    assert 'name="type" value="dutch" checked' in page
    assert "From ⭐\u202f1\u202f000 down to ⭐\u202f200 in 40 minutes: 8 steps." in page


@pytest.mark.parametrize(("typed", "told"), [
    ({"start_price": "1 000", "floor_price": "200", "drop_amount": "300", "drop_seconds": "60"}, "in 3 minutes"),
    ({"start_price": "100", "floor_price": "20", "drop_amount": "1", "drop_seconds": "60", "duration_seconds": "60"},
     "That is longer than the lot lasts."),
    ({"start_price": "9.5", "floor_price": "2", "drop_amount": "1", "drop_seconds": "60", "currency": "EUR"}, "€9.50"),
    ({"start_price": "1000000000000", "floor_price": "1", "drop_amount": "1", "drop_seconds": "3600",
      "duration_seconds": "60"}, "That is longer than the lot lasts."),
    ({"start_price": "<b>", "floor_price": "2", "drop_amount": "1", "drop_seconds": "60"}, ""),
    ({}, ""),
])  # fmt: skip
def test_the_way_of_a_falling_price_is_told_while_it_is_typed(seller: Client, typed: dict[str, Any], told: str) -> None:
    answer = seller.get("/new_auction/price_path", **typed)
    assert answer.status == 200
    assert told in answer.text
    assert bool(answer.text) == bool(told)


def test_a_dutch_lot_is_edited_but_for_its_type(app: FakeApp, seller: Client) -> None:
    lot_id = put_up(app, **DUTCH).auction.id
    page = seller.get(f"/auction/{lot_id}/edit").text
    assert 'type="hidden" name="type" value="dutch"' in page
    assert 'id="floor_price" name="floor_price" value="200"' in page
    answer = seller.post_form(f"/auction/{lot_id}/edit", **fields(**DUTCH | {"floor_price": 300}))
    assert answer.status == 303
    floor = app.store.tables.auctions[lot_id].terms.floor_price
    assert floor is not None
    assert floor.amount == 300
    assert seller.post_form(f"/auction/{lot_id}/edit", **fields(type="sealed")).status == 422
