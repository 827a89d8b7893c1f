"""A crowd whose combiner dies, loses its lease or gets no answers: a bid is decided once, and nobody is told a lie."""

from __future__ import annotations

from itertools import count
from typing import Any

import pytest

from starbid.domain.errors import StarbidError
from starbid.domain.intents import Intent, Memory
from starbid.domain.kinds.base import Accepted
from starbid.services.auctions import combining
from starbid.services.auctions.bidding import Bidding
from starbid.services.auctions.closing import Closing
from starbid.services.auctions.combining import LEASE, Combining
from starbid.services.auctions.waiting import Waiting
from starbid.services.idempotency import MakeRecord
from starbid.services.ports import Contended, Unavailable
from tests.support.factories import ANNA, BORIS, CLARA
from tests.support.fakes import Death, FakeApp
from tests.support.invariants import assert_invariants, dump_of
from tests.support.lines import (
    MS,
    OTHER,
    SECOND,
    crowd_on,
    decides,
    outcome,
    pace_of,
    rows_of,
    said,
    the_lot,
    undecided,
    waits,
)
from tests.support.mortal import Fate, Mortal

LATER = 20 * MS
"""Than all who wait already."""


def line_of(app: FakeApp, lot: str, people: int = 9) -> list[Intent]:
    bidders = (BORIS, CLARA, ANNA)
    return [waits(app, lot, bidders[n % 3], 150 + 20 * n, app.now() + n * MS) for n in range(people)]


# --- a process that ends at any of its calls --------------------------------------------------------------------------


def bidding_of(app: FakeApp, fate: Fate) -> Bidding:
    """Another process over the same rows, with a fate."""
    store, intents, scheduler = Mortal(app.store, fate), Mortal(app.intents, fate), Mortal(app.scheduler, fate)
    business = app.settings.business
    combine = Combining(store, intents, scheduler, app.pace, business)
    closing = Closing(store, combine, scheduler, business)
    return Bidding(store, closing, Waiting(intents, combine, scheduler, app.pace), scheduler, business)


