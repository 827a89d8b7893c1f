"""Spec, section 4, "Stars payments", and the receivable of section 2."""

from dataclasses import replace

import pytest

from starbid.domain import payments
from starbid.domain.ledger import (
    REVENUE,
    Entry,
    TransferKind,
    bought_part,
    receivable_account,
    source_account,
    user_account,
)
from starbid.domain.payment_errors import PaymentRefused
from starbid.domain.payments import Charge, Order, Provider, Purpose
from tests.support.factories import ANNA, BORIS, wallet, xtr
from tests.support.fakes import START

SECRET = "one secret"
STARS = source_account(Provider.STARS)
ORDER = Order("0123456789abcdef", Provider.STARS, Purpose.STARS, ANNA, xtr(250))
CHARGE = Charge("tg-1", Provider.STARS, ANNA, xtr(250), Purpose.STARS, ORDER.id, START)


def test_a_payload_comes_back_as_the_order_it_was() -> None:
    for purpose in Purpose:
        order = replace(ORDER, purpose=purpose)
        assert payments.read_payload(order.payload(SECRET)) == order
        assert payments.is_signed(order, order.payload(SECRET), SECRET)


def test_the_longest_payload_fits_telegrams_128_bytes() -> None:
    order = Order("f" * 16, Provider.STARS, Purpose.SUBSCRIPTION, 2**52, xtr(10**12))
    assert len(order.payload(SECRET).encode()) <= 128


@pytest.mark.parametrize(
    "forged",
    [
        "",
        ":",
        "stars:1:250:x",
        "hello",
        "stars:1:250:0123456789abcdef:",
        "stars:1:250:0123456789abcdef:0000000000000000000",
        "stars:1:250:0123456789abcdef:000000000000000000000",
        "stars:1:250:0123456789abcdef:00000000000000000000\n",
        "stars:01:250:0123456789abcdef:00000000000000000000",
        "stars:1:0:0123456789abcdef:00000000000000000000",
        "stars:1:250:0123456789abcdeg:00000000000000000000",
        "gifts:1:250:0123456789abcdef:00000000000000000000",
        "stars:\u0661:250:0123456789abcdef:00000000000000000000",
        "\N{SNOWMAN}" * 20,
        "\ud800",
        "stars:1:250:0123456789abcdef:\ud800",
        "\x00",
    ],
)
def test_a_payload_that_is_not_ours_is_refused(forged: str) -> None:
    with pytest.raises(PaymentRefused) as refusal:
        payments.read_payload(forged)
    assert refusal.value.reason == "payload"


@pytest.mark.parametrize(
    ("part", "instead"), [("stars", "subscription"), (":1:", ":2:"), (":250:", ":1:"), ("0123", "9999")]
)
def test_a_payload_changed_in_one_place_is_signed_no_more(part: str, instead: str) -> None:
    changed = ORDER.payload(SECRET).replace(part, instead, 1)
    assert not payments.is_signed(payments.read_payload(changed), changed, SECRET)


def test_a_payload_signed_with_another_secret_is_not_signed() -> None:
    assert not payments.is_signed(ORDER, ORDER.payload("another secret"), SECRET)


@pytest.mark.parametrize(
    ("payer", "amount", "currency", "reason"),
    [
        (BORIS, 250, "XTR", "person"),
        (ANNA, 250, "USD", "currency"),
        (ANNA, 249, "XTR", "amount"),
        (ANNA, 251, "XTR", "amount"),
    ],
)
def test_another_person_amount_or_currency_is_refused(payer: int, amount: int, currency: str, reason: str) -> None:
    with pytest.raises(PaymentRefused) as refusal:
        payments.check_order(ORDER, payer, amount, currency)
    assert refusal.value.reason == reason


def test_the_right_payment_passes() -> None:
    payments.check_order(ORDER, ANNA, 250, "XTR")


def test_a_charge_becomes_money_in_the_wallet() -> None:
    transfer = payments.credit(CHARGE)
    assert transfer.entries == (Entry(STARS, xtr(-250)), Entry(user_account(ANNA), xtr(250)))


