"""A day of an owner (test_permissions): people, figures, a broadcast, a pause and its end, the index of names."""

from __future__ import annotations

from typing import Any

import auction_closer.app
import clerk.app
from starbid.services.desk.broadcasting import JOB
from tests.support.bot_pool import flood, forbidden
from tests.support.dynamo import join, put_up
from tests.support.factories import ANNA, BORIS, SELLER
from tests.support.fakes import ENVIRONMENT
from tests.support.moto_market import Market
from tests.support.records import Context, batch, message
from tests.support.web import Client

ADMIN = int(ENVIRONMENT["ADMIN_IDS"])


def people_at_the_desk(market: Market) -> None:
    app, someone = market.app, 7_701
    join(app, someone, stars=50)
    at = f"/admin/users/{someone}"
    acts: tuple[tuple[str, dict[str, Any]], ...] = (
        ("restrict", {"bids": "1", "days": "3"}),
        ("restrict", {}),
        ("balance", {"currency": "XTR", "change": "7"}),
        ("balance", {"currency": "XTR", "change": "-7"}),
        ("credits", {"change": "7"}),
        ("credits", {"change": "-7"}),
        ("message", {"text": "Hello"}),
        ("role", {"role": "viewer"}),
        ("role", {"role": ""}),
        ("note", {"text": "Polite"}),
        ("block", {}),
        ("unblock", {}),
    )
    with market.record.of("WebFunction"):
        operator = Client(app).log_in(ADMIN)
        for number, (act, fields) in enumerate(acts):
            answer = operator.post_form(f"{at}/{act}", reason="so be it", request_id=f"p{number}", **fields)
            assert answer.status == 303, (act, answer.text)
        for section in ("deals", "lots", "bids", "payments", "ledger", "tickets", "assistant", "log", "notes"):
            assert operator.get(f"/admin/users/{ANNA}", section=section).status == 200
        assert operator.get("/admin/deals", user_id=str(ANNA)).status == 200
        for state in ("active", "blocked", "restricted", "sellers", "role"):
            assert operator.get("/admin/users", state=state).status == 200
        for query in ("person", "Person 1", str(ANNA), f"#{someone}", "lamp", "charge-of-clara", "nobody at all"):
            assert operator.get("/admin/search", q=query).status in (200, 303), query
            assert operator.get("/admin/users", q=query).status == 200
        assert operator.get("/admin/users", sort="joined").status == 200
        chosen: dict[str, Any] = {"person": str(someone), "act": "message", "text": "Hello again", "request_id": "bulk"}
        for confirmed in ({}, {"confirmed": "1", "reason": "so be it"}):
            assert operator.post_form("/admin/users/bulk", **chosen, **confirmed).status == 200
        assert operator.post_form("/admin/views", name="Mine", address="/admin/users?state=sellers").status == 303
        (view,) = app.saved_views.of(ADMIN, "/admin/users", app.now())
        assert operator.post_form(f"/admin/views/{view.id}/drop", address="/admin/users").status == 303


def dashboard(market: Market) -> None:
    app = market.app
    day = f"{app.now():%Y-%m-%d}"
    with market.record.of("WebFunction"):
        operator = Client(app).log_in(ADMIN)
        for period in ("today", "yesterday", "7d", "30d", "90d", "year"):
            assert operator.get("/admin", period=period).status == 200
        days: dict[str, Any] = {"from": day, "to": day}
        asked = operator.post_form("/admin/figures", reason="a doubt", request_id="figures", **days)
        assert asked.status == 303, asked.text
    today = int(app.now().timestamp()) // 86_400
    for left in (0, 200_000):
        with market.record.of("ClerkFunction"):
            clerk.app.lambda_handler({"job": "rollups", "day": today - 40, "last": today}, Context(left))


