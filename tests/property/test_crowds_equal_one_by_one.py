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
from starbid.domain.money import CURRENCIES, XTR, Money
from starbid.domain.wallet import Wallet
from starbid.services.auctions import combining
from tests.support.factories import SELLER, market
from tests.support.fakes import FakeApp
from tests.support.fiat import RUB

PEOPLE = (1, 2, 3, 4, 5, 6)
KINDS: dict[str, dict[str, Any]] = {
    "english": {"extend_seconds": 120, "max_extension_seconds": 300},
    "english with a reserve": {"reserve_price": 260, "buy_now_price": 400, "extend_seconds": 60},
    "english at fixed steps": {"bid_step": 7, "buy_now_price": 150, "extend_seconds": 0},
    "sealed": {"type": "sealed", "reserve_price": 150},
    "vickrey": {"type": "vickrey"},
    "dutch": {"type": "dutch", "floor_price": 40, "drop_amount": 5, "drop_seconds": 60},
}
IN_UNITS = ("_price", "_step", "_amount")

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
    odd=st.sampled_from(("nobody", "one is blocked", "one owes", "one owes and can pay", "one owes other money")),
    currency=st.sampled_from((XTR, RUB)),
    items=st.integers(14, 100),
)
def test_bids_decided_together_come_to_what_they_come_to_one_by_one(
    kind: str, wanted: list[Any], money: list[int], odd: str, currency: str, items: int
) -> None:
    alone, lot_id = _market(kind, money, odd, currency)
    together, _ = _market(kind, money, odd, currency)
    together.store.tables = alone.store.tables.snapshot()
    end = alone.store.tables.auctions[lot_id].ends_at
    wishes_of_all = (_intent(lot_id, end, n, currency, *each) for n, each in enumerate(wanted))
    intents = sorted(wishes_of_all, key=lambda each: each.order)
    answers = [_alone(alone, intent) for intent in intents]
    outcomes = _together(together, intents, items)
    assert [_said(outcomes[intent.id]) for intent in intents] == answers
    _require_equal(alone, together, lot_id)


def _market(kind: str, money: list[int], odd: str, currency: str) -> tuple[FakeApp, str]:
    terms = {
        name: _in(currency, each).amount if name.endswith(IN_UNITS) else each for name, each in KINDS[kind].items()
    }
    start = _in(currency, 100).amount
    fields = {"start_price": start, "goods": CURRENCIES[currency].goods, "currency": currency, **terms}
    app, lot = market(*PEOPLE, stars=1, **fields)
    wallets, other = app.store.tables.wallets, RUB if currency == XTR else XTR
    for who, units in zip(PEOPLE, money, strict=True):
        there = _in(currency, units)
        wallets[who, currency] = replace(Wallet.empty(who, currency), available=there, bought=there)
    first = wallets[PEOPLE[0], currency]
    if odd == "one is blocked":
        wallets[PEOPLE[0], currency] = replace(first, blocked=True)
    if odd == "one owes":
        wallets[PEOPLE[0], currency] = replace(first, owed=first.available + _in(currency, 50))
    if odd == "one owes and can pay":
        wallets[PEOPLE[0], currency] = replace(first, owed=_in(currency, 20))
    if odd == "one owes other money":
        wallets[PEOPLE[0], other] = replace(Wallet.empty(PEOPLE[0], other), owed=_in(other, 50))
    return app, lot.auction.id


def _in(currency: str, units: int) -> Money:
    """About so many whole units; of roubles with kopecks."""
    return Money(units if currency == XTR else 100 * units + units % 7, currency)


def _intent(
    lot_id: str,
    end: datetime,
    number: int,
    currency: str,
    who: int,
    wish: Wish,
    units: int,
    late: int,
    card: int | None,
    sure: bool,
) -> Intent:
    arrived_at = end + timedelta(milliseconds=late)
    return Intent(f"{number:04}", lot_id, who, wish, _in(currency, units), arrived_at, card, sure)


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
