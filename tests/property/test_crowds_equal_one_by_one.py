"""Bids that are decided together come to what they come to one by one: same log, same holds, same refusals."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from unittest.mock import patch

from hypothesis import given, settings
from hypothesis import strategies as st

from starbid.domain.errors import StarbidError
from starbid.domain.intents import Intent, Outcome, Placed, Refused, Wish
from starbid.domain.money import XTR, Money
from starbid.services.auctions import combining
from tests.support.factories import SELLER, market, xtr
from tests.support.fakes import FakeApp

PEOPLE = (1, 2, 3, 4, 5, 6)
KINDS: dict[str, dict[str, Any]] = {
    "english": {"extend_seconds": 120, "max_extension_seconds": 300},
    "english with a reserve": {"reserve_price": 260, "buy_now_price": 400, "extend_seconds": 60},
    "english at fixed steps": {"bid_step": 7, "buy_now_price": 150, "extend_seconds": 0},
    "sealed": {"type": "sealed", "reserve_price": 150},
    "vickrey": {"type": "vickrey"},
    "dutch": {"type": "dutch", "floor_price": 40, "drop_amount": 5, "drop_seconds": 60},
}

wishes = st.tuples(
    st.sampled_from((*PEOPLE, SELLER)),
    st.sampled_from((Wish.BID, Wish.BID, Wish.BID, Wish.BUY)),
    st.one_of(st.integers(90, 460), st.sampled_from((100, 150, 400))),
    st.integers(-200_000, 1_000),  # milliseconds after the end
    st.sampled_from((None, 1, 2)),
    st.booleans(),
)


@settings(max_examples=400, deadline=None)
@given(
    kind=st.sampled_from(list(KINDS)),
    wanted=st.lists(wishes, min_size=1, max_size=40),
    money=st.lists(st.sampled_from((0, 120, 300, 1_000, 5_000)), min_size=6, max_size=6),
    odd=st.sampled_from(("nobody", "one is blocked", "one owes", "one owes and can pay")),
    items=st.integers(14, 100),
)
def test_bids_decided_together_come_to_what_they_come_to_one_by_one(
    kind: str, wanted: list[Any], money: list[int], odd: str, items: int
) -> None:
    alone, lot_id = _market(kind, money, odd)
    together, _ = _market(kind, money, odd)
    together.store.tables = alone.store.tables.snapshot()
    end = alone.store.tables.auctions[lot_id].ends_at
    intents = sorted((_intent(lot_id, end, n, *each) for n, each in enumerate(wanted)), key=lambda each: each.order)
    answers = [_alone(alone, intent) for intent in intents]
    outcomes = _together(together, intents, items)
    assert [_said(outcomes[intent.id]) for intent in intents] == answers
    _require_equal(alone, together, lot_id)


def _market(kind: str, money: list[int], odd: str) -> tuple[FakeApp, str]:
    app, lot = market(*PEOPLE, stars=1, **KINDS[kind])
    wallets = app.store.tables.wallets
    for who, stars in zip(PEOPLE, money, strict=True):
        wallets[who, XTR] = replace(wallets[who, XTR], available=xtr(stars), bought=xtr(stars))
    first = wallets[PEOPLE[0], XTR]
    if odd == "one is blocked":
        wallets[PEOPLE[0], XTR] = replace(first, blocked=True)
    if odd == "one owes":
        wallets[PEOPLE[0], XTR] = replace(first, owed=first.available + xtr(50))
    if odd == "one owes and can pay":
        wallets[PEOPLE[0], XTR] = replace(first, owed=xtr(20))
    return app, lot.auction.id


def _intent(
    lot_id: str, end: datetime, number: int, who: int, wish: Wish, amount: int, late: int, card: int | None, sure: bool
) -> Intent:
    arrived_at = end + timedelta(milliseconds=late)
    return Intent(f"{number:04}", lot_id, who, wish, Money(amount, XTR), arrived_at, card, sure)


def _alone(app: FakeApp, intent: Intent) -> object:
    """What the use case answers to one who meets nobody."""
    who, amount, now = intent.person_id, intent.amount.amount, intent.arrived_at
    try:
        if intent.wish is Wish.BUY:
            row = app.bidding.buy(intent.auction_id, who, amount, now, card_version=intent.card_version).bid
            assert row
        else:
            row = app.bidding.bid(
                intent.auction_id, who, amount, now, card_version=intent.card_version, confirmed=intent.confirmed
            ).bid
    except StarbidError as refusal:
        return refusal.code, refusal.details
    return row.number


def _together(app: FakeApp, intents: list[Intent], items: int) -> dict[str, Outcome]:
    for intent in reversed(intents):
        app.intents.add(intent)
    with patch.object(combining, "MOST_ITEMS", items):
        app.combining.drain(intents[0].auction_id)
    found = {intent.id: app.intents.outcome_and_line(intent)[0] for intent in intents}
    return {name: outcome for name, outcome in found.items() if outcome}


def _said(outcome: Outcome) -> object:
    match outcome:
        case Placed(number):
            return number
        case Refused(error):
            return error.code, error.details
    raise AssertionError(outcome)


def _require_equal(alone: FakeApp, together: FakeApp, lot_id: str) -> None:
    one, other = alone.store.tables, together.store.tables
    assert other.bids == one.bids
    assert other.auctions[lot_id] == one.auctions[lot_id]
    assert other.deals == one.deals
    for (
        key,
        wallet,
    ) in one.wallets.items():  # of debts some are settled earlier
        assert replace(other.wallets[key].after_offset(), offsets=0) == replace(wallet.after_offset(), offsets=0)
