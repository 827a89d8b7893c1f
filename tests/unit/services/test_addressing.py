"""The delivery address of a deal: given, corrected, told to nobody else, erased; and the reminders on its way."""

from __future__ import annotations

import logging
from datetime import timedelta

import pytest

from starbid.domain.deal_errors import DealFrozen, NotSold, WrongDealState
from starbid.domain.deals import DealState
from starbid.domain.errors import NotFound, NotYours
from starbid.services.ports import ConditionFailed, Contended
from tests.support.desk import deciding
from tests.support.factories import ANNA, BORIS, SELLER, join, person, put_up
from tests.support.fake_aws import Alarm
from tests.support.fakes import Death, FakeApp, make_app
from tests.support.fiat import rub
from tests.support.invariants import assert_invariants, dump_of
from tests.support.physical import HOME, OTHER, TOLD, earn_roubles, owe_roubles, physical, sold_lamp
from tests.support.there import there

DAY = timedelta(days=1)


@pytest.fixture
def app() -> FakeApp:
    app = make_app()
    for who in (ANNA, BORIS):
        join(app, who)
    return app


def state(app: FakeApp, lot: str) -> DealState:
    return app.store.deal(lot).state


def kinds(app: FakeApp, who: int) -> list[str]:
    """What this person has been told since the last call."""
    app.messenger.told.clear()
    app.run_streams()
    return app.messenger.kinds_for(who)


def test_the_buyer_gives_the_address_and_the_seller_is_told_and_sees_it(app: FakeApp) -> None:
    lot = sold_lamp(app)
    app.run_streams()
    deal = app.addressing.give(ANNA, lot, HOME, app.now())
    assert (deal.state, deal.addressed_at) == (DealState.AWAITING_DELIVERY, app.now())
    assert kinds(app, SELLER) == ["address_given"]
    for who in (SELLER, ANNA):
        assert app.addressing.of(app.store.deal(lot), who, app.now()) == HOME
    assert_invariants(dump_of(app.store))


@pytest.mark.parametrize("who", [BORIS, 900, None])
def test_nobody_else_sees_it_not_even_an_operator(app: FakeApp, who: int | None) -> None:
    lot = sold_lamp(app)
    app.addressing.give(ANNA, lot, HOME, app.now())
    assert app.addressing.of(app.store.deal(lot), who, app.now()) is None


@pytest.mark.parametrize("who", [SELLER, BORIS])
def test_nobody_else_gives_it(app: FakeApp, who: int) -> None:
    lot = sold_lamp(app)
    with pytest.raises(NotYours):
        app.addressing.give(who, lot, HOME, app.now())
    assert state(app, lot) is DealState.AWAITING_ADDRESS
    assert not app.store.tables.addresses


def test_of_a_lot_that_is_not_sold_or_not_there_there_is_none(app: FakeApp) -> None:
    with pytest.raises(NotFound):
        app.addressing.give(ANNA, "nothing", HOME, app.now())
    lot = put_up(app, **physical()).auction.id
    with pytest.raises(NotSold):
        app.addressing.give(ANNA, lot, HOME, app.now())


def test_given_twice_it_is_told_once(app: FakeApp) -> None:
    lot = sold_lamp(app)
    app.run_streams()
    first = app.addressing.give(ANNA, lot, HOME, app.now())
    app.clock.forward(hours=1)
    assert app.addressing.give(ANNA, lot, HOME, app.now()) == first
    assert kinds(app, SELLER) == ["address_given"]


def test_the_same_address_once_more_is_no_refusal_even_after_it_was_sent(app: FakeApp) -> None:
    lot = sold_lamp(app)
    app.addressing.give(ANNA, lot, HOME, app.now())
    sent = app.dealing.deliver(SELLER, lot, "RU123456789RU", app.now())
    assert app.addressing.give(ANNA, lot, HOME, app.now()) == sent
    with pytest.raises(WrongDealState):
        app.addressing.give(ANNA, lot, OTHER, app.now())
    assert app.addressing.of(sent, SELLER, app.now()) == HOME


