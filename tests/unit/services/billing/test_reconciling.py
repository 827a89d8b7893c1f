"""Telegram's list of transactions against the charges that were booked."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from starbid.domain.errors import InsufficientFunds
from starbid.domain.payments import ChargeState
from starbid.services.ports import StarTransaction
from tests.support.factories import ANNA, BORIS, join, pay, xtr
from tests.support.fakes import make_app
from tests.support.invariants import assert_invariants, dump_of

from .reconciled import a_paid_charge, back, compare, differences, faults, looked_at, ordered, with_secrets

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
def test_a_difference_is_named(change: dict[str, Any], fault: str) -> None:
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


def test_premium_that_came_into_the_bot_is_counted() -> None:
    """What left is compared with the payouts (test_gifts)."""
    app, transaction = a_paid_charge()
    app.stars.listed.append(replace(transaction, id="one", kind="user/premium_purchase"))
    compared, found = compare(app)
    assert (found, list(compared.place.others)) == ([], ["user/premium_purchase in"])


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


def test_the_function_that_compares_has_no_key_and_needs_none() -> None:
    """It is given the token alone (`GIVEN_SECRETS`): what was ordered is told by the stored order."""
    app, transaction = a_paid_charge()
    told = ordered(app, "unheard")
    foreign = replace(told, id="foreign", payload=told.payload.replace(":100:", ":900:"), amount=900)
    app.stars.listed += [told, back(transaction), foreign]
    with_secrets(app, TELEGRAM_BOT_TOKEN=app.settings.bot_token)
    found = [(each.fault, each.charge_id, each.is_mended) for each in differences(app)]
    assert found == [("missing", "unheard", True), ("refund", transaction.id, True), ("missing", "foreign", False)]
    assert app.store.wallet(ANNA, "XTR").available == xtr(100)
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
def test_a_payment_that_no_invoice_of_ours_asked_for_is_only_reported(change: dict[str, Any]) -> None:
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
    (found,) = differences(app)
    assert (found.fault, found.is_mended) == ("missing", True)
    wallet = app.store.wallet(ANNA, "XTR")
    assert (wallet.available, wallet.owed) == (xtr(250), xtr(0))
    assert_invariants(dump_of(app.store))


@pytest.mark.parametrize("minutes", [0, 2, 15])
def test_a_payment_that_is_given_back_already_is_never_there_to_be_spent(minutes: int) -> None:
    """Also where its refund is too young to be looked at itself."""
    app = make_app()
    join(app, ANNA)
    told = ordered(app, "unheard")
    app.clock.forward(minutes=minutes)
    app.stars.listed = [told, replace(back(told), at=app.now())]
    app.clock.now = told.at + timedelta(minutes=16)
    (found,) = differences(app, app.now())
    assert (found.fault, found.charge_id, found.is_mended) == ("missing", "unheard", True)
    assert app.store.wallet(ANNA, "XTR").available == xtr(0)
    with pytest.raises(InsufficientFunds):
        app.people.subscribe(ANNA, "r", app.now())
    assert app.store.tables.charges["unheard"].state is ChargeState.REFUNDED
    assert differences(app) == []
    assert app.store.wallet(ANNA, "XTR").owed == xtr(0)
    assert_invariants(dump_of(app.store))


def test_a_refund_of_another_amount_takes_nothing_with_the_payment() -> None:
    app = make_app()
    join(app, ANNA)
    told = ordered(app, "unheard")
    app.stars.listed = [told, replace(back(told), amount=60)]
    assert [(found.fault, found.is_mended) for found in differences(app)] == [("missing", True), ("amount", False)]
    assert app.store.wallet(ANNA, "XTR").available == xtr(100)


def test_a_refund_of_another_amount_is_left_to_the_operator() -> None:
    app, transaction = a_paid_charge()
    app.stars.listed = [replace(back(transaction), amount=100)]
    (found,) = differences(app)
    assert (found.fault, found.is_mended) == ("amount", False)
    assert app.store.tables.charges[transaction.id].state is ChargeState.CREDITED
