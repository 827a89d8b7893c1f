"""The buttons of a lot's page that bid send what stands on them, as it is typed in the lot's currency."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.support.factories import ANNA, BORIS, CLARA, join, put_up
from tests.support.fakes import FakeApp, make_app
from tests.support.fiat import RUB, rub, top_up
from tests.support.web import Client


@pytest.fixture
def app() -> FakeApp:
    """Everybody has 1 000 roubles and as many Stars."""
    app = make_app()
    for who in (ANNA, BORIS, CLARA):
        join(app, who, stars=1_000)
        top_up(app, who, rub(100_000))
    return app


def outbid(app: FakeApp, **terms: Any) -> str:
    """A lot on which BORIS leads after ANNA."""
    lot = put_up(app, bid_step=50, **terms).auction.id
    start = app.store.lot(lot).auction.terms.start_price.amount
    app.bidding.bid(lot, ANNA, start, app.now(), confirmed=True)
    app.bidding.bid(lot, BORIS, start + 50, app.now(), confirmed=True)
    return lot


def sent_by(page: str, button: str) -> str:
    form = page[: page.index(f'id="{button}"')].rpartition("<form")[2]
    (amount,) = re.findall(r'name="amount" value="([^"]*)"', form)
    return str(amount)


@pytest.mark.parametrize("button", ["one-tap", "bid-again"])
@pytest.mark.parametrize(
    ("terms", "typed", "least"),
    [
        ({"start_price": 100}, "200", 200),
        ({"start_price": 10_000, "currency": RUB, "goods": "physical"}, "101", 10_100),
    ],
)
def test_one_press_bids_what_the_button_says(
    app: FakeApp, button: str, terms: dict[str, Any], typed: str, least: int
) -> None:
    lot = outbid(app, **terms)
    anna = Client(app).log_in(ANNA)
    page = anna.get(f"/auction/{lot}").text
    assert sent_by(page, button) == typed
    assert anna.post_form(f"/auction/{lot}/bid", amount=sent_by(page, button), card_version="1").status == 303
    auction = app.store.lot(lot).auction
    assert auction.leader_maximum
    assert (auction.leader_id, auction.leader_maximum.amount) == (ANNA, least)


def test_the_field_follows_the_least_bid_in_units_that_are_typed(app: FakeApp) -> None:
    lot = outbid(app, start_price=10_000, currency=RUB, goods="physical")
    page = Client(app).log_in(CLARA).get(f"/auction/{lot}").text
    assert re.findall(r'data-least="([^"]*)"', page) == ["101"]
    app.bidding.bid(lot, ANNA, 10_150, app.now(), confirmed=True)
    live = Client(app).log_in(CLARA).get(f"/auction/{lot}/live").text
    assert re.findall(r'data-least="([^"]*)"', live) == ["101.50"]