def test_a_correction_takes_its_place_and_the_seller_is_told(app: FakeApp) -> None:
    lot = sold_lamp(app)
    given = app.addressing.give(ANNA, lot, HOME, app.now())
    app.run_streams()
    app.clock.forward(days=2)
    corrected = app.addressing.give(ANNA, lot, OTHER, app.now())
    assert corrected.due_at == given.due_at
    assert app.addressing.of(corrected, SELLER, app.now()) == OTHER
    assert kinds(app, SELLER) == ["address_given"]
    assert app.messenger.told[-1][1].facts == {"corrected": True}


def test_a_correction_while_the_seller_sends_it_is_one_or_the_other(app: FakeApp) -> None:
    """What the seller has read and sent to stays the address of the deal."""
    lot = sold_lamp(app)
    app.addressing.give(ANNA, lot, HOME, app.now())
    app.store.meanwhile(lambda: app.dealing.deliver(SELLER, lot, "RU123456789RU", app.now()))
    with pytest.raises(WrongDealState):
        app.addressing.give(ANNA, lot, OTHER, app.now())
    assert app.addressing.of(app.store.deal(lot), SELLER, app.now()) == HOME


@pytest.mark.parametrize("fault", [Contended(), ConditionFailed(())])
def test_a_conflict_is_tried_again(app: FakeApp, fault: Exception) -> None:
    lot = sold_lamp(app)
    app.store.fail_next(fault)
    assert app.addressing.give(ANNA, lot, HOME, app.now()).state is DealState.AWAITING_DELIVERY


@pytest.mark.parametrize("after", [False, True])
def test_where_the_process_dies_both_the_deal_and_its_address_are_there_or_neither(app: FakeApp, after: bool) -> None:
    lot = sold_lamp(app)
    app.store.fail_next(Death(), after=after)
    with pytest.raises(Death):
        app.addressing.give(ANNA, lot, HOME, app.now())
    assert (state(app, lot) is DealState.AWAITING_DELIVERY, lot in app.store.tables.addresses) == (after, after)
    assert app.addressing.give(ANNA, lot, HOME, app.now()).state is DealState.AWAITING_DELIVERY
    assert app.addressing.of(app.store.deal(lot), ANNA, app.now()) == HOME


def test_a_death_before_the_schedule_is_made_up_for_by_the_sweep(app: FakeApp) -> None:
    lot = sold_lamp(app)
    app.scheduler.fail_next(Death())
    with pytest.raises(Death):
        app.addressing.give(ANNA, lot, HOME, app.now())
    app.scheduler.alarms.clear()
    app.clock.forward(days=14)
    app.dealing.sweep(app.now())
    assert state(app, lot) is DealState.REFUNDED


def test_a_blocked_person_may_give_it(app: FakeApp) -> None:
    lot = sold_lamp(app)
    unit = app.store.unit()
    unit.mark_wallet(person(ANNA, blocked=True), "RUB")
    unit.commit()
    assert app.addressing.give(ANNA, lot, HOME, app.now()).state is DealState.AWAITING_DELIVERY


# --- debts ------------------------------------------------------------------------------------------------------------


def test_who_owes_gives_no_address_until_the_debt_is_settled(app: FakeApp) -> None:
    lot = sold_lamp(app)
    due = there(app.store.deal(lot).due_at)
    owe_roubles(app, ANNA, 90_000)
    app.follow_debts()
    assert app.store.deal(lot).frozen_at == app.now()
    with pytest.raises(DealFrozen):
        app.addressing.give(ANNA, lot, HOME, app.now())
    assert not app.store.tables.addresses
    app.clock.forward(days=2)
    owe_roubles(app, ANNA, -app.store.wallet(ANNA, "RUB").owed.amount)
    app.follow_debts()
    assert app.store.deal(lot).due_at == due + 2 * DAY
    assert app.addressing.give(ANNA, lot, HOME, app.now()).state is DealState.AWAITING_DELIVERY


