"""A request that comes again while its first try waits, and nobody knows whether somebody waits for that one."""

from __future__ import annotations

import pytest

from starbid.domain.errors import Conflict
from starbid.domain.intents import Memory
from starbid.domain.kinds.base import Accepted
from starbid.services.idempotency import Answer, MakeRecord, once, record_of
from tests.support.factories import ANNA, market
from tests.support.fakes import FakeApp
from tests.support.lines import decides, led_by_another, waits

KEY = "anna's"


def _repeat(app: FakeApp, lot: str) -> int:
    """Anna's bid once more; answers its number in the log."""
    record = MakeRecord[Accepted](Memory(KEY, "body"), lambda accepted: {"number": accepted.bid.number})
    return app.bidding.bid(lot, ANNA, 150, app.now(), record, confirmed=True).bid.number


def test_a_repeated_bid_that_is_told_conflict_does_not_count_by_its_first_try_either() -> None:
    app, lot = market()
    waits(app, lot.auction.id, ANNA, 150, key=KEY)
    led_by_another(app, lot.auction.id)
    with pytest.raises(Conflict):
        _repeat(app, lot.auction.id)
    decides(app, lot.auction.id)
    assert app.store.tables.bids == {}
    assert app.store.tables.intents == {}


def test_a_repeated_bid_whose_first_try_is_decided_at_the_last_moment_is_told_of_it() -> None:
    app, lot = market()
    waits(app, lot.auction.id, ANNA, 150, key=KEY)
    led_by_another(app, lot.auction.id)
    for _ in ("it is added", "it is withdrawn", "and dropped"):
        app.intents.meanwhile(lambda: None)
    app.intents.meanwhile(lambda: decides(app, lot.auction.id))
    assert _repeat(app, lot.auction.id) == 1
    assert len(app.store.tables.bids) == 1


def test_a_bid_without_a_key_leaves_others_in_line() -> None:
    app, lot = market()
    waits(app, lot.auction.id, ANNA, 150)
    led_by_another(app, lot.auction.id)
    with pytest.raises(Conflict):
        app.bidding.bid(lot.auction.id, ANNA, 150, app.now(), confirmed=True)
    decides(app, lot.auction.id)
    assert len(app.store.tables.bids) == 1


def test_a_repeat_that_is_told_conflict_has_the_answer_of_its_first_use_where_that_was_decided_meanwhile() -> None:
    app, _ = market()
    answer = {"number": 1}

    def work(memory: Memory) -> Answer:
        unit = app.store.unit()
        unit.record(record_of(memory, answer))
        unit.commit()
        raise Conflict

    assert once(app.store, Memory(KEY, "body"), work, lambda _: {}) == answer
