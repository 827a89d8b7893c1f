"""Crypto Pay finds an invoice by its own number only: after an unknown outcome its list is paged through."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from starbid.billing import cryptopay
from starbid.billing.cryptopay import MOST_PAGES, OVERLAP, PAGE, CryptoPayBills
from starbid.domain.bills import Bill, ProviderStatus, new_bill
from starbid.domain.money import Money
from starbid.domain.payments import Provider
from starbid.services.ports import ProviderTrouble, Unreadable
from tests.integration.providers.conftest import PERSON
from tests.support.fake_clock import FakeClock
from tests.support.provider_server import CryptoPayServer, Kept

Crypto = tuple[CryptoPayServer, CryptoPayBills, FakeClock]


def bill_of(clock: FakeClock) -> Bill:
    return new_bill("b" * 32, Provider.CRYPTOPAY, PERSON, Money(50_000, "RUB"), clock.now, 300)


def fill(server: CryptoPayServer, number: int, at: datetime, bill_id: str = "another") -> None:
    for _ in range(number):
        kept = Kept(bill_id, 1000 + len(server.bills), "500.00", "RUB", "active", made_at=at.isoformat())
        server.bills.append(kept)


@pytest.mark.parametrize("newest_first", [True, False])
@pytest.mark.parametrize("others", [0, 1, PAGE - 1, PAGE, PAGE + 1, 3 * PAGE])
def test_ours_is_found_among_others_of_this_day(crypto: Crypto, newest_first: bool, others: int) -> None:
    server, gateway, clock = crypto
    server.newest_first = newest_first
    fill(server, 1, clock.now, bill_of(clock).id)
    fill(server, others, clock.now)
    found = gateway.find(bill_of(clock))
    assert found is not None
    assert found.ref == "1000"
    server.bills.pop(0)
    assert gateway.find(bill_of(clock)) is None


def test_invoices_from_long_before_are_not_looked_through(crypto: Crypto) -> None:
    server, gateway, clock = crypto
    fill(server, 5 * PAGE, clock.now - timedelta(days=1))
    assert gateway.find(bill_of(clock)) is None
    assert len(server.seen) == 1
    server.newest_first = False
    assert gateway.find(bill_of(clock)) is None
    assert len(server.seen) > 5, "a list in another order is read to its end"


@pytest.mark.parametrize("made_at", ["", "yesterday", "2020-01-01T00:00:00"])
def test_where_the_times_say_nothing_the_list_is_read_to_its_end(crypto: Crypto, made_at: str) -> None:
    server, gateway, clock = crypto
    fill(server, 1, clock.now, bill_of(clock).id)
    fill(server, 2 * PAGE, clock.now)
    for kept in server.bills:
        kept.made_at = made_at
    assert gateway.find(bill_of(clock)) is not None


def test_a_list_without_an_end_is_no_answer(crypto: Crypto) -> None:
    server, gateway, clock = crypto
    fill(server, MOST_PAGES * PAGE, clock.now)
    with pytest.raises(ProviderTrouble) as trouble:
        gateway.find(bill_of(clock))
    assert trouble.value.is_open
    assert len(server.seen) == MOST_PAGES


def test_nobody_looks_for_long(crypto: Crypto, monkeypatch: pytest.MonkeyPatch) -> None:
    server, gateway, clock = crypto
    fill(server, 3 * PAGE, clock.now)
    monkeypatch.setattr(cryptopay, "LONGEST_LOOK", 0)
    with pytest.raises(ProviderTrouble) as trouble:
        gateway.find(bill_of(clock))
    assert trouble.value.is_open
    assert len(server.seen) == 1


def test_a_list_that_knows_no_pages_is_read_once(crypto: Crypto, monkeypatch: pytest.MonkeyPatch) -> None:
    server, gateway, clock = crypto
    fill(server, 2 * PAGE, clock.now)
    monkeypatch.setattr(server, "_listed", lambda _query: server.bills)
    assert gateway.find(bill_of(clock)) is None
    assert len(server.seen) == 2


def test_an_invoice_that_goes_meanwhile_hides_no_other(crypto: Crypto, monkeypatch: pytest.MonkeyPatch) -> None:
    server, gateway, clock = crypto
    fill(server, 1, clock.now, bill_of(clock).id)
    fill(server, PAGE, clock.now)
    listed = server._listed

    def _listed(query: Any) -> list[Kept]:
        page = listed(query)
        del server.bills[-OVERLAP:]
        return page

    monkeypatch.setattr(server, "_listed", _listed)
    assert gateway.find(bill_of(clock)) is not None


def test_of_two_that_were_made_the_paid_one_counts(crypto: Crypto) -> None:
    server, gateway, clock = crypto
    fill(server, 3, clock.now, bill_of(clock).id)
    server.bills[1].status = "paid"
    found = gateway.find(bill_of(clock))
    assert found is not None
    assert (found.status, found.ref) == (ProviderStatus.PAID, "1001")


def test_a_list_may_be_bare(crypto: Crypto, monkeypatch: pytest.MonkeyPatch) -> None:
    """Crypto Pay's has `items`; the spec says no more than `result`."""
    server, gateway, clock = crypto
    fill(server, 1, clock.now, bill_of(clock).id)
    bare = {"ok": True, "result": [server.shown(server.bills[0])]}
    monkeypatch.setattr(server, "answer", lambda *_: (200, bare))
    for bill in (bill_of(clock), replace(bill_of(clock), ref="1000")):
        assert gateway.find(bill) is not None
    assert gateway.find(replace(bill_of(clock), ref="1001")) is None


