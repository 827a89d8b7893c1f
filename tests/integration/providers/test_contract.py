"""The contract of a provider of bills that has an address of its own (spec, section 7, "Providers"): one for all.

What a call did is told by the server; a failure says whether it may have been carried out.
"""

from __future__ import annotations

import socket
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from starbid.domain.bills import ProviderStatus
from starbid.domain.payments import Provider
from starbid.services.ports import ProviderTrouble
from tests.integration.providers.conftest import PERSON, SECRET, Place, status_of
from tests.support.provider_faults import NOT_DONE, OPEN, Fault


def test_a_bill_is_made_as_it_was_asked_for(place: Place) -> None:
    bill = place.bill(amount=50_050)
    reported = place.gateway.create(bill, "Top up Starbid")
    assert (reported.bill_id, reported.status) == (bill.id, ProviderStatus.WAITING)
    assert (reported.value, reported.currency) == (Decimal("500.50"), "RUB")
    assert reported.pay_url.startswith("https://")
    assert bill.matches(reported)
    asked = place.server.of(bill.id).asked
    if place.provider is Provider.QIWI:
        assert asked == {
            "amount": {"currency": "RUB", "value": "500.50"},
            "comment": "Top up Starbid",
            "expirationDateTime": "2026-05-01T12:05:00+00:00",
            "customer": {"account": str(PERSON)},
        }
    else:
        assert asked == {
            "currency_type": "fiat",
            "fiat": "RUB",
            "amount": "500.50",
            "payload": bill.id,
            "description": "Top up Starbid",
            "expires_in": 300,
        }


@pytest.mark.parametrize(
    ("amount", "written"),
    [(1, "0.01"), (1_000, "10.00"), (1_010, "10.10"), (10_000_000, "100000.00"), (10**9, "1" + "0" * 7 + ".00")],
)
def test_an_amount_has_two_decimals_always(place: Place, amount: int, written: str) -> None:
    bill = place.bill(amount=amount)
    assert bill.matches(place.gateway.create(bill, "x"))
    assert place.server.of(bill.id).value == written


def test_long_words_on_a_bill_are_cut(place: Place) -> None:
    place.gateway.create(place.bill(), "я" * 5000)
    asked = place.server.of(place.bill().id).asked
    assert len(asked.get("comment", "")) <= 255
    assert len(asked.get("description", "")) <= 1024


def test_a_bill_that_was_never_made_is_not_found(place: Place) -> None:
    place.made(1)
    assert place.gateway.find(place.bill(2)) is None


@pytest.mark.parametrize("is_known", [True, False])
def test_a_bill_is_found_by_the_providers_id_and_by_ours(place: Place, is_known: bool) -> None:
    for number in (1, 2, 3):
        place.made(number)
    bill = replace(place.made(4), ref="") if not is_known else place.made(4)
    found = place.gateway.find(bill)
    assert found is not None
    assert (found.bill_id, found.status, found.value) == (bill.id, ProviderStatus.WAITING, Decimal("500.00"))
    assert found.pay_url.startswith("https://")


def test_what_happens_to_a_bill_is_told(place: Place) -> None:
    bill, gateway = place.made(), place.gateway
    place.server.pay(bill.id)
    assert status_of(gateway, bill) is ProviderStatus.PAID
    place.server.expire(bill.id)
    assert status_of(gateway, bill) is ProviderStatus.EXPIRED
    place.server.of(bill.id).status = "ON_HOLD"
    found = gateway.find(bill)
    assert found is not None
    assert (found.status, found.said) == (ProviderStatus.UNKNOWN, "ON_HOLD")


@pytest.mark.parametrize(("value", "currency"), [("499.99", "RUB"), ("500.01", "RUB"), ("500.00", "USD"), (5, "RUB")])
def test_another_amount_or_currency_is_reported_as_it_is(place: Place, value: Any, currency: str) -> None:
    bill = place.made()
    place.server.pay(bill.id)
    kept = place.server.of(bill.id)
    kept.value, kept.currency = value, currency
    found = place.gateway.find(bill)
    assert found is not None
    assert (found.status, found.value, found.currency) == (ProviderStatus.PAID, Decimal(str(value)), currency)
    assert not bill.matches(found)


@pytest.mark.parametrize("value", ["500", "500.0", "500.00", 500, 500.0, "500.000"])
def test_amounts_are_compared_as_numbers(place: Place, value: Any) -> None:
    bill = place.made()
    place.server.of(bill.id).value = value
    found = place.gateway.find(bill)
    assert found is not None
    assert bill.matches(found)


NO_AMOUNTS: tuple[Any, ...] = (
    *("NaN", "-5", "1e3", "5_00", " 500", "٥٠٠", "", "9" * 16, "1." + "0" * 16),
    *(None, True, [], {}, float("nan"), float("inf"), -1),
)


@pytest.mark.parametrize("value", NO_AMOUNTS, ids=repr)
def test_an_amount_that_is_none_makes_an_answer_unreadable(place: Place, value: Any) -> None:
    bill = place.made()
    place.server.of(bill.id).value = value
    with pytest.raises(ProviderTrouble) as trouble:
        place.gateway.find(bill)
    assert trouble.value.is_open


@pytest.mark.parametrize("is_done", [True, False])
@pytest.mark.parametrize("fault", OPEN)
def test_after_an_unknown_outcome_the_bill_is_looked_for_and_made_once(
    place: Place, fault: Fault, is_done: bool
) -> None:
    bill, gateway = place.bill(), place.gateway
    place.server.fail(fault, done=is_done)
    with pytest.raises(ProviderTrouble) as trouble:
        gateway.create(bill, "Top up")
    assert trouble.value.is_open
    found = gateway.find(bill)
    assert (found is not None) == is_done
    reported = found or gateway.create(bill, "Top up")
    assert bill.matches(reported)
    assert reported.pay_url
    assert [kept.id for kept in place.server.bills] == [bill.id]


