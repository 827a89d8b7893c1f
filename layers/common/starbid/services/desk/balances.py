"""Corrections of balances by an operator: transfers against the platform's account of adjustments (spec, section 2)."""

from __future__ import annotations

from dataclasses import replace

from starbid.domain.audit_trail import Decision
from starbid.domain.ledger import ADJUSTMENTS, Transfer, TransferKind, move, user_account
from starbid.domain.moderation import require_other
from starbid.domain.money import Money
from starbid.domain.people import Person
from starbid.domain.roles import Right, Role
from starbid.domain.typed_numbers import amount_coded
from starbid.domain.wallet import Wallet, WalletChange
from starbid.services.debts import Debts
from starbid.services.desk.carrying_out import Told, carry_out
from starbid.services.ports import Standing, Store, Unit


class Balances:
    """A credit counts as earned on its day; a debit is a spending, out of what was bought first."""

    def __init__(self, store: Store, debts: Debts) -> None:
        self._store, self._debts = store, debts

    def adjust(self, user_id: int, change: Money, decision: Decision) -> Wallet:
        """Once for a decision; a debt is settled out of a credit. Answers the wallet as it is then.

        What is owed comes first, so a debit takes of what is left. Raises NotAllowed, NoSuchPerson, OwnAccount
        (owners may), InsufficientFunds, Conflict.
        """
        decision.require(Right.FINANCE)
        if decision.by.role is not Role.OWNER:
            require_other(decision.by, user_id)
        is_debit = change < Money.zero(change.currency)

        def write(unit: Unit, _: Person) -> Told:
            wallet = self._debts.offset(user_id, change.currency, decision.at)
            if is_debit:
                wallet.require(-change)
            bought = wallet.out_of_bought(-change) if is_debit else Money.zero(change.currency)
            if is_debit:
                adjusted, standing = WalletChange.take(wallet, -change, bought), Standing.CLEAR
            else:
                adjusted, standing = WalletChange.credit(user_id, change), Standing.ANY
            # The audit trail tells what was there: a bid in between makes this start over.
            unit.change_wallet(replace(adjusted, available_was=wallet.available), standing)
            unit.post(_transfer(user_id, change, bought, decision))
            return Told(amount_coded(wallet.available), amount_coded(wallet.available + change))

        carry_out(self._store, user_id, "adjust-balance", decision, write)
        return self._debts.offset(user_id, change.currency, decision.at)


def _transfer(user_id: int, change: Money, bought: Money, decision: Decision) -> Transfer:
    parts = {user_account(user_id): change, ADJUSTMENTS: -change}
    facts = {"bought": str(-bought.amount), "by": str(decision.by.id)}
    return move(f"adjustment:{user_id}:{decision.key}", TransferKind.ADJUSTMENT, user_id, decision.at, parts, **facts)
