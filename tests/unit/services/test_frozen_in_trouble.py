"""Freezing meets deaths, races, late indexes and disputes, and comes to the same (spec, section 2)."""

from collections.abc import Callable
from typing import Any

import pytest

from starbid.services.deals.freezing import Freezing
from tests.support.factories import ANNA, SELLER, pay
from tests.support.fakes import Death, FakeApp
from tests.support.invariants import assert_invariants, dump_of
from tests.support.mortal import Fate, Mortal

from .frozen import DAY, buyers, charge_back, states, wallet


def test_wherever_it_dies_freezing_and_giving_back_end_alike() -> None:
    for moment in range(150):
        app, lots = buyers(300, 300, 300, stars=900)
        app.refunding.taken_back(ANNA, "c1", "", 900, "XTR", app.now())
        pay(app, ANNA, 400)
        fate = Fate(moment)
        store: Any = Mortal(app.store, fate)
        scheduler: Any = Mortal(app.scheduler, fate)
        freezing = Freezing(store, scheduler, app.settings.business)
        acts: dict[int, Callable[[], object]] = {
            0: lambda: freezing.follow(ANNA, "XTR", app.now()),  # noqa: B023 - called within this turn
            7: lambda: freezing.give_back(lots[2], app.now()),  # noqa: B023
        }
        for days, act in acts.items():
            app.clock.forward(days=days)
            try:
                act()
            except Death:
                fate.revive()
            assert_invariants(dump_of(app.store))
            if days == 0:
                app.follow_debts()
                app.freezing.follow(ANNA, "XTR", app.now())
        app.dealing.sweep(app.now())
        app.follow_debts()
        assert (states(app, lots), wallet(app)) == (["awaiting_delivery", "refunded", "refunded"], (100, 0)), moment
        assert_invariants(dump_of(app.store))
        if not fate.was_met:
            assert moment > 8
            return
    raise AssertionError("it never comes to its end")


def racing(monkeypatch: pytest.MonkeyPatch, app: FakeApp, then: Callable[[], object]) -> None:
    """Let `then` happen right after the next look at what is owed."""
    debts = app.dealing._freezing._debts
    real = debts.offset

    def offset(*args: Any) -> Any:
        seen = real(*args)
        monkeypatch.setattr(debts, "offset", real)
        then()
        return seen

    monkeypatch.setattr(debts, "offset", offset)


def pays(app: FakeApp) -> Callable[[], None]:
    def pay_and_follow() -> None:
        pay(app, ANNA, 1_000)
        app.follow_debts()

    return pay_and_follow


def test_a_debt_paid_while_a_deal_is_being_frozen_freezes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    app, (lot,) = buyers(1_000)
    app.dealing.dispute(ANNA, lot, "broken", app.now())
    charge_back(app)
    racing(monkeypatch, app, pays(app))
    app.dealing.withdraw(ANNA, lot, app.now())
    assert states(app, [lot]) == ["awaiting_delivery"]
    app.dealing.deliver(SELLER, lot, "the code", app.now())


def test_a_debt_paid_while_a_price_goes_back_undoes_no_sale(monkeypatch: pytest.MonkeyPatch) -> None:
    app, (lot,) = buyers(1_000)
    charge_back(app)
    app.clock.forward(days=7)
    racing(monkeypatch, app, pays(app))
    app.dealing.advance(lot, app.now())
    app.follow_debts()
    assert (states(app, [lot]), wallet(app)) == (["awaiting_delivery"], (0, 0))


def test_a_withdrawn_dispute_is_frozen_by_its_key_where_the_index_does_not_know_it_yet(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    app, (lot,) = buyers(1_000)
    app.dealing.dispute(ANNA, lot, "broken", app.now())
    charge_back(app)
    monkeypatch.setattr(app.store, "undelivered_of", lambda _: [])
    app.dealing.withdraw(ANNA, lot, app.now())
    assert (states(app, [lot]), app.store.deal(lot).due_at) == (["frozen"], app.now() + 7 * DAY)


def test_delivering_frees_what_nobody_has_freed_yet() -> None:
    app, (lot,) = buyers(1_000)
    charge_back(app)
    pay(app, ANNA, 1_000)
    app.dealing.deliver(SELLER, lot, "the code", app.now())
    assert states(app, [lot]) == ["delivered"]


def test_a_dispute_stops_a_freeze_and_does_not_begin_it_anew() -> None:
    app, (lot,) = buyers(1_000)
    charge_back(app)
    before = app.store.deal(lot)
    app.clock.forward(days=6)
    app.dealing.dispute(ANNA, lot, "broken", app.now())
    app.clock.forward(days=29)
    app.dealing.withdraw(ANNA, lot, app.now())
    again = app.store.deal(lot)
    assert (again.due_at, again.left) == (app.now() + DAY, before.left)
    app.clock.forward(days=1)
    app.dealing.advance(lot, app.now())
    assert (states(app, [lot]), wallet(app)) == (["refunded"], (0, 0))


def test_a_debt_settled_during_a_dispute_leaves_the_next_one_all_its_time() -> None:
    app, (lot,) = buyers(500, stars=500)
    charge_back(app, 500)
    app.clock.forward(days=6)
    app.dealing.dispute(ANNA, lot, "broken", app.now())
    pay(app, ANNA, 500, "c2")
    app.dealing.withdraw(ANNA, lot, app.now())
    assert states(app, [lot]) == ["awaiting_delivery"]
    app.refunding.taken_back(ANNA, "c2", "", 500, "XTR", app.now())
    app.follow_debts()
    assert (states(app, [lot]), app.store.deal(lot).due_at) == (["frozen"], app.now() + 7 * DAY)