def test_what_was_paid_in_crypto_is_not_looked_at(crypto: Crypto) -> None:
    server, gateway, clock = crypto
    gateway.create(bill_of(clock), "x")
    server.pay(bill_of(clock).id)
    assert server.shown(server.bills[0])["paid_amount"] == "5.51"
    found = gateway.find(bill_of(clock))
    assert found is not None
    assert bill_of(clock).matches(found)


@pytest.mark.parametrize(("passed", "left"), [(0, 300), (0.4, 300), (1, 299), (299.5, 1), (300, 1), (5000, 1)])
def test_an_invoice_made_late_ends_with_its_bill(crypto: Crypto, passed: float, left: int) -> None:
    server, gateway, clock = crypto
    bill = bill_of(clock)
    clock.forward(seconds=passed)
    gateway.create(bill, "x")
    assert server.bills[0].asked["expires_in"] == left


@pytest.mark.parametrize(
    ("status", "body", "is_open"),
    [
        (200, {"ok": False, "error": {"code": 400, "name": "AMOUNT_INVALID"}}, False),
        (200, {"ok": False, "error": {"code": 429, "name": "TOO_MANY"}}, True),
        (200, {"ok": False, "error": {"code": 500, "name": "INTERNAL"}}, True),
        (200, {"ok": False, "error": {"code": "400"}}, True),
        (200, {"ok": False, "error": "x"}, True),
        (200, {"ok": False}, True),
        (200, {"ok": "true", "result": {}}, True),
        (200, {"ok": True}, True),
        (400, {"ok": False, "error": {"code": 400, "name": "AMOUNT_INVALID"}}, False),
        (400, {"ok": False, "error": {"code": 400, "name": "a secret: x"}}, False),
        (500, {"ok": False, "error": {"code": 500, "name": "INTERNAL"}}, True),
    ],
)
def test_a_no_says_whether_it_is_final(
    crypto: Crypto, monkeypatch: pytest.MonkeyPatch, status: int, body: dict[str, Any], is_open: bool
) -> None:
    server, gateway, clock = crypto
    monkeypatch.setattr(server, "answer", lambda *_: (status, body))
    with pytest.raises(ProviderTrouble) as trouble:
        gateway.create(bill_of(clock), "x")
    assert trouble.value.is_open is is_open
    assert "secret" not in str(trouble.value)
    if "AMOUNT_INVALID" in str(body):
        assert "AMOUNT_INVALID" in str(trouble.value)


def test_another_kind_of_update_is_no_payment(crypto: Crypto) -> None:
    server, gateway, clock = crypto
    gateway.create(bill_of(clock), "x")
    server.pay(bill_of(clock).id)
    _, body = server.callback(bill_of(clock).id)
    other = body.replace(b"invoice_paid", b"invoice_seen")
    with pytest.raises(Unreadable):
        gateway.read_callback(server.signed(other), other)
