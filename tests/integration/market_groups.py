"""Groups and channels for a day of the market (test_permissions): connected, posted in, pressed, left."""

from __future__ import annotations

from typing import Any

import notifier.projection
import notifier.sender
from tests.support import factories
from tests.support.bot_pool import Answer, bad_request
from tests.support.factories import BORIS, SELLER
from tests.support.moto_market import Market
from tests.support.records import auction_record, batch, message
from tests.support.venue_telegram import Place

CHANNEL, GROUP, SUPERGROUP = -1005, -6, -1006
DORA = 47
"""Whom no other part of the day knows: what she has frozen and wins is nobody else's business."""
PICTURE, SIZES = "5" * 32, ("small", "medium", "large")
MIGRATED = Answer(
    400, {"ok": False, "error_code": 400, "description": "x", "parameters": {"migrate_to_chat_id": SUPERGROUP}}
)


def groups_and_channels(market: Market) -> None:
    app = market.app
    channel, group = Place(market.telegram, CHANNEL, "channel"), Place(market.telegram, GROUP, "group")
    for place in (channel, group):
        place.people[BORIS] = "creator"
        place.status = "left"
        _place(market, place, "administrator" if place is channel else "member")
        for what in ("", ":c", ":s:all", ":l:ru", ":off"):
            market.press(BORIS, f"sc:{place.id}{what}")
    market.update(BORIS, message={"text": "/connect"})
    market.update(BORIS, message={"text": f"/start connect_{GROUP}_5"})
    app.pictures.save_draft(SELLER, PICTURE, dict.fromkeys(SIZES, b"\xff\xd8"), app.now())
    draft = factories.draft(app.now())
    lot = app.publishing.publish(SELLER, draft, (PICTURE,), "shown", app.now()).auction
    new = batch(auction_record(lot))
    assert market.call("ProjectorFunction", notifier.projection.lambda_handler, new) == {"batchItemFailures": []}
    _sent(market, {"show": lot.id, "place": "all", "after": ""}, {"post": lot.id, "chat": CHANNEL})
    (post,) = channel.posts()
    market.clock.forward(seconds=20)
    market.update(DORA, message={"text": "/start"})
    factories.pay(app, DORA, 500)
    for data in (f"gb:{lot.id}:100:1", f"gb:{lot.id}:100:1"):
        query = {"id": "q", "message": post, "chat_instance": "1", "data": data}
        market.update(DORA, callback_query=query)
    assert app.store.auction(lot.id, consistent=True).leader_id == DORA
    market.clock.forward(seconds=20)
    market.telegram.fail("editMessageCaption", bad_request("not enough rights"))
    query = {"id": "q", "message": post, "chat_instance": "1", "data": f"gb:{lot.id}:100:1"}
    market.update(BORIS, callback_query=query)
    known = app.showcase_rows.one(CHANNEL)
    assert known
    assert not known.may_post
    market.press(BORIS, f"sc:{CHANNEL}")
    market.clock.forward(seconds=20)
    _sent(market, {"posts": lot.id, "version": 2}, {"posts": lot.id})
    Place(market.telegram, SUPERGROUP)
    market.telegram.fail("sendPhoto", MIGRATED)
    _sent(market, {"post": lot.id, "chat": GROUP})
    market.update(BORIS, message={"migrate_to_chat_id": SUPERGROUP, "chat": group.chat})
    assert app.showcase_rows.one(SUPERGROUP)
    _place(market, channel, "kicked")
    assert app.showcase_rows.one(CHANNEL) is None


def _place(market: Market, place: Place, status: str) -> None:
    somebody = {"id": BORIS, "is_bot": False, "first_name": "Boris"}
    market.update(BORIS, my_chat_member=place.becomes(status, somebody)["my_chat_member"])


def _sent(market: Market, *bodies: dict[str, Any]) -> None:
    messages = batch(*(message(body, queue="CardQueue") for body in bodies))
    assert market.call("SenderFunction", notifier.sender.lambda_handler, messages) == {"batchItemFailures": []}
