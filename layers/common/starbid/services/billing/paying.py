"""Payments in: invoices, pre-checkout, credit exactly once, renewals. `refunding` gives them back."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime

from starbid.domain import payments
from starbid.domain.errors import Blocked, Invalid
from starbid.domain.events import RenewalChanged, SubscriptionStarted
from starbid.domain.money import XTR, Money, stars
from starbid.domain.payment_errors import PaymentRefused
from starbid.domain.payments import Charge, ChargeState, Order, Provider, Purpose
from starbid.domain.people import extend_subscription, told_of_ending
from starbid.domain.renewals import RenewalState, reported, shown, state_of, without_failed
from starbid.domain.unfinished import Act, Unfinished
from starbid.services.billing.crediting import put_into_wallet
from starbid.services.billing.pack_payments import PackPayments
from starbid.services.people import newcomer
from starbid.services.ports import ConditionFailed, Store, Unit
from starbid.services.retrying import Stale, committed, with_retries
from starbid.services.settings import Business


class Paying:
    """Payments in Telegram Stars (spec, section 4, "Stars payments").

    `secret` gives the key that payloads are signed with; None in a function that is not given it, where the stored
    order alone tells what a payload stands for.
    """

    def __init__(self, store: Store, business: Business, packs: PackPayments, secret: Callable[[], str | None]) -> None:
        self._store, self._business, self._packs, self._secret = store, business, packs, secret

    def order_stars(self, user_id: int, amount: int, now: datetime, act: Act | None = None) -> tuple[Order, str]:
        """An order and the payload of its invoice, for 1 to `max_stars_purchase` Stars; raises Invalid, Blocked.

        `act`: what the person is about to do with the money; `finishing` does it once it is there.
        """
        most = self._business.max_stars_purchase
        if not 1 <= amount <= most:
            raise Invalid("amount", "range", least=1, most=most)
        return self._order(Purpose.STARS, user_id, stars(amount), now, act)

    def order_subscription(self, user_id: int, now: datetime) -> tuple[Order, str]:
        """A native subscription: Telegram renews it every 30 days. Raises Blocked."""
        return self._order(Purpose.SUBSCRIPTION, user_id, self._business.subscription, now)

    def order_pack(self, user_id: int, number: int, now: datetime) -> tuple[Order, str]:
        """A pack of `number` credits, by an invoice. Raises Invalid, Blocked, TooManyPacks."""
        offer = self._packs.offer_of(user_id, number)
        return self._order(Purpose.PACK, user_id, offer.price, now, number=number)

    def approve(self, payer_id: int, payload: str, amount: int, currency: str) -> Order:
        """The check before the money moves (pre-checkout). Raises PaymentRefused."""
        order = self._ordered(payer_id, payload, amount, currency)
        person = self._store.person(payer_id)
        if person and person.blocked:
            raise PaymentRefused("blocked")
        if order.purpose is Purpose.PACK and self._store.first_charge(order.id):
            raise PaymentRefused("paid")
        return order

    def order_of(self, order_id: str, user_id: int) -> Order | None:
        """The person's order, with the act that waits for it; None where they have no such order."""
        order = self._store.order(order_id)
        return order if order and order.user_id == user_id else None

    def act_of(self, order_id: str, user_id: int) -> Act | None:
        """What waits for the money of the person's order; None where nothing does, or they have no such order."""
        order = self.order_of(order_id, user_id)
        return order.unfinished.act if order and order.unfinished else None

    def order_state(self, order_id: str, user_id: int) -> str | None:
        """`open`, `credited`, or None where the person has no such order."""
        return self._store.order_state(order_id, user_id)

    def credit(
        self,
        payer_id: int,
        charge_id: str,
        payload: str,
        amount: int,
        currency: str,
        now: datetime,
        update_id: int | None = None,
    ) -> Charge:
        """Book a successful payment exactly once per charge, whatever arrives twice, and for blocked people too.

        The money is really there, so one that is not as ordered still counts: as Stars of the one who paid. `update_id`
        is the update that told of it: what it paid for is renewed, unless a later one said otherwise; also where the
        charge was booked before by the comparison, which knows of no update and only ends a failure.
        """
        if currency != XTR or amount < 1:
            raise PaymentRefused("currency")
        order: Order | None = None
        with suppress(PaymentRefused):
            order = self._ordered(payer_id, payload, amount, currency)
        purpose = order.purpose if order else Purpose.STARS
        paid_for = order.id if order else None
        charge = Charge(charge_id, Provider.STARS, payer_id, stars(amount), purpose, paid_for, now)
        if purpose is Purpose.PACK:
            return with_retries(lambda _: self._credit_pack(charge, now))
        if order is None or purpose is not Purpose.SUBSCRIPTION:
            return with_retries(lambda _: self._credit_wallet(charge, now))
        booked = with_retries(lambda _: self._credit_subscription(charge, order, now, update_id))
        if booked is not charge and booked.state is ChargeState.CREDITED and update_id is not None:
            self._keep(order, RenewalState.ACTIVE, update_id, now, is_told=False)
        return booked

    def is_ordered(self, payer_id: int, payload: str, amount: int, currency: str) -> bool:
        """Whether a payment is one that an invoice of ours asked for."""
        with suppress(PaymentRefused):
            self._ordered(payer_id, payload, amount, currency)
            return True
        return False

    def hear_of_renewal(self, user_id: int, payload: str, state: RenewalState, update_id: int, now: datetime) -> None:
        """A person's subscription is renewed again, cancelled, or could not be paid: once per update, told where it is
        news. The days that are paid for stay.

        Raises PaymentRefused where `payload` is of no subscription of theirs, Conflict.
        """
        order = self._order_of(payload)
        payments.check_renewal(order, user_id)
        self._keep(order, state, update_id, now, is_told=True)

    def _keep(self, order: Order, state: RenewalState, update_id: int, now: datetime, *, is_told: bool) -> None:
        with_retries(lambda _: self._keep_renewal(order, state, update_id, now, is_told=is_told))

    def _keep_renewal(self, order: Order, state: RenewalState, update_id: int, now: datetime, *, is_told: bool) -> None:
        before = self._store.person(order.user_id, consistent=True)
        if before is None:
            raise PaymentRefused("person")
        renewals = reported(before.renewals, order.id, state, update_id, now)
        if renewals is before.renewals:
            return
        unit = self._store.unit()
        after = replace(before, renewals=renewals, version=before.version + 1)
        unit.save_person(before, told_of_ending(after, now) if is_told else after)
        if is_told and state is not state_of(before.renewals, order.id):
            unit.emit(
                RenewalChanged(
                    id=f"renewal:{order.id}:{update_id}",
                    at=now,
                    user_id=order.user_id,
                    state=state.value,
                    until=before.subscribed_until,
                    another=state is not RenewalState.ACTIVE and shown(renewals) is RenewalState.ACTIVE,
                    request_id=f"{order.id}u{update_id}",
                )
            )
        committed(unit, None)

    def _ordered(self, payer_id: int, payload: str, amount: int, currency: str) -> Order:
        """The order that this payment is for; raises PaymentRefused."""
        order = self._order_of(payload)
        payments.check_order(order, payer_id, amount, currency)
        return order

    def _order_of(self, payload: str) -> Order:
        """The order that a payload of ours stands for: one that is signed, or told as it is stored. A subscription
        is renewed for years with the payload that began it, while the key may be changed. Raises PaymentRefused.
        """
        claimed, secret = payments.read_payload(payload), self._secret()
        if secret is not None and payments.is_signed(claimed, payload, secret):
            return claimed
        if self._store.order(claimed.id) != claimed:
            raise PaymentRefused("payload")
        return claimed

    def _order(
        self,
        purpose: Purpose,
        user_id: int,
        amount: Money,
        now: datetime,
        act: Act | None = None,
        number: int = 0,
    ) -> tuple[Order, str]:
        person = self._store.person(user_id, consistent=True)
        if person and person.blocked:
            raise Blocked
        secret = self._secret()
        assert secret is not None, "invoices are made where the key is"
        waiting = Unfinished.at(act, now) if act else None
        order = Order(secrets.token_hex(8), Provider.STARS, purpose, user_id, amount, waiting, number)
        self._store.add_order(order, now)
        return order, order.payload(secret)

    def _credit_wallet(self, charge: Charge, now: datetime) -> Charge:
        wallet = self._store.wallet(charge.user_id, charge.amount.currency, consistent=True)
        unit = self._store.unit()
        put_into_wallet(unit, charge, wallet, now)
        return self._commit_charge(unit, charge)

    def _credit_pack(self, charge: Charge, now: datetime) -> Charge:
        """A second payment of the same invoice, or one for a pack that cannot be granted, is money like any other."""
        assert charge.order_id
        order, paid_before = self._store.order(charge.order_id), self._store.first_charge(charge.order_id)
        unit = self._store.unit()
        if order and paid_before in (None, charge.id) and self._packs.grant(unit, charge, order, now):
            return self._commit_charge(unit, charge)
        return self._credit_wallet(replace(charge, purpose=Purpose.STARS), now)

    def _credit_subscription(self, charge: Charge, order: Order, now: datetime, update_id: int | None) -> Charge:
        before = self._store.person(charge.user_id, consistent=True)
        if before is None:
            before = self._store.add_person(newcomer(charge.user_id, "", None, None, now))
        transfer = payments.credit(charge)
        after = extend_subscription(before, transfer.id, now)
        if update_id is None:
            renewals = without_failed(after.renewals)
        else:
            renewals = reported(after.renewals, order.id, RenewalState.ACTIVE, update_id, now)
        after = replace(after, renewals=renewals)
        assert after.subscribed_until is not None
        unit = self._store.unit()
        unit.add_charge(charge)
        unit.post(transfer)
        unit.save_person(before, after)
        unit.emit(SubscriptionStarted(f"subscribed:{charge.id}", now, charge.user_id, after.subscribed_until))
        return self._commit_charge(unit, charge)

    def _commit_charge(self, unit: Unit, charge: Charge) -> Charge:
        try:
            unit.commit()
        except ConditionFailed as refused:
            if refused.blames("charge"):
                return self._store.charge(charge.id) or charge
            raise Stale from refused
        return charge