def test_a_debt_that_is_settled_during_a_dispute_is_no_correction_of_the_address(app: FakeApp) -> None:
    lot = sold_lamp(app)
    app.addressing.give(ANNA, lot, HOME, app.now())
    owe_roubles(app, ANNA, 60_000)
    app.follow_debts()
    app.dealing.dispute(ANNA, lot, "where is it?", app.now())
    owe_roubles(app, ANNA, -app.store.wallet(ANNA, "RUB").owed.amount)
    kinds(app, SELLER)
    app.dealing.withdraw(ANNA, lot, app.now())
    assert kinds(app, SELLER) == ["dispute_withdrawn"]


def test_a_deal_that_nobody_has_freed_yet_is_freed_with_the_address(app: FakeApp) -> None:
    lot = sold_lamp(app)
    owe_roubles(app, ANNA, 90_000)
    app.follow_debts()
    owe_roubles(app, ANNA, -app.store.wallet(ANNA, "RUB").owed.amount)
    app.store.take_debtors()
    assert app.addressing.give(ANNA, lot, HOME, app.now()).state is DealState.AWAITING_DELIVERY


# --- time -------------------------------------------------------------------------------------------------------------


def fire_until(app: FakeApp, lot: str, days: int) -> list[tuple[int, int, str]]:
    """The day, the person and the notice of all that is told, day by day."""
    began, told = app.now(), []
    app.run_streams()
    for day in range(1, days + 1):
        app.clock.now = began + day * DAY
        for _ in range(2):
            app.dealing.advance(lot, app.now())
        app.messenger.told.clear()
        app.run_streams()
        told += [(day, person.id, notice.kind) for person, notice, _ in app.messenger.told]
    return told


def test_without_an_address_the_buyer_is_reminded_twice_and_gets_the_price_back(app: FakeApp) -> None:
    lot = sold_lamp(app)
    told = fire_until(app, lot, 15)
    assert told == [(3, ANNA, "reminded"), (10, ANNA, "reminded"), (14, ANNA, "returned"), (14, SELLER, "returned")]
    assert app.store.wallet(ANNA, "RUB").available == rub(100_000)
    assert_invariants(dump_of(app.store))


def test_the_seller_is_reminded_before_the_time_is_over(app: FakeApp) -> None:
    lot = sold_lamp(app)
    app.addressing.give(ANNA, lot, HOME, app.now())
    assert fire_until(app, lot, 13) == [(5, SELLER, "reminded")]


def test_the_buyer_is_reminded_before_the_seller_is_paid(app: FakeApp) -> None:
    lot = sold_lamp(app)
    app.addressing.give(ANNA, lot, HOME, app.now())
    app.dealing.deliver(SELLER, lot, "RU123456789RU", app.now())
    told = fire_until(app, lot, 22)
    assert told == [(18, ANNA, "reminded"), (21, SELLER, "released"), (21, ANNA, "released")]
    assert app.store.wallet(SELLER, "RUB").available == rub(47_500)


def test_a_reminder_that_came_when_it_was_done_already_is_not_told(app: FakeApp) -> None:
    lot = sold_lamp(app)
    app.run_streams()
    app.clock.forward(days=3)
    app.dealing.advance(lot, app.now())
    app.addressing.give(ANNA, lot, HOME, app.now())
    assert kinds(app, ANNA) == []


def test_one_schedule_follows_the_other_and_the_sweep_finds_what_they_missed(app: FakeApp) -> None:
    lot = sold_lamp(app)
    sold_at = app.now()
    assert [alarm for alarm in app.scheduler.alarms if alarm.what == "deal"] == [Alarm("deal", lot, sold_at + 3 * DAY)]
    app.scheduler.alarms.clear()
    app.clock.now = sold_at + 3 * DAY
    assert app.dealing.sweep(app.now()) == 1
    assert app.scheduler.alarms == [Alarm("deal", lot, sold_at + 10 * DAY)]
    assert app.dealing.sweep(app.now()) == 0


