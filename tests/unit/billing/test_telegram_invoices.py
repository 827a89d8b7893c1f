"""The `telegram` provider: an invoice inside Telegram in a fiat currency (spec, section 7, "Providers")."""

from __future__ import annotations

from decimal import Decimal

import pytest

from starbid.billing.telegram_invoices import TelegramInvoices
from starbid.domain.bills import Bill, ProviderStatus, billed_in, new_bill
from starbid.domain.money import Money
from starbid.domain.payments import Provider
from starbid.services.ports import BadCallback, ProviderTrouble
from tests.support.bot_pool import FakeTelegram, bad_request, bot, broken, flood, timeout
from tests.support.factories import ANNA
from tests.support.fake_clock import START

TOKEN = "381764678:TEST:12345"


def bill(currency: str = "RUB") -> Bill:
    return new_bill("0f" * 16, Provider.TELEGRAM, ANNA, Money(50_050, currency), START, 300)


@pytest.fixture
def telegram() -> FakeTelegram:
    return FakeTelegram()


@pytest.fixture
def gateway(telegram: FakeTelegram) -> TelegramInvoices:
    return TelegramInvoices(lambda: bot(telegram), lambda: TOKEN)


@pytest.mark.parametrize("currency", ["RUB", "EUR"])
def test_an_invoice_has_the_provider_the_currency_and_one_price(
    telegram: FakeTelegram, gateway: TelegramInvoices, currency: str
) -> None:
    reported = gateway.create(bill(currency), "Top up")
    (asked,) = telegram.called("createInvoiceLink")
    assert (asked["provider_token"], asked["currency"]) == (TOKEN, currency)
    assert asked["prices"] == [{"label": "Top up", "amount": 50_050}]
    assert "subscription_period" not in asked
    assert reported.pay_url == "https://t.me/$invoice"
    assert (reported.status, reported.value) == (ProviderStatus.WAITING, Decimal("500.50"))
    assert bill(currency).matches(reported)


def test_its_payload_leads_back_to_the_bill(telegram: FakeTelegram, gateway: TelegramInvoices) -> None:
    gateway.create(bill(), "Top up")
    (asked,) = telegram.called("createInvoiceLink")
    assert billed_in(asked["payload"]) == bill().id


@pytest.mark.parametrize("fault", [bad_request("PAYMENT_PROVIDER_INVALID"), flood(3), broken(), timeout()])
def test_without_a_link_nobody_can_pay(telegram: FakeTelegram, gateway: TelegramInvoices, fault: object) -> None:
    """Even where Telegram has made one: nobody knows it."""
    telegram.fail("createInvoiceLink", fault)  # type: ignore[arg-type]
    with pytest.raises(ProviderTrouble) as trouble:
        gateway.create(bill(), "Top up")
    assert not trouble.value.is_open
    assert TOKEN not in str(trouble.value)


def test_there_is_nothing_to_ask_telegram_for(telegram: FakeTelegram, gateway: TelegramInvoices) -> None:
    assert gateway.find(bill()) is None
    gateway.cancel(bill())
    with pytest.raises(BadCallback):
        gateway.read_callback({}, b"{}")
    assert telegram.calls == []
