"""Finding lots for a day of the market (test_permissions): saved searches, told and dropped; the site's help."""

from __future__ import annotations

import notifier.projection
import notifier.sender
from starbid.domain.criteria import Criteria
from starbid.services.notices.found import FOUND
from tests.support.dynamo import put_up
from tests.support.factories import CLARA
from tests.support.moto_market import Market
from tests.support.records import auction_record, batch, message
from tests.support.web import Client


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


def finding_on_the_site(market: Market) -> None:
    app = market.app
    lot = put_up(app, title="A samovar, brass")
    new = batch(auction_record(lot.auction))
    assert market.call("ProjectorFunction", notifier.projection.lambda_handler, new) == {"batchItemFailures": []}
    client = Client(app).log_in(CLARA)
    with market.record.of("WebFunction"):
        assert client.get("/suggest", q="samo").json == {"items": ["samovar"]}
        assert "samovar" in client.get("/", q="samovra").text.split('class="meant"')[1]
        for path in ("/", "/rss", f"/auction/{lot.auction.id}/related", f"/auction/{lot.auction.id}/lot.ics"):
            assert client.get(path).status == 200
        assert "samovar" in client.get("/seen", ids=lot.auction.id).text
        client.post_form("/my/searches", q="samovar")
        (search,) = app.saved_searches.of(CLARA)
        for on in ("0", "1"):
            client.post_form(f"/my/searches/{search.id}/tell", on=on)
        client.post_form(f"/my/searches/{search.id}/delete")
        assert app.saved_searches.of(CLARA) == []
        client.post_form(f"/auction/{lot.auction.id}/watch", watch="1")
        client.post_form("/watchlist/calendar", do="renew")
        person = app.store.person(CLARA, consistent=True)
        assert person
        secret = app.watch_calendars.secret(person)
        assert b"samovar" in client.get(f"/calendar/{person.public_id}/starbid.ics", key=secret).body
    app.publishing.cancel(lot.auction.seller_id, lot.auction.id, app.now())
    over = batch(auction_record(app.store.auction(lot.auction.id, consistent=True)))
    assert market.call("ProjectorFunction", notifier.projection.lambda_handler, over) == {"batchItemFailures": []}
    assert app.lot_words.beginning("samovar", 9) == {}
