"""How far the comparison has come: by page, through deaths and failures, and how old what is left is."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from starbid.domain.payments import ChargeState
from starbid.services.billing.reconciling import AT_ONCE, LEASE_SECONDS, Compared, Difference, Reconciling
from starbid.services.ports import TryLater, Unavailable
from starbid.storage.recorded import RecordedPlaces
from tests.support.fakes import START, Death, FakeApp
from tests.support.invariants import assert_invariants, dump_of
from tests.support.mortal import Fate, Mortal

from .reconciled import LATER, a_paid_charge, back, compare, differences, faults, looked_at, many, ordered, pages

MS = timedelta(milliseconds=1)

# --- what is too young ------------------------------------------------------------------------------------------------


def test_a_payment_that_may_be_on_its_way_waits_for_the_next_time() -> None:
    app, transaction = a_paid_charge()
    app.stars.listed = [replace(transaction, id="new", at=START)]
    assert looked_at(app, START + timedelta(minutes=15) - MS) == 0
    assert faults(app, START + timedelta(minutes=15)) == ["missing"]


def test_what_stands_behind_a_young_one_waits_with_it() -> None:
    app, transaction = a_paid_charge()
    young = replace(transaction, id="young", at=app.now() + LATER)
    app.stars.listed += [young, replace(transaction, id="old")]
    assert looked_at(app) == 1
    assert faults(app, app.now() + 2 * LATER) == ["missing", "missing"]


# --- place ------------------------------------------------------------------------------------------------------------


def test_each_transaction_is_looked_at_once_over_many_pages() -> None:
    app = many(250)
    assert looked_at(app) == 250
    assert looked_at(app) == 0
    app.stars.listed.append(replace(app.stars.listed[0], id="new"))
    assert looked_at(app) == 1


def test_the_charges_of_a_page_are_read_at_once() -> None:
    app = many(250)
    app.store.trips.clear()
    compare(app)
    assert app.store.trips == ["charges"] * 3


@pytest.mark.parametrize("size", [1, 7, 40])
def test_a_page_that_is_short_is_not_yet_the_last_one(size: int) -> None:
    app = many(250)
    listed = app.stars.transactions
    app.stars.transactions = lambda offset, limit: listed(offset, min(limit, size + 1))  # type: ignore[method-assign]
    assert looked_at(app) == 250


def test_a_comparison_stops_when_time_is_over_and_the_next_goes_on() -> None:
    app = many(1_000)
    seen: list[str] = []
    runs = 0
    while True:
        compared, found = compare(app, has_time=pages(2))
        seen += [difference.charge_id for difference in found]
        runs += 1
        if compared.is_whole:
            break
        assert compared.count <= 2 * AT_ONCE
    assert seen == [each.id for each in app.stars.listed]
    assert runs == 6


def test_without_time_nothing_is_asked_of_telegram() -> None:
    app = many(10)
    app.stars.fail_next(Death())
    compared, _ = compare(app, has_time=lambda: False)
    assert (compared.count, compared.is_whole) == (0, False)


@pytest.mark.parametrize("fault", [TryLater(5), Unavailable("throttled"), ConnectionError()])
def test_a_comparison_that_telegram_cuts_short_goes_on_after_the_last_page(fault: Exception) -> None:
    app = many(250)
    found: list[str] = []

    def report(difference: Difference) -> None:
        found.append(difference.charge_id)
        if len(found) == AT_ONCE:
            app.stars.fail_next(fault)

    with pytest.raises(type(fault)):
        app.reconciling.compare(app.now() + LATER, lambda: True, report)
    assert len(found) == AT_ONCE
    found += [difference.charge_id for difference in differences(app)]
    assert found == [each.id for each in app.stars.listed]


def test_a_difference_that_could_not_be_reported_is_reported_the_next_time() -> None:
    app = many(1)

    def fail(_: Difference) -> None:
        raise OSError("no log")

    with pytest.raises(OSError, match="no log"):
        app.reconciling.compare(app.now() + LATER, lambda: True, fail)
    assert faults(app) == ["missing"]


def test_a_death_anywhere_loses_nothing_and_repeats_no_more_than_a_page() -> None:
    """Telegram, store and scratch each may be the last thing that the process touched."""
    moment = 0
    while True:
        app, paid = a_paid_charge()
        app.stars.listed += [replace(paid, id=f"n{each}") for each in range(150)]
        app.stars.listed += [ordered(app, "unheard"), back(paid)]
        fate, found = Fate(moment), list[Difference]()
        store, scratch, stars = (Mortal(port, fate) for port in (app.store, app.scratch, app.stars))
        mortal = Reconciling(store, RecordedPlaces(scratch), scratch, stars, app.paying, app.refunding, app.gifts)
        try:
            mortal.compare(app.now() + LATER, lambda: True, found.append)
        except Death:
            fate.revive()
            compare_later(app, found)
        numbers = [difference.number for difference in found]
        assert set(numbers) == set(range(1, 153))
        assert len(numbers) - len(set(numbers)) <= AT_ONCE
        assert sorted(app.store.tables.charges) == sorted([paid.id, "unheard"])
        assert app.store.tables.charges[paid.id].state is ChargeState.REFUNDED
        assert_invariants(dump_of(app.store))
        if not fate.was_met:
            break
        moment += 1
    assert moment > 12


def compare_later(app: FakeApp, found: list[Difference]) -> None:
    """Once the one that died has given way."""
    now = app.now() + LATER + timedelta(seconds=LEASE_SECONDS)
    assert app.reconciling.compare(now, lambda: True, found.append)


def test_two_at_once_do_the_work_of_one() -> None:
    app, second = many(10), list[Compared | None]()

    def report(_: Difference) -> None:
        second.append(app.reconciling.compare(app.now() + LATER, lambda: True, report))

    assert app.reconciling.compare(app.now() + LATER, lambda: True, report)
    assert second == [None] * 10


def test_another_list_than_the_one_that_was_looked_at_is_told_of_and_begun_with() -> None:
    """The token of another bot, whose list is shorter."""
    app = many(150)
    app.stars.listed.append(replace(app.stars.listed[0], kind="chat"))
    compare(app)
    app.stars.listed = [ordered(app, "other"), replace(app.stars.listed[0], id="gift", kind="chat")]
    assert faults(app) == ["list", "missing"]
    compared, found = compare(app)
    assert (found, compared.place.number) == ([], 2)
    assert compared.place.others == {"chat in": (1, 250_000_000_000)}


@pytest.mark.parametrize("change", [{"id": "another"}, {"incoming": False}])
def test_another_list_is_known_by_what_stands_where_the_last_one_stood(change: dict[str, Any]) -> None:
    app = many(20)
    compare(app)
    app.stars.listed[-1] = replace(app.stars.listed[-1], **change)
    assert faults(app)[:2] == ["list", "missing"]


def test_a_place_of_an_older_version_begins_again() -> None:
    app = many(10)
    app.scratch.put("reconciled", {"offset": 7}, 1_000, app.now())
    assert looked_at(app) == 10


# --- how far behind ---------------------------------------------------------------------------------------------------


def test_what_was_compared_to_the_end_is_as_old_as_a_payment_may_be_on_its_way() -> None:
    app = many(150)
    now = app.now() + LATER
    assert (app.reconciling.age(now), app.reconciling.is_late(now)) == (None, True)
    compare(app, now)
    assert app.reconciling.age(now) == timedelta(minutes=15)
    assert not app.reconciling.is_late(now + timedelta(hours=24))
    assert app.reconciling.is_late(now + timedelta(hours=25))


def test_what_was_cut_short_is_as_old_as_the_last_transaction_compared() -> None:
    app = many(150)
    now = app.now() + timedelta(days=30)
    compare(app, now, pages(1))
    assert app.reconciling.age(now) == timedelta(days=30)
    assert app.reconciling.is_late(now)


def test_one_that_cannot_be_read_dates_nothing() -> None:
    app = many(1)
    app.stars.listed.append(replace(app.stars.listed[0], at=START - timedelta(days=9_000), kind="unreadable"))
    compare(app, has_time=pages(1))
    assert app.reconciling.age(app.now() + LATER) == LATER