@pytest.mark.parametrize("fault", NOT_DONE)
def test_what_is_refused_was_not_carried_out(place: Place, fault: Fault) -> None:
    place.server.fail(fault, done=False)
    with pytest.raises(ProviderTrouble) as trouble:
        place.gateway.create(place.bill(), "Top up")
    assert not trouble.value.is_open
    assert fault in str(trouble.value)
    assert place.server.bills == []


@pytest.mark.parametrize("fault", [*OPEN, *NOT_DONE])
def test_a_look_that_fails_says_nothing_about_the_bill(place: Place, fault: Fault) -> None:
    bill = place.made()
    place.server.pay(bill.id)
    place.server.fail(fault, done=True)
    with pytest.raises(ProviderTrouble):
        place.gateway.find(bill)
    assert status_of(place.gateway, bill) is ProviderStatus.PAID


def test_an_answer_about_another_bill_is_none_about_this(place: Place) -> None:
    bill = place.bill()
    place.server.fail(Fault.OTHER_BILL, done=True)
    with pytest.raises(ProviderTrouble) as trouble:
        place.gateway.create(bill, "Top up")
    assert trouble.value.is_open
    bill = place.made(2)
    place.server.fail(Fault.OTHER_BILL, done=True)
    with pytest.raises(ProviderTrouble):
        place.gateway.find(bill)


ADDRESSES = (None, "", 5, "javascript:alert(1)", "/pay", "https://a b", f"https://x/{'y' * 2048}")


@pytest.mark.parametrize("address", ADDRESSES, ids=range(len(ADDRESSES)))
def test_a_bill_that_nobody_can_open_is_no_answer(
    place: Place, monkeypatch: pytest.MonkeyPatch, address: object
) -> None:
    shown, name = place.server.shown, "payUrl" if place.provider is Provider.QIWI else "bot_invoice_url"
    monkeypatch.setattr(place.server, "shown", lambda kept: {**shown(kept), name: address})
    with pytest.raises(ProviderTrouble) as trouble:
        place.gateway.create(place.bill(), "x")
    assert trouble.value.is_open


def test_a_provider_that_is_not_there_has_done_nothing(place: Place) -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        gateway = place.at(f"http://127.0.0.1:{nobody.getsockname()[1]}")
        asks: tuple[Callable[[], object], ...] = (
            lambda: gateway.create(place.bill(), "x"),
            lambda: gateway.find(place.made()),
            lambda: gateway.cancel(place.made(2)),
        )
        for ask in asks:
            with pytest.raises(ProviderTrouble, match="no connection") as trouble:
                ask()
            assert not trouble.value.is_open


@pytest.mark.parametrize("fault", [Fault.SLOW, Fault.DRIP])
def test_nobody_waits_longer_than_the_time_out(place: Place, fault: Fault) -> None:
    place.server.fail(fault, done=True)
    began = time.monotonic()
    with pytest.raises(ProviderTrouble, match="no answer in time"):
        place.gateway.create(place.bill(), "x")
    assert time.monotonic() - began < 10 * place.server.slow_seconds, "one that drips goes on for twice that"


def test_an_endless_answer_is_given_up(place: Place) -> None:
    place.server.fail(Fault.ENDLESS, done=True)
    with pytest.raises(ProviderTrouble, match="too long"):
        place.gateway.create(place.bill(), "x")


@pytest.mark.parametrize("fault", [*OPEN, *NOT_DONE])
def test_a_call_is_made_once_and_nobody_is_followed(place: Place, fault: Fault) -> None:
    place.server.fail(fault, done=False)
    with pytest.raises(ProviderTrouble):
        place.gateway.create(place.bill(), "x")
    assert len(place.server.seen) == 1


@pytest.mark.parametrize("fault", [*OPEN, *NOT_DONE])
def test_a_failure_shows_no_secret_and_nothing_of_the_person(
    place: Place, fault: Fault, caplog: pytest.LogCaptureFixture
) -> None:
    bill = place.bill()
    place.server.fail(fault, done=False)
    with pytest.raises(ProviderTrouble) as trouble:
        place.gateway.create(bill, "Words for Anna")
    shown = f"{trouble.value!r} {trouble.value.__cause__!r}"
    assert not any(word in shown for word in (SECRET, "Anna", "words of theirs", str(PERSON)))
    assert bill.id not in str(trouble.value)
    assert SECRET not in caplog.text


def test_a_secret_travels_in_a_header_alone(place: Place) -> None:
    bill = place.made()
    place.gateway.find(bill)
    place.gateway.cancel(bill)
    for _, path, headers in place.server.seen:
        assert SECRET not in path
        assert any(SECRET in value for value in headers.values())


def test_another_secret_is_refused(place: Place) -> None:
    place.server.secret = "another"
    with pytest.raises(ProviderTrouble, match="HTTP 401") as trouble:
        place.gateway.create(place.bill(), "x")
    assert not trouble.value.is_open
    for ask in (place.gateway.find, place.gateway.cancel):
        with pytest.raises(ProviderTrouble):
            ask(replace(place.bill(), ref="1000"))


def test_many_ask_at_once_and_each_gets_their_own(place: Place) -> None:
    gateway = place.gateway
    with ThreadPoolExecutor(20) as pool:
        made = list(pool.map(lambda number: gateway.create(place.bill(number), "x"), range(20)))
    assert [reported.bill_id for reported in made] == [place.bill(number).id for number in range(20)]
    assert len(place.server.bills) == 20
