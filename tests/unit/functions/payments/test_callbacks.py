"""Callbacks of providers of bills, through the handler: what comes, how often and in which order."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest

from payments.app import lambda_handler
from starbid.domain.bills import Bill, BillState, ProviderStatus, Reported
from starbid.services.billing.settling import Settling
from starbid.services.ports import BadCallback, Contended, Unavailable, Unreadable
from tests.support.billed import CRYPTOPAY, QIWI, make_shop, open_bill, roubles
from tests.support.counted import failures_in
from tests.support.factories import ANNA
from tests.support.fake_bills import reported
from tests.support.fakes import Death, FakeApp
from tests.support.invariants import assert_invariants, dump_of
from tests.support.mortal import Fate, Mortal
from tests.support.records import Context
from tests.support.web import event

PAID, REJECTED = ProviderStatus.PAID, ProviderStatus.REJECTED
PutInPlace = Callable[[FakeApp], FakeApp]


class Shop:
    """An app in the place of the process's, with a bill of ANNA's over 500 roubles, and the provider's side of it.

    A callback is JSON, `{"bill": id, "status": status}`, and signed by its header.
    """

    def __init__(self, put_in_place: PutInPlace) -> None:
        self.app, self.provider = make_shop()
        self.bill = open_bill(self.app)
        self.read: list[bytes] = []
        self.provider.read_callback = self._read  # type: ignore[method-assign]
        put_in_place(self.app)

    def calls(
        self, body: bytes | None = None, *, provider: str = "qiwi", status: str = "paid", signed: str = "yes"
    ) -> dict[str, Any]:
        """The answer to a callback; without a body, to one about the bill."""
        told = json.dumps({"bill": self.bill.id, "status": status}).encode() if body is None else body
        return run(event("POST", f"/payments/callback/{provider}", headers={"Signed": signed}, body=told))

    @property
    def state(self) -> BillState:
        return self.app.store.tables.bills[self.bill.id].state

    def _read(self, headers: Mapping[str, str], body: bytes) -> Reported:
        self.read.append(body)
        if headers.get("signed") != "yes":
            raise BadCallback
        try:
            told = json.loads(body)
            return replace(reported(self.bill, ProviderStatus(told["status"])), bill_id=told["bill"])
        except (ValueError, KeyError, TypeError):
            raise Unreadable from None


@pytest.fixture
def shop(put_in_place: PutInPlace) -> Shop:
    return Shop(put_in_place)


def run(asked: dict[str, Any]) -> dict[str, Any]:
    answer = lambda_handler(asked, Context())
    assert answer is not None
    return answer


def look(bill: Bill) -> None:
    lambda_handler({"job": "bill", "bill": bill.id}, Context())


@pytest.mark.parametrize(("provider", "said"), [(QIWI, {"error": "0"}), (CRYPTOPAY, {})])
def test_a_paid_bill_is_credited_and_the_provider_hears_what_it_wants(
    put_in_place: PutInPlace, provider: Any, said: dict[str, str]
) -> None:
    shop = Shop(put_in_place)
    shop.bill = open_bill(shop.app, provider=provider)
    answer = shop.calls(provider=provider)
    assert (answer["statusCode"], json.loads(answer["body"])) == (200, said)
    assert answer["headers"]["content-type"] == "application/json"
    assert roubles(shop.app) == 50_000
    assert_invariants(dump_of(shop.app.store))


def test_a_callback_that_comes_again_is_taken_again_and_credits_nothing_more(shop: Shop) -> None:
    assert {shop.calls()["statusCode"] for _ in range(3)} == {200}
    assert roubles(shop.app) == 50_000


def test_a_wrong_signature_is_refused_told_and_changes_nothing(shop: Shop, caplog: pytest.LogCaptureFixture) -> None:
    before = dump_of(shop.app.store)
    for signed in ("", "no"):
        assert shop.calls(signed=signed)["statusCode"] == 403
    assert shop.calls(b"", signed="")["statusCode"] == 403
    assert dump_of(shop.app.store) == before
    assert len(failures_in(caplog, "payments")) == 3


@pytest.mark.parametrize("body", [b"", b"{}", b"[]", b"\xff", b'{"bill": 5}', b"null"])
def test_what_says_nothing_is_taken_and_changes_nothing(shop: Shop, body: bytes) -> None:
    before = dump_of(shop.app.store)
    assert shop.calls(body)["statusCode"] == 200
    assert dump_of(shop.app.store) == before


def test_a_bill_of_another_shop_is_not_asked_about_again(shop: Shop) -> None:
    before = dump_of(shop.app.store)
    assert shop.calls(json.dumps({"bill": "0" * 32, "status": "paid"}).encode())["statusCode"] == 200
    assert dump_of(shop.app.store) == before


def test_a_bill_is_only_heard_of_from_its_own_provider(shop: Shop) -> None:
    assert shop.calls(provider="cryptopay")["statusCode"] == 200
    assert shop.state is BillState.WAITING


@pytest.mark.parametrize("provider", ["stars", "telegram", "paypal", "", "qiwi/x", "QIWI", "x" * 3000])
def test_a_provider_that_is_not_on_offer_is_not_there(shop: Shop, provider: str) -> None:
    assert shop.calls(provider=provider)["statusCode"] == 404
    assert not shop.read


def test_a_body_of_two_megabytes_is_not_even_read(shop: Shop) -> None:
    assert shop.calls(b"x" * 2_000_000)["statusCode"] == 413
    assert shop.calls(b"x" * (64 * 1024 + 1))["statusCode"] == 413
    assert not shop.read
    assert (
        shop.calls(b" " * 64_000 + json.dumps({"bill": shop.bill.id, "status": "paid"}).encode())["statusCode"] == 200
    )
    assert roubles(shop.app) == 50_000


@pytest.mark.parametrize("is_base64", [True, False])
def test_a_body_counts_however_the_gateway_wraps_it(shop: Shop, is_base64: bool) -> None:
    asked = event("POST", "/payments/callback/qiwi", headers={"SIGNED": "yes"}, body=b"")
    body = json.dumps({"bill": shop.bill.id, "status": "paid"})
    if is_base64:
        asked = event("POST", "/payments/callback/qiwi", headers={"SIGNED": "yes"}, body=body.encode())
    else:
        asked |= {"body": body, "isBase64Encoded": False}
    assert run(asked)["statusCode"] == 200
    assert shop.state is BillState.PAID


def test_a_body_that_is_no_base64_is_no_callback(shop: Shop) -> None:
    asked = event("POST", "/payments/callback/qiwi", headers={"signed": "yes"}) | {"body": "no base64"}
    assert run(asked)["statusCode"] == 413
    assert run(asked | {"headers": None, "body": None})["statusCode"] == 403


def test_twenty_callbacks_at_once_with_the_poll_credit_once(shop: Shop) -> None:
    shop.provider.say(shop.bill.id, PAID)

    def hear(number: int) -> int:
        if number % 2:
            look(shop.bill)
            return 200
        return int(shop.calls()["statusCode"])

    with ThreadPoolExecutor(8) as threads:
        statuses = set(threads.map(hear, range(40)))
    assert statuses <= {200, 503}
    assert shop.calls()["statusCode"] == 200
    assert roubles(shop.app) == 50_000
    assert_invariants(dump_of(shop.app.store))


def test_paid_and_then_rejected_stays_paid(shop: Shop) -> None:
    shop.calls()
    assert shop.calls(status="rejected")["statusCode"] == 200
    assert (shop.state, roubles(shop.app)) == (BillState.PAID, 50_000)


def test_rejected_and_then_paid_is_paid(shop: Shop) -> None:
    shop.calls(status="rejected")
    assert shop.state is BillState.REJECTED
    assert shop.calls()["statusCode"] == 200
    assert (shop.state, roubles(shop.app)) == (BillState.PAID, 50_000)


@pytest.mark.parametrize("trouble", [Contended(), Unavailable()])
def test_a_store_that_cannot_take_it_has_the_provider_send_it_again(shop: Shop, trouble: Exception) -> None:
    shop.app.store.fail_next(trouble, times=1000)
    assert shop.calls()["statusCode"] == 503
    shop.app.store.heal()
    assert shop.calls()["statusCode"] == 200
    assert roubles(shop.app) == 50_000


def test_another_amount_is_logged_for_an_operator(shop: Shop, caplog: pytest.LogCaptureFixture) -> None:
    shop.bill = replace(shop.bill, amount=replace(shop.bill.amount, amount=49_900))  # what the provider tells of it
    assert shop.calls()["statusCode"] == 200
    assert (shop.state, roubles(shop.app)) == (BillState.DIFFERENT, 0)
    (told,) = [record for record in caplog.records if record.levelno >= logging.ERROR]
    assert told.message == "a bill was paid otherwise than asked for"
    assert told.__dict__["bill"] == shop.bill.id


def test_a_function_killed_between_any_two_calls_leaves_it_to_the_next_callback(put_in_place: PutInPlace) -> None:
    moment = 0
    while True:
        shop = Shop(put_in_place)
        fate = Fate(moment)
        store, scheduler = Mortal(shop.app.store, fate), Mortal(shop.app.scheduler, fate)
        gateways = {QIWI: shop.provider}
        shop.app.__dict__["settling"] = Settling(store, gateways, scheduler, lambda *_: None)
        try:
            shop.calls()
        except Death:
            fate.revive()
            assert shop.calls()["statusCode"] == 200
        assert (shop.state, roubles(shop.app)) == (BillState.PAID, 50_000), fate.last
        assert [notice.kind for notice in shop.app.run_streams() if notice.user_id == ANNA] == ["credited"]
        assert_invariants(dump_of(shop.app.store))
        if not fate.was_met:
            break
        moment += 1
    assert moment > 5
