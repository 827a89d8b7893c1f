"""Telegram's list of transactions against the charges that were booked."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from starbid.domain.payments import ChargeState
from starbid.services.ports import StarTransaction, TryLater, Unavailable
from starbid.services.reconciling import AT_ONCE, LEASE_SECONDS, Compared, Difference, Reconciling
from tests.support.factories import ANNA, BORIS, join, pay, xtr
from tests.support.fakes import START, Death, FakeApp, make_app
from tests.support.invariants import assert_invariants, dump_of
from tests.support.mortal import Fate, Mortal

LATER = timedelta(hours=1)
MS = timedelta(milliseconds=1)


def a_paid_charge() -> tuple[FakeApp, StarTransaction]:
    app = make_app()
    join(app, ANNA)
    charge = pay(app, ANNA, 250)
    transaction = StarTransaction(charge.id, 250, app.now(), incoming=True, payer_id=ANNA)
    app.stars.listed = [transaction]
    return app, transaction


def ordered(app: FakeApp, charge_id: str, who: int = ANNA, stars: int = 100) -> StarTransaction:
    """An invoice of ours that was paid, of which we never heard."""
    _, payload = app.paying.order_stars(who, stars, app.now())
    return StarTransaction(charge_id, stars, app.now(), incoming=True, payer_id=who, payload=payload)


def back(transaction: StarTransaction) -> StarTransaction:
    return replace(transaction, incoming=False)


def compare(
    app: FakeApp, now: datetime | None = None, has_time: Callable[[], bool] = lambda: True
) -> tuple[Compared, list[Difference]]:
    found: list[Difference] = []
    compared = app.reconciling.compare(now or app.now() + LATER, has_time, found.append)
    assert compared is not None
    return compared, found


def differences(app: FakeApp, now: datetime | None = None) -> list[Difference]:
    return compare(app, now)[1]


def faults(app: FakeApp, now: datetime | None = None) -> list[str]:
    return [difference.fault for difference in differences(app, now)]


def looked_at(app: FakeApp, now: datetime | None = None) -> int:
    return compare(app, now)[0].looked_at


def pages(number: int) -> Callable[[], bool]:
    """Time for so many."""
    left = iter([True] * number)
    return lambda: next(left, False)


# --- what differs -----------------------------------------------------------------------------------------------------


def test_what_was_booked_as_paid_is_no_difference() -> None:
    app, _ = a_paid_charge()
    assert differences(app) == []
    assert looked_at(app) == 0


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"id": "unheard"}, "missing"),
        ({"amount": 251}, "amount"),
        ({"nanostars": 1}, "amount"),
        ({"amount": 249, "nanostars": 999_999_999}, "amount"),
        ({"incoming": False}, "refund"),
        ({"kind": "unreadable"}, "unreadable"),
    ],
)
def test_a_difference_is_named(change: dict[str, object], fault: str) -> None:
    app, transaction = a_paid_charge()
    app.stars.listed = [replace(transaction, **change)]
    (found,) = differences(app)
    assert (found.fault, found.number) == (fault, 0)


def test_a_refund_that_was_booked_is_no_difference() -> None:
    app, transaction = a_paid_charge()
    app.refunding.refund(ANNA, transaction.id, app.now())
    assert app.stars.listed == [transaction, back(transaction)]
    assert differences(app) == []


def test_a_refund_is_told_by_its_id_whatever_kind_it_is_said_to_be() -> None:
    """The Bot API server takes a refund without a title for one of paid media."""
    app, transaction = a_paid_charge()
    app.stars.listed.append(replace(back(transaction), kind="user/paid_media_payment"))
    assert faults(app) == ["refund"]


@pytest.mark.parametrize("sign", [1, -1])
def test_what_an_affiliate_got_of_a_payment_explains_what_the_bot_got_less(sign: int) -> None:
    app, transaction = a_paid_charge()
    net = replace(transaction, amount=237, nanostars=500_000_000, commission=sign * 12_500_000_000)
    app.stars.listed = [net]
    assert differences(app) == []
    app.stars.listed.append(replace(net, id="x", commission=0))
    pay(app, ANNA, 250, "x")
    assert faults(app) == ["amount"]


# --- what is no payment -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("incoming", [True, False])
@pytest.mark.parametrize(
    "kind",
    [
        "user/paid_media_payment",
        "user/gift_purchase",
        "user/premium_purchase",
        "user/business_account_transfer",
        "chat",
        "affiliate_program",
        "fragment",
        "fragment/pending",
        "fragment/succeeded",
        "fragment/failed",
        "telegram_ads",
        "telegram_api",
        "other",
    ],
)
def test_other_movements_are_counted_and_not_compared(kind: str, incoming: bool) -> None:
    app, transaction = a_paid_charge()
    moved = replace(transaction, amount=1, nanostars=500_000_000, kind=kind, incoming=incoming)
    app.stars.listed += [replace(moved, id="one"), replace(moved, id="two")]
    compared, found = compare(app)
    assert found == []
    assert compared.place.others == {f"{kind} {'in' if incoming else 'out'}": (2, 3_000_000_000)}


def test_a_kind_that_nobody_knows_is_reported_once_and_counted_for_good() -> None:
    app, transaction = a_paid_charge()
    app.stars.listed += [replace(transaction, id=f"n{number}", kind="loyalty_programme") for number in range(250)]
    (found,) = differences(app)
    assert (found.fault, found.number, found.kind) == ("kind", 1, "loyalty_programme")
    app.stars.listed.append(replace(transaction, id="another", kind="loyalty_programme"))
    compared, found_later = compare(app)
    assert found_later == []
    assert compared.place.others["loyalty_programme in"][0] == 251


# --- what is proved is booked -----------------------------------------------------------------------------------------


def test_a_payment_that_nobody_heard_of_is_credited() -> None:
    app, _ = a_paid_charge()
    app.stars.listed.append(ordered(app, "unheard"))
    (found,) = differences(app)
    assert (found.fault, found.charge_id, found.number, found.is_mended) == ("missing", "unheard", 1, True)
    assert app.store.wallet(ANNA, "XTR").available == xtr(350)
    assert_invariants(dump_of(app.store))


def test_its_message_may_come_after_all() -> None:
    app = make_app()
    join(app, ANNA)
    told = ordered(app, "late")
    app.stars.listed = [told]
    assert faults(app) == ["missing"]
    app.paying.credit(ANNA, "late", told.payload, 100, "XTR", app.now())
    assert app.store.wallet(ANNA, "XTR").available == xtr(100)
    assert_invariants(dump_of(app.store))


@pytest.mark.parametrize(
    "change",
    [
        {"payload": ""},
        {"payload": "stars:1:100:abc:forged"},
        {"payer_id": BORIS},
        {"payer_id": None},
        {"amount": 99},
        {"nanostars": 5},
        {"incoming": False},
    ],
)
def test_a_payment_that_no_invoice_of_ours_asked_for_is_only_reported(change: dict[str, object]) -> None:
    app, _ = a_paid_charge()
    app.stars.listed.append(replace(ordered(app, "foreign"), **change))
    (found,) = differences(app)
    assert (found.fault, found.is_mended) == ("missing", False)
    assert list(app.store.tables.charges) == [app.stars.listed[0].id]


def test_a_refund_that_nobody_heard_of_is_booked_and_what_was_spent_is_owed() -> None:
    app, transaction = a_paid_charge()
    app.people.subscribe(ANNA, "r", app.now())
    app.stars.listed.append(back(transaction))
    (found,) = differences(app)
    assert (found.fault, found.is_mended) == ("refund", True)
    wallet = app.store.wallet(ANNA, "XTR")
    assert (wallet.available, wallet.owed) == (xtr(0), xtr(100))
    assert app.store.tables.charges[transaction.id].state is ChargeState.REFUNDED
    assert_invariants(dump_of(app.store))


def test_a_subscription_whose_refund_nobody_heard_of_ends_by_it() -> None:
    app = make_app()
    join(app, ANNA)
    _, payload = app.paying.order_subscription(ANNA, app.now())
    app.paying.credit(ANNA, "n1", payload, 100, "XTR", app.now())
    paid = StarTransaction("n1", 100, app.now(), incoming=True, payer_id=ANNA, payload=payload)
    app.stars.listed = [paid, back(paid)]
    app.clock.forward(days=1)
    assert faults(app, app.now()) == ["refund"]
    assert not app.store.tables.people[ANNA].may_sell(app.now())
    assert_invariants(dump_of(app.store))


def test_a_payment_and_its_refund_that_nobody_heard_of_leave_nothing() -> None:
    app, _ = a_paid_charge()
    told = ordered(app, "unheard")
    app.stars.listed += [told, back(told)]
    assert faults(app) == ["missing", "refund"]
    wallet = app.store.wallet(ANNA, "XTR")
    assert (wallet.available, wallet.owed) == (xtr(250), xtr(0))
    assert_invariants(dump_of(app.store))


def test_a_refund_of_another_amount_is_left_to_the_operator() -> None:
    app, transaction = a_paid_charge()
    app.stars.listed = [replace(back(transaction), amount=100)]
    (found,) = differences(app)
    assert (found.fault, found.is_mended) == ("amount", False)
    assert app.store.tables.charges[transaction.id].state is ChargeState.CREDITED


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


def many(number: int) -> FakeApp:
    """Payments that no invoice asked for: each is a difference."""
    app, transaction = a_paid_charge()
    app.stars.listed = [replace(transaction, id=f"n{each}") for each in range(number)]
    return app


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
        assert compared.looked_at <= 2 * AT_ONCE
    assert seen == [each.id for each in app.stars.listed]
    assert runs == 6


def test_without_time_nothing_is_asked_of_telegram() -> None:
    app = many(10)
    app.stars.fail_next(Death())
    compared, _ = compare(app, has_time=lambda: False)
    assert (compared.looked_at, compared.is_whole) == (0, False)


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

    def die(_: Difference) -> None:
        raise Death

    with pytest.raises(Death):
        app.reconciling.compare(app.now() + LATER, lambda: True, die)
    assert faults(app) == ["missing"]


def test_a_death_anywhere_loses_nothing_and_repeats_no_more_than_a_page() -> None:
    """Telegram, store and scratch each may be the last thing that the process touched."""
    moment = 0
    while True:
        app, paid = a_paid_charge()
        app.stars.listed += [replace(paid, id=f"n{each}") for each in range(150)]
        app.stars.listed += [ordered(app, "unheard"), back(paid)]
        fate, found = Fate(moment), list[Difference]()
        mortal = Reconciling(
            Mortal(app.store, fate), Mortal(app.scratch, fate), Mortal(app.stars, fate), app.paying, app.refunding
        )
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
def test_another_list_is_known_by_what_stands_where_the_last_one_stood(change: dict[str, object]) -> None:
    app = many(20)
    compare(app)
    app.stars.listed[-1] = replace(app.stars.listed[-1], **change)
    assert faults(app)[:2] == ["list", "missing"]


def test_a_place_of_an_older_version_begins_anew() -> None:
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
