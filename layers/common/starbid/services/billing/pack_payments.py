"""Packs of the helper's credits that an invoice pays for directly: granted, refunded and taken back with their payment
(spec, sections 2 and 8).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from starbid.domain import payments
from starbid.domain.assistant.account import Account, Pack, changed
from starbid.domain.assistant.errors import NotOffered, TooManyPacks
from starbid.domain.assistant.packs import require_room, with_pack, withdrawn
from starbid.domain.assistant.terms import PackOffer
from starbid.domain.errors import Invalid
from starbid.domain.events import CreditsBought, CreditsWithdrawn, TrialPaid
from starbid.domain.money import Money, stars
from starbid.domain.payment_errors import NotRefundable
from starbid.domain.payments import Charge, Order, credit_id
from starbid.services.ports import Questions, Unit
from starbid.services.settings import Business


class PackPayments:
    """Parts of the units that book payments. The account is read for each: a unit that is refused starts over."""

    def __init__(self, questions: Questions, business: Business) -> None:
        self._questions, self._terms = questions, business.assistant

    def offer_of(self, user_id: int, number: int) -> PackOffer:
        """What so many credits cost. Raises NotOffered, Invalid, TooManyPacks."""
        if not self._terms.is_offered:
            raise NotOffered
        offer = self._terms.pack_of(number)
        if offer is None:
            raise Invalid("pack", "choice")
        require_room(self._questions.account(user_id))
        return offer

    def grant(self, unit: Unit, charge: Charge, order: Order, now: datetime) -> bool:
        """The charge and the pack that it bought; False, and nothing is in the unit, where there is no room for it."""
        before = self._questions.account(charge.user_id)
        try:
            require_room(before)
        except TooManyPacks:
            return False
        pack = Pack(credit_id(charge), order.credits, charge.amount.amount, now, order_id=order.id)
        unit.add_charge(charge)
        unit.post(payments.credit(charge))
        put_pack(unit, before, pack, now, from_wallet=False)
        return True

    def require_unused(self, charge: Charge) -> None:
        """Raises NotRefundable."""
        _unused(self._questions.account(charge.user_id), charge)

    def require_quota_unused(self, charge: Charge) -> Account:
        """Of the 30 days that it bought. Raises NotRefundable."""
        account, source = self._questions.account(charge.user_id), credit_id(charge)
        if account.quota_used.get(source) or _is_reserved(account, source):
            raise NotRefundable
        return account

    def close_quota(self, unit: Unit, charge: Charge) -> None:
        """The same with the refund of the days: a question that is asked meanwhile is not paid with them. Raises
        NotRefundable.
        """
        before = self.require_quota_unused(charge)
        if before.version:  # who was never here has not agreed, and asks nothing
            unit.save_account(before, changed(before))

    def withdraw_unused(self, unit: Unit, charge: Charge) -> None:
        """With the refund of a whole charge. Raises NotRefundable."""
        before = self._questions.account(charge.user_id)
        pack = _unused(before, charge)
        unit.save_account(before, withdrawn(before, pack).account)
        unit.keep_pack(charge.user_id, pack)

    def put_back(self, unit: Unit, charge: Charge) -> None:
        """Telegram would not refund: what `withdraw_unused` took away is there again."""
        before = self._questions.account(charge.user_id)
        pack = self._questions.pack(charge.user_id, credit_id(charge))
        assert pack, "it was kept when it was withdrawn"
        packs = tuple(sorted((*before.packs, pack), key=lambda each: each.bought_at))
        unit.save_account(before, changed(before, packs=packs, withdrawn=before.withdrawn - pack.credits))

    def take_back(self, unit: Unit, charge: Charge, now: datetime) -> Money:
        """Telegram took the payment back: unused credits are withdrawn; answers what the used ones cost."""
        before, source = self._questions.account(charge.user_id), credit_id(charge)
        pack = _pack_of(before, source)
        if pack is None:
            over = self._questions.pack(charge.user_id, source)
            return Money(over.cost_of_used if over else 0, charge.amount.currency)
        gone = withdrawn(before, pack)
        unit.save_account(before, gone.account)
        number = gone.account.withdrawn - before.withdrawn
        unit.emit(CreditsWithdrawn(f"credits-withdrawn:{charge.id}", now, charge.user_id, number))
        return Money(gone.cost, charge.amount.currency)


def put_pack(unit: Unit, before: Account, pack: Pack, now: datetime, *, from_wallet: bool) -> Account:
    """A pack that was paid for: the account with it, and what it tells."""
    after = with_pack(before, pack)
    if after.trial and not after.has_paid:
        after = replace(after, has_paid=True)
        unit.emit(TrialPaid(f"trial-paid:{before.user_id}", now, before.user_id))
    unit.save_account(before, after)
    told = CreditsBought(f"credits:{pack.id}", now, before.user_id, pack.credits, stars(pack.price), from_wallet)
    unit.emit(told)
    return after


def _unused(account: Account, charge: Charge) -> Pack:
    """The pack that a charge bought, wholly unused. Raises NotRefundable."""
    pack = _pack_of(account, credit_id(charge))
    if pack is None or pack.used or _is_reserved(account, pack.id):
        raise NotRefundable
    return pack


def _pack_of(account: Account, pack_id: str) -> Pack | None:
    return next((pack for pack in account.packs if pack.id == pack_id), None)


def _is_reserved(account: Account, of: str) -> bool:
    return account.open is not None and account.open.is_reserved and account.open.of == of
