"""Saved searches for a day of the market (test_permissions): saved, told, dropped."""

from __future__ import annotations

import notifier.projection
import notifier.sender
from starbid.domain.criteria import Criteria
from starbid.services.notices.found import FOUND
from tests.support.dynamo import put_up
from tests.support.factories import CLARA
from tests.support.moto_market import Market
from tests.support.records import auction_record, batch, message


def saved_searches(market: Market) -> None:
    app = market.app
    site = {"text": "All", "url": "http://127.0.0.1:8000/?q=teapot&sort=ending"}
    shown = {"chat": {"id": CLARA, "type": "private"}, "message_id": 1, "date": 1, "text": "-"}
    shown["reply_markup"] = {"inline_keyboard": [[site]]}
    market.update(CLARA, message={"text": "teapot"})
    market.update(CLARA, callback_query={"id": "q", "data": "ss:save", "message": shown, "chat_instance": "1"})
    (search,) = app.saved_searches.of(CLARA)
    assert search.criteria == Criteria("teapot")
    lot = put_up(app, title="A teapot")
    new = batch(auction_record(lot.auction))
    assert market.call("ProjectorFunction", notifier.projection.lambda_handler, new) == {"batchItemFailures": []}
    step = message({"found": lot.auction.id, "place": search.filed, "after": ""})
    told = message(FOUND.notice(f"lot:{lot.auction.id}", CLARA, lot.auction.id, search=search.id))
    sent = len(market.telegram.called("sendMessage"))
    answer = market.call("SenderFunction", notifier.sender.lambda_handler, batch(step, told))
    assert answer == {"batchItemFailures": []}
    assert "teapot" in market.telegram.called("sendMessage")[sent]["text"]
    for data in (f"ss:open:{search.id}", f"ss:drop:{search.id}"):
        market.press(CLARA, data)
    assert app.saved_searches.of(CLARA) == []