@pytest.mark.parametrize("kind", ["english", "sealed"])
def test_a_combiner_that_dies_at_any_of_its_calls_is_missed_for_the_time_of_its_lease_and_no_bid_is_lost(
    kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(combining, "MOST_INTENTS", 3)
    for dies_at in count():
        app, lot = the_lot(type=kind)
        pace_of(app).moves_clock = True
        line_of(app, lot, 5)
        fate = Fate(dies_at)
        app.store.fail_next(Contended())
        try:
            answer = bidding_of(app, fate).bid(lot, ANNA, 500, app.now() + LATER, confirmed=True)
        except Death:
            answer = None
        if not fate.was_met:
            assert isinstance(answer, Accepted)
            break
        app.store.heal()
        began = pace_of(app).elapsed()
        crowd_on(app, lot)
        app.bidding.bid(lot, BORIS, 900, app.now() + LATER, confirmed=True)
        assert pace_of(app).elapsed() - began < LEASE.total_seconds() + 1, fate.last
        assert not any(each.is_undecided for each in app.store.tables.intents.values()), fate.last
        assert rows_of(app, ANNA).count(500) <= 1, fate.last
        assert_invariants(dump_of(app.store))
    assert dies_at > 30


def test_the_lease_of_the_dead_runs_out_and_one_who_waits_goes_on_within_its_time() -> None:
    app, lot = the_lot()
    pace_of(app).moves_clock = True
    line = line_of(app, lot)
    crowd_on(app, lot)
    app.intents.take_lease(lot, "dead", app.now() + LEASE, app.now())
    began = pace_of(app).elapsed()
    assert app.bidding.bid(lot, ANNA, 900, app.now() + LATER, confirmed=True).bid.number == len(line) + 1
    assert LEASE.total_seconds() - 0.3 <= pace_of(app).elapsed() - began < LEASE.total_seconds() + 0.5


# --- two at once ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["english", "sealed", "vickrey"])
@pytest.mark.parametrize("batch", [3, 48])
def test_two_combiners_at_once_decide_each_bid_once(kind: str, batch: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first one's lease has run out between its reading and each of its writings."""
    monkeypatch.setattr(combining, "MOST_INTENTS", batch)
    app, lot = the_lot(type=kind)
    line = line_of(app, lot, 24)
    for _ in range(4):
        app.store.meanwhile(lambda: app.combining._round(lot, combining._Shift()))
        app.store.meanwhile(lambda: None)
    found = app.combining.work(lot, OTHER)
    assert not undecided(app, line)
    numbers = [number for number in said(app, *line) if isinstance(number, int)]
    assert numbers == list(range(1, len(numbers) + 1))
    for intent in line:
        assert intent.id not in found or outcome(app, intent) == found[intent.id], "its own answers are true"
    assert_invariants(dump_of(app.store))


def test_one_who_lost_the_lease_in_the_middle_does_not_give_back_that_of_the_next() -> None:
    app, lot = the_lot()
    line_of(app, lot)
    app.store.meanwhile(lambda: app.intents.take_lease(lot, "next", app.now() + SECOND, app.now()))
    app.intents.take_lease(lot, OTHER, app.now(), app.now())
    decides(app, lot)
    assert not app.intents.take_lease(lot, "third", app.now() + SECOND, app.now())


# --- no answers -------------------------------------------------------------------------------------------------------


class Deaf:
    """A port whose call of that number has no answer, `after` it did what it does or before."""

    def __init__(self, port: Any, calls: Any, at: int, after: bool) -> None:
        self._port, self._calls, self._at, self._after = port, calls, at, after

    def __getattr__(self, name: str) -> Any:
        real = getattr(self._port, name)
        if not callable(real):
            return real

        def call(*args: Any, **named: Any) -> Any:
            if name == "drop":  # which never raises
                return real(*args, **named)
            is_lost = next(self._calls) == self._at
            if is_lost and not self._after:
                raise Unavailable
            answer = real(*args, **named)
            if is_lost:
                raise Unavailable
            return Deaf(answer, self._calls, self._at, self._after) if name in ("unit", "batch") else answer

        return call


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("kind", ["english", "sealed"])
def test_whatever_call_has_no_answer_nobody_is_told_a_lie(kind: str, after: bool) -> None:
    """Accepted: the bid is there once. Refused: it is not. Not known: it is there once or not, and stays so."""
    told = []
    for number in range(100):
        app, lot = the_lot(type=kind)
        pace_of(app).moves_clock = True
        line = line_of(app, lot)
        calls = count()
        app.store.fail_next(Contended())
        answer = with_deaf(app, lot, calls, number, after)
        told.append(type(answer))
        decides(app, lot)
        decides(app, lot)
        assert not undecided(app, line)
        assert_invariants(dump_of(app.store))
        mine = rows_of(app, ANNA).count(700)
        assert mine == 1 if isinstance(answer, Accepted) else mine <= 1
        if isinstance(answer, StarbidError):
            assert mine == 0
        if next(calls) <= number:
            break
    assert number > 12
    assert set(told) == {Accepted, Unavailable}


def with_deaf(app: FakeApp, lot: str, calls: Any, number: int, after: bool) -> Accepted | Exception:
    store, intents, scheduler = (Deaf(port, calls, number, after) for port in (app.store, app.intents, app.scheduler))
    business = app.settings.business
    combine = Combining(store, intents, scheduler, app.pace, business)
    closing = Closing(store, combine, scheduler, business)
    waiting = Waiting(intents, combine, scheduler, app.pace)
    bidding = Bidding(store, closing, waiting, scheduler, business)
    try:
        return bidding.bid(lot, ANNA, 700, app.now() + LATER, confirmed=True)
    except (StarbidError, Unavailable) as error:
        return error


def test_a_bid_whose_storing_had_no_answer_is_stored_again_and_counts_once() -> None:
    app, lot = the_lot()
    crowd_on(app, lot)
    app.intents.fail_next(Unavailable(), after=True)
    assert app.bidding.bid(lot, ANNA, 500, app.now()).bid.number == 1
    assert rows_of(app, ANNA) == [500]


def repeat_after(app: FakeApp, lot: str, *, key: str) -> object:
    """Storing the bid has no answer for so long that its bidder is told so; it is stored. They send it again."""
    memory = (
        MakeRecord[Accepted](Memory(key, "body"), lambda accepted: {"number": accepted.bid.number}) if key else None
    )
    crowd_on(app, lot)
    app.intents.fail_next(Unavailable(), after=True, times=1_000)
    with pytest.raises(Unavailable):
        app.bidding.bid(lot, ANNA, 500, app.now(), memory)
    app.intents.heal()
    assert len(app.store.tables.intents) == 1
    app.clock.forward(seconds=9)
    try:
        return app.bidding.bid(lot, ANNA, 500, app.now(), memory).bid.number
    except StarbidError as refusal:
        return type(refusal)


@pytest.mark.parametrize("key", ["", "api:1:k"])
def test_who_was_told_that_nobody_knows_and_bids_again_holds_the_money_once(key: str) -> None:
    app, lot = the_lot()
    assert repeat_after(app, lot, key=key) == 1
    decides(app, lot)
    assert rows_of(app, ANNA) == [500]
    assert app.store.wallet(ANNA, "XTR").held.amount == 500
    assert_invariants(dump_of(app.store))
