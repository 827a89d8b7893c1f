"""Payments out again: refunds of whole charges, ours and the provider's own (spec, sections 2 and 4)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import datetime

from starbid.domain import payments
from starbid.domain.audit_trail import AuditEntry
from starbid.domain.errors import InDebt, StarbidError, passes
from starbid.domain.events import PaymentRefunded, RefundFailed, SubscriptionShortened
from starbid.domain.ledger import Transfer, bought_part
from starbid.domain.money import CURRENCIES, Money
from starbid.domain.payment_errors import NotRefundable, PaymentRefused, SpentAlready
from starbid.domain.payments import Charge, ChargeState, Provider, Purpose
from starbid.domain.people import Person, extend_subscription, is_unused, told_of_ending, withdraw_days
from starbid.domain.renewals import without
from starbid.domain.wallet import Wallet, WalletChange, with_default
from starbid.services.billing.pack_payments import PackPayments
from starbid.services.billing.paying import Paying
from starbid.services.debts import Debts
from starbid.services.ports import ConditionFailed, PaymentGateway, Standing, StarsAccount, Store, Unit
from starbid.services.retrying import Repeated, Stale, committed, with_retries
from starbid.services.sweeping import each

SWEEP_LIMIT = 50
Beside = Callable[[Unit], None]
"""Puts more into the unit that begins a refund; asked again with each attempt."""


class Refunding:
    """What was paid in goes back to who took it; what was earned never does."""

    def __init__(
        self,
        store: Store,
        gateways: Mapping[Provider, PaymentGateway],
        stars: StarsAccount,
        paying: Paying,
        packs: PackPayments,
    ) -> None:
        self._store, self._gateways, self._stars, self._paying, self._packs = store, gateways, stars, paying, packs
        self._debts = Debts(store)

    def refundable(self, user_id: int, now: datetime) -> list[Charge]:
        """The person's charges that could go back whole, newest first; none while they owe more than is available in
        the charge's currency.
        """
        wallets = self._wallets(user_id)
        if all(wallet.owed for wallet in wallets.values()):
            return []
        person, theirs = self._store.person(user_id), self._store.charges_of(user_id)
        return [charge for charge in theirs if passes(self._require_whole, charge, wallets, person, now)]

    def check(self, charge: Charge, now: datetime) -> None:
        """Whether it could go back whole now. Raises NotRefundable, SpentAlready, InDebt, InsufficientFunds."""
        self._require_whole(charge, self._wallets(charge.user_id), self._store.person(charge.user_id), now)

    def obstacle(self, charge: Charge, now: datetime) -> StarbidError | None:
        """What `check` raises; None where it could go back."""
        try:
            self.check(charge, now)
        except StarbidError as obstacle:
            return obstacle
        return None

    def refund(self, user_id: int, charge_id: str, now: datetime, beside: Beside | None = None) -> Charge:
        """Give a whole charge back, once: of bought Stars while they are neither spent nor frozen, of what was bought
        directly while it is wholly unused. A subscription is renewed no more, even where the refund is refused.

        `beside`: what the operator who decided it has written in the same transaction. Raises NotRefundable,
        SpentAlready, InDebt, InsufficientFunds, Conflict; Repeated for a decision that has been carried out.
        Booked first and told to the provider afterwards: a death between the two is mended by `finish_refunds`.
        """

        def attempt(_: int) -> Charge:
            charge = self._store.charge(charge_id)
            if charge is None or charge.user_id != user_id or charge.provider not in self._gateways:
                raise NotRefundable
            if charge.state is ChargeState.CREDITED:
                charge = self._begin(charge, now, beside)
            return self._finish(charge, now)

        return with_retries(attempt)

    def finish_refunds(self, now: datetime) -> int:
        """Finish refunds that died half-way; answers how many were looked at.

        Raises an ExceptionGroup after doing what it could. One that is refused for good is finished too: the
        money is back in the wallet.
        """

        def finish(charge_id: str) -> None:
            charge = self._store.charge(charge_id)
            if charge and charge.state is ChargeState.REFUNDING:
                with suppress(NotRefundable):
                    self._finish(charge, now)

        return len(each("refunds not finished", self._store.due_refunds(now, SWEEP_LIMIT), finish))

    def taken_back(
        self, payer_id: int | None, charge_id: str, payload: str, amount: int, currency: str, now: datetime
    ) -> Charge:
        """Telegram reports a refund: booked once; what the wallet cannot bear becomes a debt. Days of a subscription
        that it paid for directly are withdrawn as far as they are unused.

        It is booked for the one whose charge it is. A report that overtook the one of the payment books both, for the
        payer, and raises PaymentRefused where nobody is named.
        """
        known = self._store.charge(charge_id)
        owner_id = known.user_id if known else payer_id
        if owner_id is None:
            raise PaymentRefused("person")
        self._paying.credit(owner_id, charge_id, payload, amount, currency, now)
        return self.take_back(charge_id, now)

    def take_back(self, charge_id: str, now: datetime, entry: AuditEntry | None = None) -> Charge:
        """The provider took a known payment back, or will have: booked once, as above. Raises Conflict.

        `entry`: that of the operator who told of it.
        """
        try:
            return with_retries(lambda _: self._take_back(charge_id, now, entry))
        except Repeated:
            return self._take_back(charge_id, now, None)

    def _wallets(self, user_id: int) -> dict[str, Wallet]:
        """As they stand once a debt has been paid from what is there, by currency."""
        wallets = with_default(self._store.wallets(user_id), user_id)
        return {wallet.currency: wallet.after_offset() for wallet in wallets}

    def _require_whole(
        self, charge: Charge, wallets: Mapping[str, Wallet], person: Person | None, now: datetime
    ) -> None:
        if charge.provider not in self._gateways or charge.state is not ChargeState.CREDITED:
            raise NotRefundable
        currency = charge.amount.currency
        wallet = wallets.get(currency) or Wallet.empty(charge.user_id, currency)
        if wallet.owed:
            raise InDebt(wallet.owed)
        if charge.purpose.is_direct:
            self._require_unused(charge, person, now)
        else:
            _require_unspent(wallet, charge.amount)

    def _require_unused(self, charge: Charge, person: Person | None, now: datetime) -> None:
        """What it bought directly. Days whose answers of the helper were used are used. Raises NotRefundable."""
        if charge.purpose is Purpose.PACK:
            self._packs.require_unused(charge)
        elif person is None or not is_unused(person, payments.credit_id(charge), now):
            raise NotRefundable
        else:
            self._packs.require_quota_unused(charge)

    def _begin(self, charge: Charge, now: datetime, beside: Beside | None) -> Charge:
        wallet = self._debts.offset(charge.user_id, charge.amount.currency, now)
        if wallet.owed:
            raise InDebt(wallet.owed)
        refunding = replace(charge, state=ChargeState.REFUNDING, version=charge.version + 1)
        unit = self._store.unit()
        unit.save_charge(charge, refunding)
        if beside:
            beside(unit)
        if charge.purpose.is_direct:
            self._require_no_debt(unit, charge.user_id)
            if charge.purpose is Purpose.PACK:
                self._packs.withdraw_unused(unit, charge)
            else:
                self._withdraw_unused(unit, charge, now)
            unit.post(payments.refund_whole(charge, now))
        else:
            _require_unspent(wallet, charge.amount)
            unit.post(payments.refund_whole(charge, now))
            unit.change_wallet(WalletChange.take(wallet, charge.amount, charge.amount))
        return committed(unit, refunding)

    def _require_no_debt(self, unit: Unit, user_id: int) -> None:
        """What bought a thing directly is refunded only while nothing is owed, in any currency. Raises InDebt."""
        for wallet in self._store.wallets(user_id, consistent=True):
            if wallet.owed:
                raise InDebt(wallet.owed)
        for currency in CURRENCIES:
            unit.require_standing(user_id, currency, Standing.CLEAR)

    def _withdraw_unused(self, unit: Unit, charge: Charge, now: datetime) -> None:
        """The days that were paid for directly, which have not begun. Raises NotRefundable."""
        before = self._store.person(charge.user_id, consistent=True)
        if before is None:
            raise NotRefundable
        self._require_unused(charge, before, now)
        self._packs.close_quota(unit, charge)
        after = withdraw_days(before, payments.credit_id(charge), now)
        unit.save_person(before, replace(after, renewals=without(after.renewals, charge.order_id)))

    def _finish(self, charge: Charge, now: datetime) -> Charge:
        if charge.state is not ChargeState.REFUNDING:
            raise NotRefundable
        self._end_renewal(charge)
        if not self._gateways[charge.provider].refund(charge):
            with suppress(ConditionFailed):  # somebody else undid it, or it was reported refunded after all
                self._undo(charge, now)
            raise NotRefundable
        return self._mark_refunded(charge, now)

    def _end_renewal(self, charge: Charge) -> None:
        """Who gets the money of a subscription back pays for no further month of it. Before the refund: Telegram ends
        one that is active, by the charge that began it. Where it knows none, there is nothing to end.
        """
        if charge.purpose is Purpose.SUBSCRIPTION and charge.order_id:
            first = self._store.first_charge(charge.order_id)
            if first:
                self._stars.end_renewal(charge.user_id, first)

    def _undo(self, charge: Charge, now: datetime) -> None:
        transfer = payments.undo_refund(charge, now)
        unit = self._store.unit()
        unit.save_charge(charge, replace(charge, state=ChargeState.CREDITED, version=charge.version + 1))
        unit.post(transfer)
        unit.emit(RefundFailed(f"refund-failed:{charge.id}:{charge.version}", now, charge.user_id, charge.amount))
        if charge.purpose is Purpose.SUBSCRIPTION:
            before = self._store.person(charge.user_id, consistent=True)
            assert before is not None
            unit.save_person(before, extend_subscription(before, payments.credit_id(charge), now))
        elif charge.purpose is Purpose.PACK:
            self._packs.put_back(unit, charge)
        else:
            unit.change_wallet(WalletChange.credit(charge.user_id, transfer.change, bought_part(transfer)))
        unit.commit()

    def _mark_refunded(self, charge: Charge, now: datetime) -> Charge:
        refunded = replace(charge, state=ChargeState.REFUNDED, version=charge.version + 1)
        unit = self._store.unit()
        unit.save_charge(charge, refunded)
        unit.emit(PaymentRefunded(f"refunded:{charge.id}", now, charge.user_id, charge.amount, _nothing(charge)))
        try:
            unit.commit()
        except ConditionFailed:
            return self._store.charge(charge.id) or refunded
        return refunded

    def _take_back(self, charge_id: str, now: datetime, entry: AuditEntry | None) -> Charge:
        charge = self._store.charge(charge_id)
        if charge is None:
            raise Stale
        if charge.state is ChargeState.REFUNDED:
            return charge
        if charge.state is ChargeState.REFUNDING:
            return self._mark_refunded(charge, now)
        refunded = replace(charge, state=ChargeState.REFUNDED, version=charge.version + 1)
        unit = self._store.unit()
        unit.save_charge(charge, refunded)
        if entry:
            unit.audit(entry)
        owed = self._undo_purchase(unit, charge, now)
        unit.emit(PaymentRefunded(f"refunded:{charge.id}", now, charge.user_id, charge.amount, owed))
        return committed(unit, refunded)

    def _undo_purchase(self, unit: Unit, charge: Charge, now: datetime) -> Money:
        """What a payment gave is taken back with it; answers what the person owes for it."""
        if charge.purpose is Purpose.SUBSCRIPTION:
            wallet = Wallet.empty(charge.user_id, charge.amount.currency)
            unit.post(payments.taken_back(charge, wallet, now, _nothing(charge)))
            self._withdraw_days(unit, charge, now)
            return _nothing(charge)
        wallet = self._store.wallet(charge.user_id, charge.amount.currency, consistent=True)
        used = self._packs.take_back(unit, charge, now) if charge.purpose is Purpose.PACK else None
        transfer: Transfer = payments.taken_back(charge, wallet, now, used)
        owed = payments.shortfall(charge, transfer)
        unit.post(transfer)
        unit.change_debt(charge.user_id, transfer.change, owed, bought_part(transfer))
        return owed

    def _withdraw_days(self, unit: Unit, charge: Charge, now: datetime) -> None:
        """Used days are not charged; live lots run on (spec, section 3)."""
        before = self._store.person(charge.user_id, consistent=True)
        after = withdraw_days(before, payments.credit_id(charge), now) if before else None
        if before is None or after is None or after is before or after.subscribed_until is None:
            return
        unit.save_person(before, told_of_ending(after, now))
        told = SubscriptionShortened(f"shortened:{charge.id}", now, before.id, max(after.subscribed_until, now))
        unit.emit(told)


def _require_unspent(wallet: Wallet, amount: Money) -> None:
    wallet.require(amount)
    if wallet.refundable < amount:
        raise SpentAlready(wallet.refundable)


def _nothing(charge: Charge) -> Money:
    return Money.zero(charge.amount.currency)