def test_a_native_subscription_never_passes_the_wallet() -> None:
    transfer = payments.credit(replace(CHARGE, purpose=Purpose.SUBSCRIPTION))
    assert transfer.entries == (Entry(STARS, xtr(-250)), Entry(REVENUE, xtr(250)))
    assert transfer.change == xtr(0)


def test_each_provider_has_an_account_of_its_own() -> None:
    accounts = {source_account(provider) for provider in Provider}
    assert len(accounts) == len(Provider)
    assert payments.credit(CHARGE).entries[0].account == source_account(CHARGE.provider)


def test_a_refund_is_its_mirror_and_undoing_it_restores_the_credit() -> None:
    refund, undone = payments.refund_whole(CHARGE, START), payments.undo_refund(CHARGE, START)
    assert refund.entries == (Entry(user_account(ANNA), xtr(-250)), Entry(STARS, xtr(250)))
    assert (refund.change, undone.change) == (xtr(-250), xtr(250))


def test_a_second_try_to_refund_is_another_transfer() -> None:
    again = replace(CHARGE, version=CHARGE.version + 2)
    assert payments.refund_whole(CHARGE, START).id != payments.refund_whole(again, START).id


def test_a_payment_taken_back_is_borne_by_the_wallet_where_it_can() -> None:
    transfer = payments.taken_back(CHARGE, wallet(available=250), START)
    assert transfer.entries == (Entry(user_account(ANNA), xtr(-250)), Entry(STARS, xtr(250)))
    assert payments.shortfall(CHARGE, transfer) == xtr(0)


@pytest.mark.parametrize("available", [0, 1, 249])
def test_what_the_wallet_cannot_bear_is_owed(available: int) -> None:
    transfer = payments.taken_back(CHARGE, wallet(available=available, held=1_000), START)
    assert transfer.change == xtr(-available)
    assert payments.shortfall(CHARGE, transfer) == xtr(250 - available)
    assert Entry(receivable_account(ANNA), xtr(available - 250)) in transfer.entries


def test_a_subscription_taken_back_comes_out_of_revenue() -> None:
    charge = replace(CHARGE, purpose=Purpose.SUBSCRIPTION)
    transfer = payments.taken_back(charge, wallet(available=0), START, xtr(0))
    assert transfer.entries == (Entry(REVENUE, xtr(-250)), Entry(STARS, xtr(250)))
    assert payments.shortfall(charge, transfer) == xtr(0)


def test_a_pack_never_passes_the_wallet_either() -> None:
    transfer = payments.credit(replace(CHARGE, purpose=Purpose.PACK))
    assert (transfer.kind, transfer.change) == (TransferKind.NATIVE_PACK, xtr(0))
    assert transfer.entries == (Entry(STARS, xtr(-250)), Entry(REVENUE, xtr(250)))


@pytest.mark.parametrize(("available", "borne"), [(0, 0), (99, 99), (100, 100), (101, 100)])
def test_of_a_pack_taken_back_the_person_bears_what_was_used_and_no_more(available: int, borne: int) -> None:
    charge = replace(CHARGE, purpose=Purpose.PACK)
    transfer = payments.taken_back(charge, wallet(available=available), START, xtr(100))
    changes = {entry.account: entry.change for entry in transfer.entries}
    assert changes.get(user_account(ANNA), xtr(0)) == xtr(-borne)
    assert payments.shortfall(charge, transfer) == xtr(100 - borne)
    assert (changes[REVENUE], changes[STARS]) == (xtr(-150), xtr(250))
    assert bought_part(transfer) == xtr(-100)


@pytest.mark.parametrize(("owed", "offset"), [(1, 1), (249, 249), (250, 250), (900, 250)])
def test_a_new_payment_first_settles_the_debt(owed: int, offset: int) -> None:
    transfer = payments.offset_debt(CHARGE, wallet(owed=owed))
    assert transfer is not None
    assert transfer.entries == (
        Entry(user_account(ANNA), xtr(-offset)),
        Entry(receivable_account(ANNA), xtr(offset)),
    )


def test_where_nothing_is_owed_nothing_is_settled() -> None:
    assert payments.offset_debt(CHARGE, wallet(available=10)) is None
