"""Rows of bids that wait: what is written is what is read, and what another version wrote is not lost."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from starbid.domain import errors
from starbid.domain.errors import Conflict, Invalid, StarbidError
from starbid.domain.intents import Intent, Memory, Outcome, Placed, Refused, Repeated, Wish
from starbid.domain.money import Money
from starbid.domain.pause import Paused
from starbid.domain.restrictions import FOREVER, Limit, Restricted
from starbid.storage import intent_rows
from starbid.storage.codec import decode, encode
from tests.support.factories import ANNA, xtr
from tests.support.fakes import START

EURO = Money(10**12, "EUR")
REFUSALS: list[StarbidError] = [
    errors.NotFound(),
    errors.Blocked(),
    Restricted(Limit.BIDS, START),
    Restricted(Limit.BIDS, FOREVER),
    errors.InDebt(xtr(70)),
    errors.SubscriptionRequired(xtr(100)),
    Paused(),
    errors.NotStarted(),
    errors.AuctionClosed(),
    errors.OwnAuction(),
    errors.LotChanged(4),
    errors.BidTooLow(EURO),
    errors.UnusualBid(xtr(10**6)),
    errors.PriceMoved(xtr(450)),
    errors.PriceMoved(None),
    errors.NotForSale(),
    errors.NotBiddable(),
    errors.InsufficientFunds(xtr(5), xtr(250)),
    errors.Invalid("amount", "positive"),
    errors.Invalid("amount", "range", least=1, most=10**12, words="a text"),
    errors.Conflict(),
]
BARE = Intent("a" * 32, "lamp", ANNA, Wish.BID, xtr(200), START)


def stored(outcome: Outcome) -> dict[str, Any]:
    return decode(encode({"outcome": intent_rows.outcome_item(outcome)}))


@pytest.mark.parametrize(
    "intent",
    [
        BARE,
        replace(BARE, wish=Wish.BUY, amount=EURO, card_version=7, confirmed=True, memory=Memory("key", "f")),
    ],
)
def test_an_intent_is_read_as_it_was_written(intent: Intent) -> None:
    assert intent_rows.intent_from(decode(encode(intent_rows.intent_item(intent)))) == intent


@pytest.mark.parametrize("outcome", [Placed(12), Repeated()])
def test_an_outcome_is_read_as_it_was_written(outcome: Outcome) -> None:
    assert intent_rows.outcome_of(stored(outcome)) == outcome


@pytest.mark.parametrize("refusal", REFUSALS, ids=lambda refusal: f"{refusal.code}{refusal.details}")
def test_a_refusal_says_the_same_after_it_was_stored(refusal: StarbidError) -> None:
    outcome = intent_rows.outcome_of(stored(Refused(refusal)))
    assert isinstance(outcome, Refused)
    read = outcome.error
    assert type(read) is type(refusal)
    assert (read.details, read.args, vars(read)) == (refusal.details, refusal.args, vars(refusal))


def test_every_refusal_that_is_stored_is_tried_here() -> None:
    assert {type(refusal) for refusal in REFUSALS} == set(intent_rows._PARTS)


def test_no_refusal_of_any_kind_keeps_an_intent_from_being_decided() -> None:
    """One that is not foreseen is a conflict: nothing happened, and the same bid may be sent again."""

    class New(StarbidError, code="of next year"):
        def __init__(self, facts: object) -> None:
            super().__init__("new", facts=facts)

    outcome = intent_rows.outcome_of(stored(Refused(New(object()))))
    assert isinstance(outcome, Refused)
    assert type(outcome.error) is Conflict


@pytest.mark.parametrize(
    "outcome",
    [
        {"code": "of_next_year", "parts": [1, "two"]},
        {"code": "auction_closed", "parts": ["a part of next year"]},
        {"code": "bid_too_low", "parts": []},
    ],
)
def test_a_refusal_that_only_another_version_knows_is_a_conflict(outcome: dict[str, Any]) -> None:
    read = intent_rows.outcome_of({"outcome": outcome})
    assert isinstance(read, Refused)
    assert type(read.error) is Conflict


def test_a_field_that_cannot_be_accepted_keeps_its_facts() -> None:
    outcome = intent_rows.outcome_of(stored(Refused(Invalid("amount", "range", least=1, most=9))))
    assert isinstance(outcome, Refused)
    assert isinstance(outcome.error, Invalid)
    assert outcome.error.facts == {"least": 1, "most": 9}


def test_what_waits_lives_for_an_hour_though_it_arrived_long_ago_or_by_a_clock_that_is_ahead() -> None:
    now = int(time.time())
    for arrived, least in ((START, now), (START + timedelta(days=36_500), int(START.timestamp()) + 36_500 * 86_400)):
        lives = intent_rows.intent_item(replace(BARE, arrived_at=arrived))["expires_at"] - least
        assert 3600 <= lives < 3700


def test_a_lease_outlives_the_longest_lot() -> None:
    assert intent_rows.lease_end(START) == (START + timedelta(days=60)).timestamp()


def test_those_who_wait_on_one_lot_are_spread_over_all_places() -> None:
    found = [intent_rows.intent_key(replace(BARE, id=f"{number:032x}"))["place"] for number in range(400)]
    assert set(found) == set(intent_rows.places("lamp"))
    assert max(found.count(place) for place in set(found)) < 150
