"""An app that offers bills at providers that one plays."""

from __future__ import annotations

from typing import Any

from starbid.domain.bills import Bill
from starbid.domain.money import Money
from starbid.domain.payments import Provider

from .factories import ANNA, BORIS, join
from .fake_bills import FakeBills
from .fakes import FakeApp, make_app

ENVIRONMENT = {"TOPUP_QIWI_SECRET_KEY": "qiwi-secret", "TOPUP_CRYPTOPAY_TOKEN": "1:pay", "PROVIDER_TOKEN": "1:TEST:x"}
QIWI, CRYPTOPAY, TELEGRAM = Provider.QIWI, Provider.CRYPTOPAY, Provider.TELEGRAM


def rub(units: int) -> Money:
    """So many whole roubles."""
    return Money(units * 100, "RUB")


def make_shop(environment: dict[str, str] | None = None, **parts: Any) -> tuple[FakeApp, FakeBills]:
    """An app with two people and all three providers, of which the two with bills are one and the same fake."""
    bills = FakeBills()
    gateways = dict.fromkeys((QIWI, CRYPTOPAY, TELEGRAM), bills)
    app = make_app(ENVIRONMENT | (environment or {}), **{"bill_gateways": gateways} | parts)
    join(app, ANNA)
    join(app, BORIS)
    return app, bills


def open_bill(app: FakeApp, units: int = 500, user_id: int = ANNA, provider: Provider = QIWI) -> Bill:
    return app.top_ups.open(user_id, rub(units), provider, app.now()).bill


def roubles(app: FakeApp, user_id: int = ANNA) -> int:
    """Kopecks that are available."""
    return app.store.wallet(user_id, "RUB", consistent=True).available.amount