def test_what_fell_through_for_want_of_an_address_is_offered_to_the_next(app: FakeApp) -> None:
    earn_roubles(app, ANNA, 100_000)
    earn_roubles(app, BORIS, 100_000)
    lot = put_up(app, **physical()).auction
    app.bidding.bid(lot.id, BORIS, 60_000, app.now())
    app.bidding.bid(lot.id, ANNA, 70_000, app.now())
    app.clock.now = lot.due_at
    app.closing.close(lot.id, app.now())
    app.clock.forward(days=14)
    app.dealing.advance(lot.id, app.now())
    assert app.second_chance.offer(SELLER, lot.id, app.now()).price == rub(50_000)
    taken = app.second_chance.accept(BORIS, lot.id, app.now())
    deal = there(taken.deal)
    assert (deal.state, deal.due_at) == (DealState.AWAITING_ADDRESS, app.now() + 14 * DAY)
    assert taken.card.goods == "physical"


# --- erasing ----------------------------------------------------------------------------------------------------------


def ended(app: FakeApp) -> str:
    lot = sold_lamp(app)
    app.addressing.give(ANNA, lot, HOME, app.now())
    app.dealing.deliver(SELLER, lot, "RU123456789RU", app.now())
    app.dealing.confirm(ANNA, lot, app.now())
    return lot


def test_30_days_after_the_end_it_can_be_read_by_nobody_and_then_the_sweep_erases_it(app: FakeApp) -> None:
    lot = ended(app)
    app.clock.forward(days=30, milliseconds=-1)
    assert app.addressing.of(app.store.deal(lot), SELLER, app.now()) == HOME
    assert app.addressing.sweep(app.now()) == 0
    app.clock.forward(milliseconds=1)
    assert app.addressing.of(app.store.deal(lot), SELLER, app.now()) is None
    assert app.addresses.address(lot, app.now()) is None, "before it is erased, too"
    assert app.addressing.sweep(app.now()) == 1
    assert app.store.tables.addresses == {}
    assert app.addressing.sweep(app.now()) == 0


def test_a_deal_that_goes_on_keeps_it_and_one_without_leaves_nothing_to_erase(app: FakeApp) -> None:
    open_lot = sold_lamp(app)
    app.addressing.give(ANNA, open_lot, HOME, app.now())
    app.dealing.dispute(ANNA, open_lot, "where is it?", app.now())
    without = sold_lamp(app)
    app.clock.forward(days=14)
    app.dealing.advance(without, app.now())
    app.clock.forward(days=10)
    assert app.addressing.sweep(app.now()) == 0
    assert [*app.store.tables.addresses] == [open_lot]


@pytest.mark.parametrize("release", [True, False])
def test_however_a_deal_ends_its_address_is_erased(app: FakeApp, release: bool) -> None:
    lot = sold_lamp(app)
    app.addressing.give(ANNA, lot, HOME, app.now())
    app.dealing.dispute(ANNA, lot, "where is it?", app.now())
    app.dealing.resolve(deciding("so be it", app.now()), lot, release)
    app.clock.forward(days=30)
    assert app.addressing.sweep(app.now()) == 1


def test_what_was_typed_and_not_confirmed_is_gone_after_a_day(app: FakeApp) -> None:
    app.addresses.put_typed("lot1", {"name": "Anna"}, app.now())
    app.clock.forward(days=1, milliseconds=-1)
    assert app.addresses.typed("lot1", app.now()) == {"name": "Anna"}
    app.clock.forward(milliseconds=1)
    assert app.addresses.typed("lot1", app.now()) == {}
    assert app.addressing.sweep(app.now()) == 1


# --- nowhere else -----------------------------------------------------------------------------------------------------


def test_it_is_in_no_event_no_row_no_notice_and_no_log(app: FakeApp, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    lot = sold_lamp(app)
    app.addressing.give(ANNA, lot, HOME, app.now())
    app.addressing.give(ANNA, lot, OTHER, app.now())
    notices = app.run_streams()
    tables = app.store.tables
    kept = [repr(getattr(tables, name)) for name in vars(tables) if name != "addresses"]
    for told in (*kept, repr(notices), caplog.text, repr(app.scratch.__dict__), repr(HOME)):
        assert not any(part in told for part in TOLD)
