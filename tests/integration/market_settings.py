"""A person's settings in the chat and on the site, while the day of the market is recorded."""

from __future__ import annotations

import notifier.sender
from payments.app import lambda_handler
from starbid.domain.switches import Switch
from starbid.services.ports import Notice
from tests.support.factories import ANNA
from tests.support.moto_market import Market
from tests.support.records import batch, message
from tests.support.there import there
from tests.support.web import Client
from web.identity.tokens import new_token


def settings_in_the_chat(market: Market) -> None:
    """She deletes a token that she made on the site, and ends all sessions."""
    app = market.app
    token, _ = new_token(app.settings.secret_key, ANNA, "robot", "n", app.now())
    app.tokens.keep(token)
    of_token = (f"st:token:{token.public_id}", f"st:TOKEN:{token.public_id}")
    for data in ("nk:outbid:0", "st:tokens", *of_token, "st:SESSIONS"):
        market.press(ANNA, data)
    assert token.digest not in {one.digest for one in app.tokens.of(ANNA)}
    person = there(app.store.person(ANNA, consistent=True))
    assert person.switched_off == {Switch.OUTBID}
    assert person.ended_sessions.until is not None
    market.press(ANNA, "nk:outbid:1")


def quiet_hours(market: Market) -> None:
    """It is midnight for her. What waits is told when she has no quiet hours any more, as she says here and there."""
    app = market.app
    for data in ("tz:Asia/Kamchatka", "qh:0:540"):
        market.press(ANNA, data)
    for number in range(2):
        notice = Notice(f"quiet:{number}", ANNA, "subscription_ended", None, {})
        told = market.call("SenderFunction", notifier.sender.lambda_handler, batch(message(notice)))
        assert told == {"batchItemFailures": []}
    assert len(app.waiting_notices.of(ANNA, app.now())) == 2
    with market.record.of("WebFunction"):
        site = Client(app).log_in(ANNA)
        assert site.post_form("/settings/quiet", off="1").status == 303
    market.press(ANNA, "qh:off")
    market.call("PaymentsFunction", lambda_handler, {"job": "quiet-over", "user_id": str(ANNA)})
    wake = Notice("quiet:now", ANNA, "waited", None, {})
    sent = len(market.telegram.called("sendMessage"))
    assert market.call("SenderFunction", notifier.sender.lambda_handler, batch(message(wake))) == {
        "batchItemFailures": []
    }
    assert "While it was quiet" in market.telegram.called("sendMessage")[sent]["text"]
    assert app.waiting_notices.of(ANNA, app.now()) == []
