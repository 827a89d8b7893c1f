"""A debt is left of a payment that was taken back; whatever is available settles it (spec, section 2)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from starbid.domain.ledger import Transfer, TransferKind, move, receivable_account, user_account
from starbid.domain.money import Money
from starbid.domain.wallet import Wallet


def offset(wallet: Wallet, now: datetime) -> tuple[Wallet, Transfer] | None:
    """As much of the debt as is available is settled; None where nothing is owed, or nothing available.

    The transfer bears the number of the person's settlement, and the wallet counts it: of two that were decided on the
    same wallet one is booked.
    """
    part = wallet.covered
    if not part:
        return None
    after = replace(wallet.after_offset(), offsets=wallet.offsets + 1)
    transfer_id = f"offset-debt:{wallet.user_id}:{wallet.currency}:{after.offsets}"
    return after, repayment(transfer_id, wallet.user_id, part, now)


def repayment(transfer_id: str, user_id: int, part: Money, at: datetime) -> Transfer:
    """`part` of a person's own money goes to what they owe."""
    parts = {user_account(user_id): -part, receivable_account(user_id): part}
    return move(transfer_id, TransferKind.OFFSET_DEBT, user_id, at, parts)
