"""The log of a lot that a crowd bid on: in the order of decision, which is not that of the arrivals."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from scripts import verify_log
from starbid.domain.audit_check import problems
from starbid.domain.second_chance import replay
from tests.support.factories import ANNA, BORIS, CLARA, market
from tests.support.fakes import FakeApp
from tests.support.lines import MS, SECOND, decides, said, waits

SEALED = pytest.mark.parametrize("kind", ["sealed", "vickrey"])
KINDS = pytest.mark.parametrize("kind", ["english", "sealed", "vickrey"])


def bid_in_two_crowds(kind: str) -> tuple[FakeApp, str]:
    """BORIS, who arrived last, is decided first; CLARA and ANNA, who arrived before him, together after that."""
    app, made = market(type=kind)
    lot = made.auction.id
    boris = waits(app, lot, BORIS, 500, app.now() + 3 * MS)
    decides(app, lot)
    clara, anna = waits(app, lot, CLARA, 800, app.now() + MS), waits(app, lot, ANNA, 900, app.now() + 2 * MS)
    decides(app, lot)
    assert said(app, boris, clara, anna) == [1, 2, 3]
    return app, lot


def ended(app: FakeApp, lot: str) -> Any:
    """The log once the lot has ended."""
    app.clock.now = app.store.auction(lot).ends_at + 2 * SECOND
    app.closing.close(lot, app.now())
    log = app.browsing.log(lot, app.now())
    at = [entry["at"] for entry in log["entries"]]
    assert at != sorted(at)
    return log


@KINDS
def test_a_log_whose_times_do_not_ascend_is_sound(kind: str, tmp_path: Path) -> None:
    app, lot = bid_in_two_crowds(kind)
    head = app.store.auction(lot).head
    log = ended(app, lot)
    assert problems(log, head) == []
    file = tmp_path / "log.json"
    file.write_text(json.dumps(log))
    assert verify_log.main([str(file), head]) == 0


def test_a_purchase_that_arrived_before_a_bid_that_was_decided_first_leaves_a_sound_log() -> None:
    app, made = market(buy_now_price=700, reserve_price=600)
    lot = made.auction.id
    arrived: datetime = app.now()
    assert app.bidding.bid(lot, BORIS, 150, arrived + 5 * MS).bid.number == 1
    assert app.bidding.buy(lot, ANNA, 700, arrived).bid is not None
    log = app.browsing.log(lot, app.now() + SECOND)
    assert [entry["kind"] for entry in log["entries"]] == ["bid", "buy"]
    assert log["entries"][1]["at"] < log["entries"][0]["at"]
    assert problems(log) == []


@SEALED
def test_of_equal_sealed_bids_the_one_decided_first_is_the_earlier_one_also_when_replayed(kind: str) -> None:
    app, made = market(type=kind)
    lot = made.auction.id
    waits(app, lot, BORIS, 500, app.now() + 3 * MS)
    decides(app, lot)
    waits(app, lot, ANNA, 500, app.now() + MS)
    decides(app, lot)
    waits(app, lot, CLARA, 900, app.now() + 4 * MS)
    decides(app, lot)
    fair = replay(app.store.auction(lot), app.store.tables.bids.values(), {CLARA})
    assert (fair.leader_id, fair.runner_up_id) == (BORIS, ANNA)
    assert problems(ended(app, lot)) == []
