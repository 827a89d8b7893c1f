"""Stars in and out: invoices, pre-checkout, credit exactly once, refunds."""

from __future__ import annotations

import secrets
from contextlib import suppress
from dataclasses import replace
from datetime import datetime

from starbid.domain import payments
from starbid.domain.errors import Blocked, Invalid, NotRefundable, PaymentRefused, Unsettled
from starbid.domain.events import PaymentCredited, PaymentRefunded, SubscriptionStarted
from starbid.domain.ledger import Transfer
from starbid.domain.money import XTR, Money
from starbid.domain.payments import Charge, ChargeState, Order, Purpose
from starbid.domain.people import extend_subscription, subscription_from_stars
from starbid.domain.wallet import Wallet, WalletChange
from starbid.services.debts import Debts, settlement_told
from starbid.services.people import newcomer
from starbid.services.ports import Refused, StarsGateway, Store, Unit
from starbid.services.retrying import Stale, with_retries
from starbid.services.settings import Business
from starbid.services.sweeping import each

SWEEP_LIMIT = 50


class Paying:
    """Payments in Telegram Stars (spec, section 4, "Stars payments")."""

    def __init__(self, store: Store, gateway: StarsGateway, business: Business, secret: str) -> None:
        self._store, self._gateway, self._business, self._secret = store, gateway, business, secret
        self._debts = Debts(store)

    def order_stars(self, user_id: int, amount: int, now: datetime) -> tuple[Order, str]:
        """An order and the payload of its invoice, for 1 to `max_stars_purchase` Stars; raises Invalid, Blocked."""
        most = self._business.max_stars_purchase
        if not 1 <= amount <= most:
            raise Invalid("amount", "range", least=1, most=most)
        return self._order(Purpose.STARS, user_id, Money(amount, XTR), now)

    def order_subscription(self, user_id: int, now: datetime) -> tuple[Order, str]:
        """A native subscription: Telegram renews it every 30 days. Raises Blocked."""
        return self._order(Purpose.SUBSCRIPTION, user_id, self._business.subscription, now)

    def approve(self, payer_id: int, payload: str, amount: int, currency: str) -> Order:
        """The check before the money moves (pre-checkout). Raises PaymentRefused."""
        order = self._ordered(payer_id, payload, amount, currency)
        person = self._store.person(payer_id)
        if person and person.blocked:
            raise PaymentRefused("blocked")
        return order

    def order_state(self, order_id: str, user_id: int) -> str | None:
        """`open`, `credited`, or None where the person has no such order."""
        return self._store.order_state(order_id, user_id)

    def credit(self, payer_id: int, charge_id: str, payload: str, amount: int, currency: str, now: datetime) -> Charge:
        """Book a successful payment exactly once per charge, whatever arrives twice, and for blocked people too.

        The money is really there, so one that is not as ordered still counts: as Stars of the one who paid.
        """
        if currency != XTR or amount < 1:
            raise PaymentRefused("currency")
        order: Order | None = None
        with suppress(PaymentRefused):
            order = self._ordered(payer_id, payload, amount, currency)
        purpose = order.purpose if order else Purpose.STARS
        charge = Charge(charge_id, payer_id, Money(amount, XTR), purpose, order.id if order else None, now)
        if purpose is Purpose.SUBSCRIPTION:
            return with_retries(lambda _: self._credit_subscription(charge, now))
        return with_retries(lambda _: self._credit_stars(charge, now))

    def refundable(self, user_id: int) -> list[Charge]:
        """The person's charges that the wallet could give back whole, newest first; none while they owe more than is
        available.
        """
        wallet = self._store.wallet(user_id, XTR).settled()
        if wallet.owed:
            return []
        return [c for c in self._store.charges_of(user_id) if _is_refundable(c) and c.amount <= wallet.available]

    def refund(self, user_id: int, charge_id: str, now: datetime) -> Charge:
        """Give a whole charge back, once, while the wallet can bear it.

        Raises NotRefundable, Unsettled, InsufficientFunds, Conflict.
        Booked first and told to Telegram afterwards: a death between the two is mended by `finish_refunds`.
        """

        def attempt(_: int) -> Charge:
            charge = self._store.charge(charge_id)
            if charge is None or charge.user_id != user_id:
                raise NotRefundable
            if charge.state is ChargeState.CREDITED:
                charge = self._begin_refund(charge, now)
            return self._finish_refund(charge, now)

        return with_retries(attempt)

    def finish_refunds(self, now: datetime) -> int:
        """Finish refunds that died half-way; answers how many were looked at.

        Raises an ExceptionGroup after doing what it could. One that Telegram refuses for good is finished too: the
        money is back in the wallet.
        """

        def finish(charge_id: str) -> None:
            charge = self._store.charge(charge_id)
            if charge and charge.state is ChargeState.REFUNDING:
                with suppress(NotRefundable):
                    self._finish_refund(charge, now)

        return len(each("refunds not finished", self._store.due_refunds(now, SWEEP_LIMIT), finish))

    def taken_back(
        self, payer_id: int, charge_id: str, payload: str, amount: int, currency: str, now: datetime
    ) -> Charge:
        """Telegram reports a refund: booked once; what the wallet cannot bear becomes a debt.

        A report that overtook the one of the payment books both.
        """
        self.credit(payer_id, charge_id, payload, amount, currency, now)
        return with_retries(lambda _: self._take_back(charge_id, now))

    def _ordered(self, payer_id: int, payload: str, amount: int, currency: str) -> Order:
        """The order that this payment is for; raises PaymentRefused."""
        order = payments.read_payload(payload, self._secret)
        payments.check_order(order, payer_id, amount, currency)
        return order

    def _order(self, purpose: Purpose, user_id: int, amount: Money, now: datetime) -> tuple[Order, str]:
        person = self._store.person(user_id, consistent=True)
        if person and person.blocked:
            raise Blocked
        order = Order(secrets.token_hex(8), purpose, user_id, amount)
        self._store.add_order(order, now)
        return order, order.payload(self._secret)

    def _credit_stars(self, charge: Charge, now: datetime) -> Charge:
        wallet = self._store.wallet(charge.user_id, XTR, consistent=True)
        settle = payments.settle_debt(charge, wallet)
        unit = self._store.unit()
        unit.add_charge(charge)
        unit.post(payments.credit(charge))
        if settle:
            unit.post(settle)
            unit.change_debt(charge.user_id, charge.amount + settle.change, settle.change)
            unit.emit(settlement_told(settle, replace(wallet, owed=wallet.owed + settle.change)))
        else:
            unit.change_wallet(WalletChange.credit(charge.user_id, charge.amount))
        unit.emit(PaymentCredited(f"credited:{charge.id}", now, charge.user_id, charge.amount, charge.purpose))
        return self._commit_charge(unit, charge)

    def _credit_subscription(self, charge: Charge, now: datetime) -> Charge:
        before = self._store.person(charge.user_id, consistent=True)
        if before is None:
            before = self._store.add_person(newcomer(charge.user_id, "", None, None, now))
        after = extend_subscription(before, now)
        assert after.subscribed_until is not None
        unit = self._store.unit()
        unit.add_charge(charge)
        unit.post(subscription_from_stars(charge.user_id, charge.amount, charge.id, now))
        unit.save_person(before, after)
        unit.emit(SubscriptionStarted(f"subscribed:{charge.id}", now, charge.user_id, after.subscribed_until))
        return self._commit_charge(unit, charge)

    def _commit_charge(self, unit: Unit, charge: Charge) -> Charge:
        try:
            unit.commit()
        except Refused as refused:
            if refused.blames("charge"):
                return self._store.charge(charge.id) or charge
            raise Stale from refused
        return charge

    def _begin_refund(self, charge: Charge, now: datetime) -> Charge:
        if not _is_refundable(charge):
            raise NotRefundable
        wallet = self._debts.settle(charge.user_id, now)
        if wallet.owed:  # whoever comes to owe later has nothing available: the write itself refuses that
            raise Unsettled(wallet.owed)
        refunding = replace(charge, state=ChargeState.REFUNDING, version=charge.version + 1)
        transfer = payments.refund_whole(charge, now)
        try:
            self._move(charge, refunding, transfer)
        except Refused as refused:
            if refused.blames("wallet") and not refused.blames("charge"):
                wallet = refused.current("wallet") or Wallet.empty(charge.user_id, XTR)
                wallet.require(charge.amount)
            raise Stale from refused
        return refunding

    def _finish_refund(self, charge: Charge, now: datetime) -> Charge:
        if charge.state is not ChargeState.REFUNDING:
            raise NotRefundable
        if not self._gateway.refund(charge.user_id, charge.id):
            credited = replace(charge, state=ChargeState.CREDITED, version=charge.version + 1)
            with suppress(Refused):  # somebody else undid it, or Telegram reported it refunded after all
                self._move(charge, credited, payments.undo_refund(charge, now))
            raise NotRefundable
        return self._mark_refunded(charge, now)

    def _mark_refunded(self, charge: Charge, now: datetime) -> Charge:
        refunded = replace(charge, state=ChargeState.REFUNDED, version=charge.version + 1)
        unit = self._store.unit()
        unit.save_charge(charge, refunded)
        unit.emit(PaymentRefunded(f"refunded:{charge.id}", now, charge.user_id, charge.amount, Money.zero(XTR)))
        try:
            unit.commit()
        except Refused:
            return self._store.charge(charge.id) or refunded
        return refunded

    def _move(self, before: Charge, after: Charge, transfer: Transfer) -> None:
        unit = self._store.unit()
        unit.save_charge(before, after)
        unit.post(transfer)
        unit.change_wallet(WalletChange.credit(before.user_id, transfer.change))
        unit.commit()

    def _take_back(self, charge_id: str, now: datetime) -> Charge:
        charge = self._store.charge(charge_id)
        if charge is None:
            raise Stale
        if charge.state is ChargeState.REFUNDED:
            return charge
        if charge.state is ChargeState.REFUNDING:
            return self._mark_refunded(charge, now)
        wallet = self._store.wallet(charge.user_id, XTR, consistent=True)
        transfer = payments.taken_back(charge, wallet, now)
        owed = payments.shortfall(charge, transfer)
        refunded = replace(charge, state=ChargeState.REFUNDED, version=charge.version + 1)
        unit = self._store.unit()
        unit.save_charge(charge, refunded)
        unit.post(transfer)
        if charge.purpose is Purpose.STARS:
            unit.change_debt(charge.user_id, transfer.change, owed)
        unit.emit(PaymentRefunded(f"refunded:{charge.id}", now, charge.user_id, charge.amount, owed))
        try:
            unit.commit()
        except Refused as refused:
            raise Stale from refused
        return refunded


def _is_refundable(charge: Charge) -> bool:
    return charge.state is ChargeState.CREDITED and charge.purpose is Purpose.STARS
