"""Browsers that a person is told things in, while the day of the market is recorded."""

from __future__ import annotations

from dataclasses import asdict

import notifier.sender
from starbid.domain.channels import Channel
from starbid.domain.push_addresses import MOST_BROWSERS
from starbid.further.push.vapid import new_keys
from starbid.services.ports import Notice
from tests.support.browsers import GONE, FakeLine, Reading, later
from tests.support.factories import BORIS
from tests.support.moto_market import Market
from tests.support.records import batch, message
from tests.support.web import Client

_PRIVATE, _PUBLIC = new_keys()
KEYS = {"VAPID_PRIVATE_KEY": _PRIVATE, "VAPID_PUBLIC_KEY": _PUBLIC, "VAPID_SUBJECT": "mailto:push@starbid.example"}


def browsers(market: Market) -> None:
    """He has one too many, leaves one, and one is gone when he is told something. In the end he ends all sessions."""
    app = market.app
    his = [Reading(str(number)) for number in range(MOST_BROWSERS + 1)]
    with market.record.of("WebFunction"):
        site = Client(app).log_in(BORIS)
        for browser in his:
            market.clock.forward(seconds=1)
            assert site.post_form("/settings/push", **browser.form).status == 201
        assert "data-browser" in site.get("/settings").text
        site.post_form("/settings/push/remove", browser=his[-1].address.mark)
    line = FakeLine(his, {"1": [GONE], "2": [later()]})
    with market.record.of("SenderFunction"):
        app.push_channel._line = line
    body = asdict(Notice("browsers:1", BORIS, "subscription_ended", None, {})) | {"channel": Channel.PUSH}
    told = market.call("SenderFunction", notifier.sender.lambda_handler, batch(message(body)))
    assert told["batchItemFailures"], "one is busy"
    assert sorted(line.names()) == ["3", "4"], "and the first one gave way"
    assert len(app.browsers.of(BORIS)) == MOST_BROWSERS - 2
    market.press(BORIS, "st:SESSIONS")
    assert app.browsers.of(BORIS) == []
