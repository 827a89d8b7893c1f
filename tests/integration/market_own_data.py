"""A person has a file made of all that is known of them, and leaves: for the rights of those who do it."""

from __future__ import annotations

import json

import clerk.app
from starbid.services.exports.records import own_id
from tests.support.dynamo import join, put_up
from tests.support.moto_market import Market
from tests.support.records import Context, batch, message
from tests.support.web import Client

SELLER, BUYER = 8_801, 8_802


def own_file(market: Market) -> None:
    """Of one who has sold and bought, so that every kind of data is read."""
    app = market.app
    for person in (SELLER, BUYER):
        join(app, person, seller=True, stars=1000)
    for seller, buyer in ((SELLER, BUYER), (BUYER, SELLER)):
        lot = put_up(app, seller, buy_now_price=100).auction.id
        app.bidding.buy(lot, buyer, 100, app.now())
        app.talking.write(buyer, lot, "When?", (), f"k{buyer}", app.now())
    app.tickets.write(BUYER, "Where is it?", (), "t", app.now())
    with market.record.of("WebFunction"):
        browser = Client(app).log_in(BUYER)
        assert browser.post_form("/settings/export").status == 303
        assert browser.get("/settings/export").status == 200
    step = json.dumps({"job": "export", "id": own_id(BUYER)})
    with market.record.of("ClerkFunction"):
        done = clerk.app.lambda_handler(batch(message(step, queue="DeskQueue")), Context(100_000))
    assert done == {"batchItemFailures": []}
    with market.record.of("WebFunction"):
        assert browser.get("/settings/export/file").status == 303
