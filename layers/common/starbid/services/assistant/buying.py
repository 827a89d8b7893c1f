"""Credits from the wallet, and what operators do about credits (spec, section 8)."""

from __future__ import annotations

from datetime import datetime

from starbid.domain.assistant.account import Account, Pack
from starbid.domain.assistant.packs import (
    MOST_CHANGE,
    pack_from_wallet,
    pack_id,
    require_room,
    with_pack,
    without_credits,
)
from starbid.domain.assistant.terms import PackOffer
from starbid.domain.audit_trail import AuditEntry, Decision
from starbid.domain.errors import Blocked, Invalid, NotFound
from starbid.domain.events import CreditsChanged
from starbid.domain.moderation import require_other
from starbid.domain.payment_errors import GivenBack, NotPaidYet
from starbid.domain.payments import Charge, ChargeState, Order, Purpose
from starbid.domain.people import Person
from starbid.domain.roles import Right, Role
from starbid.domain.wallet import Wallet, WalletChange
from starbid.services.billing.pack_payments import PackPayments, put_pack
from starbid.services.debts import Debts
from starbid.services.desk.carrying_out import Told, carry_out
from starbid.services.idempotency import AlreadyDone, MakeRecord
from starbid.services.ports import ConditionFailed, Questions, Standing, Store, Unit
from starbid.services.retrying import Stale, with_retries


class Buying:
    """Every purchase is one transaction of money and credits."""

    def __init__(self, store: Store, questions: Questions, packs: PackPayments, debts: Debts) -> None:
        self._store, self._questions, self._packs, self._debts = store, questions, packs, debts

    def buy(self, user_id: int, number: int, request_id: str, now: datetime) -> Account:
        """A pack of `number` credits out of the wallet, paid once for each `request_id`.

        Raises NotOffered, Invalid, Blocked, InDebt, InsufficientFunds, TooManyPacks, Conflict.
        """
        if self._is_paid(user_id, request_id):
            return self._questions.account(user_id)
        return self._pay(user_id, self._packs.offer_of(user_id, number), request_id, now)

    def change(
        self, user_id: int, change: int, decision: Decision, make_record: MakeRecord[Account] | None = None
    ) -> Account:
        """An operator gives credits (`change` > 0) or takes them, once for a decision; never below zero. With
        `make_record` a second time raises AlreadyDone.

        Raises NotAllowed, Invalid, NoSuchPerson, OwnAccount (owners may), TooFewCredits, TooManyPacks, Conflict.
        """
        decision.require(Right.FINANCE)
        if decision.by.role is not Role.OWNER:
            require_other(decision.by, user_id)
        if not change or abs(change) > MOST_CHANGE:
            raise Invalid("change", "range", least=-MOST_CHANGE, most=MOST_CHANGE)

        done: list[Account] = []

        def write(unit: Unit, _: Person) -> Told:
            before = self._questions.account(user_id)
            if change > 0:
                require_room(before)
                gift = Pack(f"operator:{decision.key}", change, 0, decision.at)
                after = with_pack(before, gift)
            else:
                after, over = without_credits(before, -change)
                for pack in over:
                    unit.keep_pack(user_id, pack)
            unit.save_account(before, after)
            unit.emit(
                CreditsChanged(f"credits-changed:{user_id}:{decision.key}", decision.at, user_id, change, after.credits)
            )
            if make_record:
                unit.record(make_record(after))
            done.append(after)
            return Told(str(before.credits), str(after.credits))

        if carry_out(self._store, user_id, "change-credits", decision, write):
            return done[-1]
        if make_record:
            raise AlreadyDone
        return self._questions.account(user_id)

    def complete(self, order_id: str, decision: Decision) -> Account:
        """An operator has the pack of an order granted whose payment is there, but which was not granted: its money is
        in the wallet then. As it was ordered, whatever packs cost by now. Done already is done.

        Raises NotAllowed, NotFound for what is no order of a pack, NotPaidYet, GivenBack where its payment went back,
        and what `buy` does but NotOffered and Invalid.
        """
        decision.require(Right.FINANCE)
        order = self._store.order(order_id)
        if order is None or order.purpose is not Purpose.PACK:
            raise NotFound
        first = self._store.first_charge(order_id)
        charge = self._store.charge(first) if first else None
        if charge is None:
            raise NotPaidYet
        request_id = _request_of(order)
        if charge.purpose is Purpose.PACK or self._is_paid(order.user_id, request_id):
            return self._questions.account(order.user_id)
        if charge.state is not ChargeState.CREDITED:
            raise GivenBack
        entry = decision.entry("grant-credits", user_id=order.user_id, subject=f"charge/{charge.id}")
        return self._pay(order.user_id, PackOffer(order.credits, order.amount.amount), request_id, decision.at, entry)

    def ungranted(self, charge: Charge) -> Order | None:
        """The order of a pack that the charge paid for, where it was not granted and its money is in the wallet."""
        if charge.purpose is not Purpose.STARS or charge.state is not ChargeState.CREDITED or not charge.order_id:
            return None
        order = self._store.order(charge.order_id)
        if order is None or order.purpose is not Purpose.PACK or self._store.first_charge(order.id) != charge.id:
            return None
        return None if self._is_paid(order.user_id, _request_of(order)) else order

    def _pay(
        self, user_id: int, offer: PackOffer, request_id: str, now: datetime, entry: AuditEntry | None = None
    ) -> Account:
        price = offer.price

        def attempt(_: int) -> Account:
            person = self._store.person(user_id, consistent=True)
            if person and person.blocked:
                raise Blocked
            before = self._questions.account(user_id)
            require_room(before)
            wallet = self._debts.offset(user_id, price.currency, now)
            wallet.require_standing()
            wallet.require(price)
            pack, transfer = pack_from_wallet(wallet, offer, request_id, now)
            unit = self._store.unit()
            unit.post(transfer)
            unit.change_wallet(WalletChange.take(wallet, price, wallet.out_of_bought(price)), Standing.GOOD)
            after = put_pack(unit, before, pack, now, from_wallet=True)
            if entry:
                unit.audit(entry)
            try:
                unit.commit()
            except ConditionFailed as refused:
                if refused.blames("transfer") or refused.blames("audit"):
                    return self._questions.account(user_id)
                _explain(refused, user_id)
                raise Stale from refused
            return after

        return with_retries(attempt)

    def _is_paid(self, user_id: int, request_id: str) -> bool:
        return bool(self._store.transfers_named([pack_id(user_id, request_id)]))


def _request_of(order: Order) -> str:
    """By which the pack of an order is paid for out of the wallet, once."""
    return f"order-{order.id}"


def _explain(refused: ConditionFailed, user_id: int) -> None:
    """Raises what the wallet says, where nobody could settle it by deciding again."""
    wallet = refused.current("wallet") if refused.blames("wallet") else None
    if isinstance(wallet, Wallet) and wallet.user_id == user_id and not wallet.covered:
        wallet.require_standing()
