"""Top-ups that Telegram collects itself: an invoice inside it, approved before it is paid, told once it is paid."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from starbid.domain import bills, payments
from starbid.domain.bills import Bill, BillState, ProviderStatus, Reported
from starbid.domain.money import CURRENCIES, Money
from starbid.domain.payment_errors import PaymentRefused
from starbid.domain.payments import Charge, Provider
from starbid.services.billing.settling import Settling
from starbid.services.ports import Store


class TelegramTopUps:
    """What Telegram asks and tells about the invoices of bills (spec, section 7, `telegram`)."""

    def __init__(self, store: Store, settling: Settling) -> None:
        self._store, self._settling = store, settling

    def approve(self, payer_id: int, payload: str, amount: int, currency: str, now: datetime) -> Bill:
        """The check before the money moves (pre-checkout). Raises PaymentRefused, also for a bill that is over."""
        bill = self._bill_of(payload)
        payments.check_order(bills.order_of(bill), payer_id, amount, currency)
        if not bill.is_open or bill.is_over(now):
            raise PaymentRefused("expired")
        person = self._store.person(payer_id)
        if person and person.blocked:
            raise PaymentRefused("blocked")
        return bill

    def credit(
        self, payer_id: int, charge_id: str, payload: str, amount: int, currency: str, now: datetime
    ) -> Charge | None:
        """Book a payment exactly once per charge: the money is really there, so it counts for the one who paid, also
        late, or a second time. One that is not as billed counts for nobody, and an operator decides: None then.

        Raises PaymentRefused for a payload that is of no bill, or of one that was settled before otherwise; Conflict.
        """
        bill = self._bill_of(payload)
        paid = Money(amount, currency) if currency in CURRENCIES else None
        if paid != bill.amount:
            differing = self._settling.settle(bill.id, _reported(bill, amount, currency), now)
            if differing.state is not BillState.DIFFERENT:
                raise PaymentRefused("amount")
            return None
        charge = replace(bills.charge_of(bill, bill.amount, now), id=charge_id, user_id=payer_id)
        return self._settling.credit(bill.id, charge, now)

    def _bill_of(self, payload: str) -> Bill:
        """Raises PaymentRefused."""
        bill = self._store.bill(bills.billed_in(payload))
        if bill is None or bill.provider is not Provider.TELEGRAM:
            raise PaymentRefused("payload")
        return bill


def _reported(bill: Bill, amount: int, currency: str) -> Reported:
    """`amount` is in the smallest units of the currency; hundredths where we do not know it."""
    units = CURRENCIES[currency].minor_units if currency in CURRENCIES else 100
    return Reported(bill.id, ProviderStatus.PAID, Decimal(amount) / units, currency)
