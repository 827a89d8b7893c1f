"""Lots in other chats for a day of the market (test_permissions): inline mode, and a card from the Mini App."""

from __future__ import annotations

from starbid.services.auctions.browsing import listing_of
from tests.support.dynamo import put_up
from tests.support.factories import ANNA
from tests.support.moto_market import Market
from tests.support.web import Client


def sharing(market: Market) -> None:
    app = market.app
    lot = put_up(app, title="A lamp to show around")
    app.catalogue.put(listing_of(lot, app.now()), lot.card.description)
    for words in ("", "lamp"):
        market.update(ANNA, inline_query={"id": "1", "query": words, "offset": ""})
    found = market.telegram.called("answerInlineQuery")
    assert [lot.auction.id in {each["id"] for each in answer["results"]} for answer in found] == [True, True]
    with market.record.of("WebFunction"):
        answer = Client(app).log_in(ANNA).post_form(f"/auction/{lot.auction.id}/share")
        assert answer.json["message_id"].startswith("prepared-")