def broadcast(market: Market) -> None:
    """Counted, looked at, sent to all, of whom one has blocked the bot; another one is stopped."""
    app = market.app
    with market.record.of("WebFunction"):
        operator = Client(app).log_in(ADMIN)
        written: dict[str, Any] = {"text": "News", "language": "", "reason": "it is time"}
        made = [
            operator.post_form("/admin/broadcasts", segment=segment, request_id=segment, **written)
            for segment in ("all", "sellers", "bidders", "inactive")
        ]
    ids = [answer.headers["location"].rpartition("/")[2] for answer in made]
    for each in ids:
        _work(market, {"job": JOB, "broadcast": each})
    with market.record.of("WebFunction"):
        for each in ids:
            at = f"/admin/broadcasts/{each}"
            assert operator.post_form(f"{at}/preview", reason="to see it", request_id=f"pre{each}").status == 303
            assert operator.get(at).status == 200
            assert operator.post_form(f"{at}/start", reason="now", request_id=f"go{each}").status == 303
        assert operator.post_form(f"{at}/stop", reason="a mistake", request_id="stop").status == 303
    _send(market, ids)
    market.press(BORIS, "news:0")
    market.press(BORIS, "news:1")


def _send(market: Market, ids: list[str]) -> None:
    """One person is just being told by another turn, Telegram asks to wait, and somebody has blocked the bot."""
    app = market.app
    app.claims.claim(f"broadcast#{ids[0]}#{ANNA}", 60, app.now())
    _work(market, {"job": JOB, "broadcast": ids[0]})
    market.clock.forward(seconds=61)
    for fault in (flood(5), forbidden()):
        market.telegram.fail("sendMessage", fault)
        _work(market, {"job": JOB, "broadcast": ids[1]})
    for left in (0, 200_000):
        for each in ids:
            _work(market, {"job": JOB, "broadcast": each}, left)


def pause(market: Market) -> None:
    """Lots of each state stand still; people who bid, and what wakes lots, meet it; then their rows are moved."""
    app = market.app
    lots = [put_up(app, SELLER + 1, duration_seconds=seconds).auction.id for seconds in (90, 3600, 7200)]
    with market.record.of("WebFunction"):
        operator, anna = Client(app).log_in(ADMIN), Client(app).log_in(ANNA)
        assert operator.post_form("/admin/pause", reason="an outage", request_id="pause").status == 303
        market.clock.forward(seconds=30)
        assert operator.get("/admin/pause").status == 200
        assert anna.get(f"/auction/{lots[0]}").status == 200
        assert anna.post(f"/api/v1/auctions/{lots[1]}/bids", {"amount": 100}).status == 409
    market.press(ANNA, f"b:{lots[1]}:100:1")
    market.clock.forward(minutes=5)
    handler = auction_closer.app.lambda_handler
    market.call("AuctionCloserFunction", handler, {"auction_id": lots[0]})
    market.call("AuctionCloserFunction", handler, {"sweep": True})
    with market.record.of("WebFunction"):
        assert operator.post_form("/admin/resume", request_id="resume").status == 303
    market.clock.forward(minutes=10)
    market.call("AuctionCloserFunction", handler, {"sweep": True})
    for left in (0, 200_000, 200_000, 200_000):
        _work(market, {"job": "resume"}, left)
        market.clock.forward(seconds=6)
    market.clock.forward(minutes=3)
    market.call("AuctionCloserFunction", handler, {"sweep": True})
    assert app.store.auction(lots[0], consistent=True).is_final
    assert not app.store.pauses(consistent=True).unmoved


def finds(market: Market) -> None:
    for left in (0, 200_000):
        for of in ("people", "lots"):
            _work(market, {"job": "finds", "of": of}, left)


def _work(market: Market, body: dict[str, Any], left: int = 200_000) -> None:
    with market.record.of("ClerkFunction"):
        done = clerk.app.lambda_handler(batch(message(body, queue="DeskQueue")), Context(left))
    assert done == {"batchItemFailures": []}, body
