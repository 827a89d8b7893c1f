"""One of every event that there is, and the notices that bids and events make."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from datetime import timedelta
from typing import Any

from starbid.domain.events import EVENTS, AnyEvent
from starbid.services import notices
from starbid.services.ports import Notice

from .factories import ANNA, BORIS, CLARA, SELLER, auction, bid, bids, terms, xtr
from .fakes import START

_VALUES: dict[str, Any] = {
    "auction_id": "lot1",
    "seller_id": SELLER,
    "reason": "stolen",
    "by": "admin",
    "purpose": "stars",
    "left_out": (ANNA,),
    "text": "it does not work",
    "state": "failed",
    "question_id": "0mo5x1c00a1b2c3d4",
    "task": "question",
    "source": "trial",
    "request_id": "0123456789abcdefu1",
    "bill_id": "0" * 32,
    "awaits": "bid",
    "paid": "499.00 RUB",
    "said": "ON_HOLD",
    "provider": "qiwi",
    "payout_id": "0123456789abcdef0123",
    "method": "premium_3",
    "ticket_id": "0123456789ab",
    "number": 2,
    "reopened": False,
    "count": 1,
    "why": "fraud",
    "outcome": "hidden",
    "reporters": (ANNA,),
    "kind": "english",
    "category": "art",
    "goods": "digital",
    "currency": "XTR",
    "how": "bot",
    "keys": ("first_bid", "first_win"),
    "obstacles": ("lots", "money"),
    "place": "web",
    "route": "/auction/<auction_id>",
    "error": "ValueError",
}
_MONEY = ("price", "payout", "fee", "amount", "owed", "left", "best_bid")
_MOMENTS = ("at", "until", "starts_at", "ends_at", "due_at")


MADE_WHEN_TOLD: dict[str, dict[str, Any]] = {
    "dispute_opened": {"lots": ["lot1"], "more": False, "text": "<b>broken</b> & 😀" * 130},
    "ticket_answered": {"ticket_id": "0123456789ab", "text": "<b>fine</b> & 😀" * 330},
    "ticket_news": {
        "ticket_id": "0123456789ab",
        "name": "<b>Anna</b>",
        "state": "open",
        "said": [["person", "<b>broken</b> & 😀" * 330, 2], ["operator", "fine", 0], ["person", "x", 0]],
        "is_first": True,
    },
    "admin_chat_lost": {},
    "admin_topic_lost": {},
    "showcase_shut_out": {"chat_id": -1001, "title": "<b>Lamps</b> & 😀" * 20, "is_channel": False},
    "showcase_topic_gone": {"chat_id": -1001, "title": "<b>Lamps</b> & 😀" * 20, "is_channel": False},
    "low_balance": {"need": [330, "XTR"], "others": 2},
    "talk_wrote": {"number": 7, "text": "<😀&" * 250, "photos": 10, "careful": True, "first": True, "is_whole": False},
    "talk_undelivered": {},
    "talk_barred": {},
    "waited": {"lines": ["“<b>&lt;Lamp&gt;</b>” &amp; 😀" * 9] * 10, "more": 2},
    "broadcast": {"text": "<b>Sale</b> & 😀" * 130},
    "found": {
        "searches": {
            "0123456789abcdef": {
                "query": {"q": "<b>&" * 25},
                "lots": [["lot1", "<b>Lamp</b> & 😀" * 5, 330, "XTR", "2026-05-02T12:00:00+00:00"]] * 9,
            },
            "fedcba9876543210": {"query": {"category": "books"}, "lots": [["lot1", "A lamp", 330, "XTR", ""]]},
        }
    },
}
"""The facts of notices that are read when they are told, or that no event makes."""


def happened(name: str) -> AnyEvent:
    """An event of a type, with all that it may say; people are ANNA where they are not the seller."""
    kind = EVENTS[name]
    names = (field.name for field in fields(kind) if field.name != "id")
    facts = {n: _VALUES.get(n, xtr(5) if n in _MONEY else START if n in _MOMENTS else ANNA) for n in names}
    return kind(id="e", **facts)


def notices_of(event: AnyEvent) -> tuple[Notice, ...]:
    """With those to two people of its crowds."""
    news = notices.of_event(event)
    return (*news.notices, *(news.to((BORIS, CLARA)) if news.crowds else ()))


def all_notices() -> Iterator[Notice]:
    """Of a late bid that took the lead and one that did not, and of one of each event."""
    lot = bids(auction(terms(100, step=10)), (ANNA, 500))
    for amount in (900, 300):
        yield from notices.of_bid(bid(lot, BORIS, amount, lot.ends_at - timedelta(seconds=1)).bid)
    for name in EVENTS:
        yield from notices_of(happened(name))
