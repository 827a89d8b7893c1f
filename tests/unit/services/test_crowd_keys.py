"""The same key in two bids of a crowd: one counts, and every use of the key has its answer."""

from __future__ import annotations

from datetime import datetime

import pytest

from starbid.domain.errors import BidTooLow, Conflict, KeyReused
from starbid.domain.intents import Memory, Repeated
from starbid.domain.kinds.base import Accepted
from starbid.services.idempotency import Answer, MakeRecord, once
from starbid.services.ports import Contended, IdempotencyRecord
from tests.support.factories import ANNA, BORIS
from tests.support.fakes import FakeApp
from tests.support.invariants import assert_invariants, dump_of
from tests.support.lines import (
    MS,
    OTHER,
    SECOND,
    balance,
    crowd_on,
    decides,
    led_by_another,
    pace_of,
    said,
    standing,
    the_lot,
    waits,
)

KEY = "api:1:order"


def keyed(app: FakeApp, lot: str, amount: int, body: str = "body", key: str = KEY) -> Answer:
    """A bid of ANNA's through `once`, as the API sends it; refusals are answers."""

    def work(memory: Memory) -> Answer:
        make_record = MakeRecord[Accepted](memory, lambda accepted: {"number": accepted.bid.number})
        accepted = app.bidding.bid(lot, ANNA, amount, app.now(), make_record, confirmed=True)
        return {"number": accepted.bid.number}

    return once(app.store, Memory(key, body), work, lambda refusal: {"refused": refusal.code}, retell)


def retell(_: str, number: int) -> Answer:
    return {"number": number}


def test_two_bids_of_one_key_that_wait_together_are_one_bid() -> None:
    app, lot = the_lot()
    dead = waits(app, lot, ANNA, 500, key=KEY)
    led_by_another(app, lot)
    pace_of(app).meanwhile.append(lambda: decides(app, lot))
    app.clock.forward(milliseconds=5)
    assert keyed(app, lot, 500) == {"number": 1}
    assert said(app, dead) == [1]
    assert standing(app, lot) == (ANNA, 100, 1)
    assert keyed(app, lot, 500) == {"number": 1}
    assert_invariants(dump_of(app.store))


def test_of_two_bodies_under_one_key_that_wait_together_the_first_counts_and_the_second_is_told_so() -> None:
    app, lot = the_lot()
    first = waits(app, lot, ANNA, 500, key=KEY)
    led_by_another(app, lot)
    pace_of(app).meanwhile.append(lambda: decides(app, lot))
    app.clock.forward(milliseconds=5)
    with pytest.raises(KeyReused):
        keyed(app, lot, 700, body="another")
    assert said(app, first) == [1]
    assert balance(app, ANNA) == (9_500, 500)


def test_who_was_answered_first_is_answered_so_again_though_their_key_still_waits() -> None:
    app, lot = the_lot()
    assert keyed(app, lot, 500) == {"number": 1}
    late = waits(app, lot, ANNA, 500, key=KEY)
    other_body = waits(app, lot, ANNA, 900, key=KEY)
    decides(app, lot)
    assert said(app, late, other_body) == [Repeated, Repeated]
    assert standing(app, lot) == (ANNA, 100, 1)


def test_a_key_that_was_refused_in_the_line_and_waits_again_has_one_answer() -> None:
    """The record of a refusal is its waiter's, who comes after the decision: the second may find none."""
    app, lot = the_lot()
    waits(app, lot, BORIS, 600)
    dead = waits(app, lot, ANNA, 100, key=KEY)
    led_by_another(app, lot)
    pace_of(app).meanwhile.append(lambda: decides(app, lot))
    assert keyed(app, lot, 100) == {"refused": "bid_too_low"}
    late = waits(app, lot, ANNA, 100, key=KEY)
    decides(app, lot)
    assert said(app, dead, late) == [BidTooLow, Repeated]
    assert keyed(app, lot, 100) == {"refused": "bid_too_low"}


def test_a_record_that_appears_between_the_reading_and_the_writing_costs_one_more_try() -> None:
    app, lot = the_lot()
    mine, other = waits(app, lot, ANNA, 500, key=KEY), waits(app, lot, BORIS, 300)
    app.store.meanwhile(lambda: app.store.tables.idempotency_records.update(answered()))
    decides(app, lot)
    assert said(app, mine, other) == [Repeated, 1]


def answered() -> dict[str, IdempotencyRecord]:
    """As a bid on another lot under this key left it."""
    app, lot = the_lot()
    keyed(app, lot, 500)
    return dict(app.store.tables.idempotency_records)


def test_a_key_whose_bid_was_withdrawn_is_new_at_its_next_use() -> None:
    app, lot = the_lot()
    crowd_on(app, lot)
    app.store.fail_next(Contended(), times=10_000)
    with pytest.raises(Conflict):
        keyed(app, lot, 500)
    app.store.heal()
    assert (app.store.tables.intents, app.store.tables.idempotency_records) == ({}, {})
    decides(app, lot)
    assert standing(app, lot)[2] == 0
    assert keyed(app, lot, 500) == {"number": 1}
    assert_invariants(dump_of(app.store))


def test_a_repeat_after_the_end_has_the_answer_of_its_first_use_though_that_one_is_read_and_gone() -> None:
    """Who waits for the first use reads its outcome and forgets it."""
    app, lot = the_lot()
    end = app.store.tables.auctions[lot].ends_at
    first = waits(app, lot, ANNA, 500, end - MS, key=KEY)
    app.clock.now = end + SECOND
    app.intents.take_lease(lot, OTHER, app.now() + SECOND, app.now())

    def decided_and_read() -> None:
        decides(app, lot)
        app.intents.drop(first)

    pace_of(app).meanwhile.append(decided_and_read)
    began = pace_of(app).elapsed()
    assert keyed(app, lot, 500) == {"number": 1}
    assert pace_of(app).elapsed() - began < 1
    assert standing(app, lot) == (ANNA, 100, 1)
    assert app.store.tables.intents == {}


def test_a_repeat_after_the_end_counts_though_its_first_use_is_withdrawn() -> None:
    app, lot = the_lot()
    end = app.store.tables.auctions[lot].ends_at
    first = waits(app, lot, ANNA, 500, end - MS, key=KEY)
    app.clock.now = end + SECOND
    app.intents.take_lease(lot, OTHER, app.now() + SECOND, app.now())

    def withdrawn_and_decided() -> None:
        app.intents.withdraw(first)
        decides(app, lot)

    pace_of(app).meanwhile.append(withdrawn_and_decided)
    assert keyed(app, lot, 500) == {"number": 1}
    assert rows_at(app, lot) == [end - MS]


def rows_at(app: FakeApp, lot: str) -> list[datetime]:
    return [row.placed_at for row in app.store.tables.bids.values() if row.auction_id == lot]
