"""Bills of the demo that were paid at a provider, of which the provider itself knows nothing."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from decimal import Decimal
from hashlib import sha256

from starbid.bootstrap import App
from starbid.domain.bills import ProviderStatus, Reported, new_bill, order_of
from starbid.domain.money import CURRENCIES, Money
from starbid.domain.payments import Provider
from starbid.services.ports import ConditionFailed


def pay_bill(market: App, user_id: int, units: int, then: datetime, *, paid: int | None = None) -> None:
    """A bill over so many whole units; `paid`: what was paid in place of them. Safe to repeat."""
    currency = market.settings.business.bills.currency
    amount = Money(units * CURRENCIES[currency].minor_units, currency)
    name = f"demo {user_id}" if paid is None else f"demo {user_id} {paid}"
    bill_id = sha256(name.encode()).hexdigest()[:32]
    bill = new_bill(bill_id, Provider.QIWI, user_id, amount, then, market.settings.business.bills.seconds)
    unit = market.store.unit()
    unit.add_bill(bill, order_of(bill))
    with suppress(ConditionFailed):  # it is there
        unit.commit()
    reported = Reported(bill_id, ProviderStatus.PAID, Decimal(units if paid is None else paid), currency)
    market.settling.settle(bill_id, reported, then)
