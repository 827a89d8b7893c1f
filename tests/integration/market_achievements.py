"""The day's achievements: what the log tells, what it has told before, and a row that somebody else has just saved."""

from __future__ import annotations

from datetime import timedelta

import notifier.achiever
from starbid.domain.event_log import LogEntry, LogKind
from starbid.services.recording import of_bid
from tests.support.dynamo import put_up
from tests.support.factories import ANNA, SELLER
from tests.support.moto_market import Market
from tests.support.records import batch, entry_record


def achievements(market: Market) -> None:
    app, handler = market.app, notifier.achiever.lambda_handler
    lot, bought = put_up(app, SELLER + 1).auction.id, put_up(app, SELLER + 1, buy_now_price=100).auction.id
    accepted = app.bidding.bid(lot, ANNA, 100, app.now(), confirmed=True)
    app.bidding.buy(bought, ANNA, 100, app.now())
    app.dealing.deliver(SELLER + 1, bought, "x", app.now())
    app.dealing.confirm(ANNA, bought, app.now())
    done = LogEntry(f"released:{bought}", app.now(), LogKind.DEAL, "completed", SELLER + 1, f"lot/{bought}")
    records = batch(entry_record(of_bid(accepted.bid)), entry_record(done))
    assert market.call("AchieverFunction", handler, records) == {"batchItemFailures": []}
    since, until = ((app.now() + timedelta(hours=hours)).isoformat() for hours in (-1, 1))
    catch_up = {"job": notifier.achiever.CATCH_UP, "since": since, "until": until}
    assert market.call("AchieverFunction", handler, catch_up) == {"since": None}
    with market.record.of("AchieverFunction"):
        assert app.achievements.of(ANNA).earned
