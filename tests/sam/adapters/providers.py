"""Providers of bills: each call of theirs, and a callback; servers in this process play them."""

from __future__ import annotations

from dataclasses import replace

from starbid.billing.cryptopay import CryptoPayBills
from starbid.billing.qiwi import QiwiBills
from starbid.billing.telegram_invoices import TelegramInvoices
from starbid.domain.bills import Bill, ProviderStatus, new_bill
from starbid.domain.money import Money
from starbid.domain.payments import Provider
from starbid.services.ports import BadCallback, BillGateway
from tests.support.factories import ANNA
from tests.support.provider_server import CryptoPayServer, ProviderServer, QiwiServer

from .day import Day

SECRET = "a-secret-of-the-provider"


def bills_are_made_at_qiwi(day: Day) -> None:
    server = QiwiServer(SECRET)
    _a_bill_is_made_paid_and_called_back(day, Provider.QIWI, server, QiwiBills(lambda: SECRET, server.url))


def bills_are_made_at_crypto_pay(day: Day) -> None:
    server = CryptoPayServer(SECRET)
    gateway = CryptoPayBills(lambda: SECRET, server.url, lambda: day.clock.now)
    _a_bill_is_made_paid_and_called_back(day, Provider.CRYPTOPAY, server, gateway)


def bills_are_invoices_in_telegram(day: Day) -> None:
    gateway, bill = TelegramInvoices(lambda: day.app.bot, lambda: "1:TEST:2"), _bill(day, Provider.TELEGRAM)
    assert gateway.create(bill, "Top up").pay_url.startswith("https://t.me/")
    assert gateway.find(bill) is None
    gateway.cancel(bill)
    try:
        gateway.read_callback({}, b"{}")
    except BadCallback:
        return
    raise AssertionError("Telegram calls nobody back")


def _a_bill_is_made_paid_and_called_back(
    day: Day, provider: Provider, server: ProviderServer, gateway: BillGateway
) -> None:
    bill = _bill(day, provider)
    made = gateway.create(bill, "Top up")
    assert bill.matches(made)
    server.pay(bill.id)
    for known in (bill, replace(bill, ref=made.ref)):
        found = gateway.find(known)
        assert found is not None
        assert found.status is ProviderStatus.PAID
        gateway.cancel(known)
    assert gateway.read_callback(*server.callback(bill.id)).status is ProviderStatus.PAID
    server.stop()


def _bill(day: Day, provider: Provider) -> Bill:
    return new_bill("c" * 32, provider, ANNA, Money(50_000, "RUB"), day.clock.now, 300)


SCENES = (bills_are_made_at_qiwi, bills_are_made_at_crypto_pay, bills_are_invoices_in_telegram)
