"""Callbacks of every provider of bills, one suite for all: whatever comes is a report, BadCallback or Unreadable."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest

from starbid.domain.bills import ProviderStatus
from starbid.domain.payments import Provider
from starbid.services.ports import BadCallback, ProviderTrouble, Unreadable
from tests.integration.providers.conftest import Place
from tests.support.provider_faults import Fault


def test_a_callback_reports_the_bill(place: Place) -> None:
    bill = place.made()
    place.server.pay(bill.id)
    headers, body = place.server.callback(bill.id)
    reported = place.gateway.read_callback(headers, body)
    assert (reported.bill_id, reported.status) == (bill.id, ProviderStatus.PAID)
    assert bill.matches(reported)
    assert place.gateway.read_callback(headers, body) == reported, "the same, as often as it comes"


def test_a_callback_may_come_before_the_answer_of_create(place: Place) -> None:
    bill, gateway = place.bill(), place.gateway
    place.server.fail(Fault.SLOW, done=True)
    with pytest.raises(ProviderTrouble):
        gateway.create(bill, "x")
    place.server.pay(bill.id)
    reported = gateway.read_callback(*place.server.callback(bill.id))
    assert bill.matches(reported)
    assert reported.status is ProviderStatus.PAID


def test_callbacks_out_of_order_each_say_what_they_said(place: Place) -> None:
    bill = place.made()
    place.server.pay(bill.id)
    paid = place.server.callback(bill.id)
    place.server.expire(bill.id)
    ended = place.server.callback(bill.id)
    assert place.gateway.read_callback(*ended).status is ProviderStatus.EXPIRED
    assert place.gateway.read_callback(*paid).status is ProviderStatus.PAID


def test_a_status_that_nobody_knows_is_told_as_such(place: Place) -> None:
    reported = place.gateway.read_callback(*place.server.callback(place.made().id, status="ON_HOLD"))
    assert (reported.status, reported.said) == (ProviderStatus.UNKNOWN, "ON_HOLD")


@pytest.mark.parametrize("value", ["500", "500.0", "500.00", 500, 500.0])
def test_an_amount_in_a_callback_is_a_number_or_a_string(place: Place, value: Any) -> None:
    bill = place.made()
    assert bill.matches(place.gateway.read_callback(*place.server.callback(bill.id, value=value)))


@pytest.mark.parametrize("changes", [{"value": "499.99"}, {"value": 50}, {"currency": "USD"}, {"currency": "rub"}])
def test_a_callback_over_something_else_does_not_match(place: Place, changes: dict[str, Any]) -> None:
    bill = place.made()
    assert not bill.matches(place.gateway.read_callback(*place.server.callback(bill.id, **changes)))


def test_a_callback_of_an_unknown_bill_is_read_like_any(place: Place) -> None:
    bill = place.made()
    _, body = place.server.callback(bill.id)
    body = body.replace(bill.id.encode(), b"f" * 32)
    assert place.gateway.read_callback(place.server.signed(body), body).bill_id == "f" * 32


def test_a_signature_of_two_decimals_proves_no_third(place: Place) -> None:
    """QIWI signs an amount with two; another one could be behind them."""
    headers, body = place.server.callback(place.made().id, value="500.001")
    if place.provider is Provider.CRYPTOPAY:  # which signs every byte
        assert place.gateway.read_callback(headers, body).value == Decimal("500.001")
    else:
        with pytest.raises(BadCallback):
            place.gateway.read_callback(headers, body)


FORGED: list[dict[str, str] | None] = [
    None,
    {"": "x"},
    {"": ""},
    {"": "0" * 64},
    {"": "подпись"},
    {"": "\udcff\x00"},
    {"": "a" * 100_000},
]


@pytest.mark.parametrize("forged", FORGED)
def test_a_callback_with_another_signature_is_not_believed(place: Place, forged: dict[str, str] | None) -> None:
    headers, body = place.server.callback(place.made().id)
    (name,) = headers
    given = {} if forged is None else {name: forged[""]}
    with pytest.raises(BadCallback):
        place.gateway.read_callback(given, body)


def test_a_signature_of_another_secret_or_body_is_not_believed(place: Place) -> None:
    bill = place.made()
    place.server.pay(bill.id)
    headers, body = place.server.callback(bill.id)
    _, dearer = place.server.callback(bill.id, value="5000.00")
    with pytest.raises(BadCallback):
        place.gateway.read_callback(headers, dearer)
    with pytest.raises(BadCallback):
        place.gateway.read_callback({name: f"{value},{value}" for name, value in headers.items()}, body)
    place.server.secret = "another"
    with pytest.raises(BadCallback):
        place.gateway.read_callback(place.server.signed(body), body)


HOSTILE = [
    b"",
    b"{",
    b"null",
    b"[]",
    b"5",
    b'"bill"',
    b"\xff\xfe",
    "{}".encode("utf-16"),
    b"\xef\xbb\xbf{}",
    b"{}",
    b"[" * 30_000,
    b'{"a":' * 10_000,
    b'{"bill": null, "payload": null, "update_type": "invoice_paid"}',
    b'{"bill": {}, "payload": {}, "update_type": "invoice_paid"}',
    b'{"bill": [], "payload": [], "update_type": ["invoice_paid"]}',
    b'{"update_type": "invoice_refunded", "payload": {"payload": "x"}}',
    b"9" * 5000,
    b" " * 2_000_000,
    b'{"bill": "' + b"x" * 2_000_000 + b'"}',
]


@pytest.mark.parametrize("body", HOSTILE, ids=range(len(HOSTILE)))
def test_a_body_that_says_nothing_is_refused_though_it_is_signed(place: Place, body: bytes) -> None:
    with pytest.raises((BadCallback, Unreadable)):
        place.gateway.read_callback(place.server.signed(body), body)
    with pytest.raises(BadCallback):
        place.gateway.read_callback({}, body)


VALUES = [
    *("NaN", "Infinity", "-Infinity", "1e9999", "-1e9999", "1e-9999", "1e99999999999999999999", "-5", "-0.0", "true"),
    *('"NaN"', '"Infinity"', '"1e3"', '"-5"', '"5_0"', '" 5"', '"\\u0665"', '"0x5"', '""', '"1,5"', "null", "[]", "{}"),
    *("9" * 16, "9" * 4000, f'"{"9" * 5000}"', '"0.0000000000000001"', '{"a": 1}', '"\\ud800"', '"\\u0000"'),
]


@pytest.mark.parametrize("value", VALUES)
def test_an_amount_in_a_callback_that_is_none_is_refused(place: Place, value: str) -> None:
    _, body = place.server.callback(place.made().id, value="MARK")
    body = body.replace(b'"MARK"', value.encode())
    with pytest.raises((BadCallback, Unreadable)):
        place.gateway.read_callback(place.server.signed(body), body)


@pytest.mark.parametrize("odd", [None, 5, True, "", "x" * 201, ["x"], {"a": 1}, "\ud800"])
@pytest.mark.parametrize("name", ["currency", "status"])
def test_a_field_that_is_no_text_is_refused(place: Place, name: str, odd: Any) -> None:
    _, body = place.server.callback(place.made().id, **{name: odd if odd != "\ud800" else "MARK"})
    body = body.replace(b"MARK", b"\\ud800")
    with pytest.raises((BadCallback, Unreadable)):
        place.gateway.read_callback(_signed(place, body), body)


def test_every_field_of_a_callback_is_missed(place: Place) -> None:
    _, body = place.server.callback(place.made().id)
    told = json.loads(body)
    bill = told["bill"] if "bill" in told else told["payload"]
    needed = {"siteId", "billId", "amount", "status", "fiat", "invoice_id", "payload"}
    for name in needed & set(bill):
        rest = {key: value for key, value in bill.items() if key != name}
        cut = json.dumps({**told, "bill": rest} if "bill" in told else {**told, "payload": rest}).encode()
        with pytest.raises((BadCallback, Unreadable)):
            place.gateway.read_callback(_signed(place, cut), cut)


def _signed(place: Place, body: bytes) -> dict[str, str]:
    try:
        return place.server.signed(body)
    except UnicodeEncodeError:
        return {"x-api-signature-sha256": "0" * 64}
