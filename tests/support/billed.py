"""An app that offers bills at providers that one plays."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from starbid.bootstrap import App
from starbid.domain.bills import Bill, BillState, new_bill, order_of
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


def keep_bill(app: App, bill_id: str, user_id: int, provider: Provider, units: int = 500) -> Bill:
    """A bill of this id that waits for its money, without asking a provider."""
    bill = replace(new_bill(bill_id, provider, user_id, rub(units), app.now(), 300), state=BillState.WAITING)
    unit = app.store.unit()
    unit.add_bill(bill, order_of(bill))
    unit.commit()
    return bill


def roubles(app: App, user_id: int = ANNA) -> int:
    """Kopecks that are available."""
    return app.store.wallet(user_id, "RUB", consistent=True).available.amount
