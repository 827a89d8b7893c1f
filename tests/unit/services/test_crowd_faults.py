"""A crowd in the worst of company: faults of ours, wallets kept busy, rows of a transaction that appear one by one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from starbid.domain import batches
from starbid.domain.errors import Conflict
from starbid.domain.intents import Intent, Memory
from starbid.domain.kinds.base import Accepted
from starbid.domain.placing import place_bid
from starbid.services.auctions import combining
from starbid.services.idempotency import Answer, MakeRecord, once
from starbid.services.ports import Contended, Refusal, Unavailable
from tests.support.factories import ANNA, BORIS, CLARA
from tests.support.fakes import FakeApp
from tests.support.invariants import assert_invariants, dump_of
from tests.support.lines import MS, OTHER, SECOND, decides, led_by_another, pace_of, said, the_lot, waits

# --- a fault of ours --------------------------------------------------------------------------------------------------

POISON = 666


@pytest.fixture
def poisoned(monkeypatch: pytest.MonkeyPatch) -> None:
    """The rule has a fault: a bid of that amount ends the program."""

    def rule(auction: Any, bid: Intent, wallet: Any) -> Accepted:
        if bid.amount.amount == POISON:
            raise ZeroDivisionError
        return place_bid(auction, bid, wallet)

    monkeypatch.setattr(batches, "place_bid", rule)


@pytest.mark.usefixtures("poisoned")
def test_a_bid_that_our_program_cannot_decide_is_refused_and_those_beside_it_count() -> None:
    app, lot = the_lot()
    bids = ((ANNA, 300), (BORIS, POISON), (CLARA, 700))
    line = [waits(app, lot, who, amount, app.now() + n * MS) for n, (who, amount) in enumerate(bids)]
    with pytest.raises(ZeroDivisionError):
        decides(app, lot)
    assert said(app, *line) == [1, Conflict, 2]
    assert_invariants(dump_of(app.store))


@pytest.mark.usefixtures("poisoned")
def test_a_bid_that_our_program_cannot_decide_does_not_keep_the_lot_from_ending() -> None:
    app, lot = the_lot()
    end = app.store.tables.auctions[lot].ends_at
    line = [waits(app, lot, ANNA, POISON, end - 2 * MS), waits(app, lot, BORIS, 300, end - MS)]
    app.clock.now = end + 200 * SECOND
    with pytest.raises(ZeroDivisionError):  # somebody has to hear of it
        app.closing.close(lot, app.now())
    app.closing.close(lot, app.now())
    app.clock.forward(seconds=200)
    assert app.closing.close(lot, app.now()).leader_id == BORIS
    assert said(app, *line) == [Conflict, 1]
    assert_invariants(dump_of(app.store))


# --- wallets kept busy ------------------------------------------------------------------------------------------------


def keep_busy(app: FakeApp, who: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever would change this person's wallet meets another transaction."""
    commit = app.store.commit

    def refusing(unit: Any) -> None:
        if ("wallet", who, "XTR") in unit._touched:
            raise Contended(refusals=(Refusal("wallet", str(who)),))
        commit(unit)

    monkeypatch.setattr(app.store, "commit", refusing)


def test_one_whose_wallet_is_busy_and_who_has_many_bids_does_not_keep_others_waiting(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(combining, "MOST_INTENTS", 3)
    app, lot = the_lot()
    mine = [waits(app, lot, ANNA, 200 + 50 * n, app.now() + n * MS) for n in range(9)]
    other = waits(app, lot, BORIS, 150, app.now() + SECOND)
    keep_busy(app, ANNA, monkeypatch)
    decides(app, lot)
    assert said(app, other, *mine) == [1, *[None] * 9]


# --- rows of one transaction appear one by one ------------------------------------------------------------------------


def hidden_at_first(app: FakeApp, table: str, times: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Reads of several rows are no snapshot (DynamoDB: read-committed): one row is there, another yet to come."""
    fetch, left = app.store.fetch, iter(range(times))

    def late(batch: Any) -> None:
        rows: dict[Any, Any] = getattr(app.store.tables, table)
        if any(want.verb in ("bid", "lot") for want in batch.wants) and rows and next(left, None) is not None:
            taken = dict(rows)
            rows.clear()
            try:
                fetch(batch)
            finally:
                rows.update(taken)
        else:
            fetch(batch)

    monkeypatch.setattr(app.store, "fetch", late)


def in_line(app: FakeApp, lot: str, bid: Callable[[], Any]) -> Any:
    led_by_another(app, lot)
    pace_of(app).meanwhile.append(lambda: decides(app, lot))
    return bid()


def test_who_learns_of_an_accepted_bid_before_its_row_can_be_read_is_told_it_counts(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    app, lot = the_lot()
    hidden_at_first(app, "bids", 2, monkeypatch)
    assert in_line(app, lot, lambda: app.bidding.bid(lot, ANNA, 500, app.now())).bid.number == 1


def test_a_bid_whose_row_cannot_be_read_at_all_is_not_told_to_be_withdrawn(monkeypatch: pytest.MonkeyPatch) -> None:
    app, lot = the_lot()
    hidden_at_first(app, "bids", 100, monkeypatch)
    with pytest.raises(Unavailable):
        in_line(app, lot, lambda: app.bidding.bid(lot, ANNA, 500, app.now()))


def test_who_learns_of_a_purchase_before_its_deal_can_be_read_is_shown_the_deal(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    app, lot = the_lot(buy_now_price=900)
    hidden_at_first(app, "deals", 2, monkeypatch)
    closed = in_line(app, lot, lambda: app.bidding.buy(lot, ANNA, 900, app.now()))
    assert closed.deal


def test_who_learns_of_a_purchase_before_the_lot_can_be_read_as_sold_is_shown_it_sold(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    app, lot = the_lot(buy_now_price=900)
    before, fetch, left = app.store.tables.auctions[lot], app.store.fetch, iter(range(2))

    def late(batch: Any) -> None:
        now = app.store.tables.auctions[lot]
        is_late = any(want.verb == "lot" for want in batch.wants) and next(left, None) is not None
        app.store.tables.auctions[lot] = before if is_late else now
        fetch(batch)
        app.store.tables.auctions[lot] = now

    monkeypatch.setattr(app.store, "fetch", late)
    assert in_line(app, lot, lambda: app.bidding.buy(lot, ANNA, 900, app.now())).auction.is_final


# --- a key that was decided while its repeat gave up ------------------------------------------------------------------

KEY = "api:1:order"


def keyed(app: FakeApp, lot: str) -> Answer:
    def work(memory: Memory) -> Answer:
        make_record = MakeRecord[Accepted](memory, lambda accepted: {"number": accepted.bid.number})
        return {"number": app.bidding.bid(lot, ANNA, 500, app.now(), make_record, confirmed=True).bid.number}

    return once(app.store, Memory(KEY, "body"), work, lambda _: {}, lambda _, number: {"number": number})


def test_a_repeat_that_gives_up_after_its_first_use_was_decided_is_not_told_conflict() -> None:
    """Its own bid is taken back; that of the first use counts."""
    app, lot = the_lot()
    first = waits(app, lot, ANNA, 500, key=KEY)
    led_by_another(app, lot)

    def only_the_first_is_decided() -> None:
        app.combining._try(lot, [first], combining._Shift())
        app.intents.take_lease(lot, OTHER, app.now() + 60 * SECOND, app.now())

    pace_of(app).meanwhile.append(only_the_first_is_decided)
    assert keyed(app, lot) == {"number": 1}
    assert len(app.store.tables.bids) == 1
