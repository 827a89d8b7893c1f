"""Invariant 15: the answers of the AI helper, against the payments that they were bought with."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from starbid.domain.assistant.account import Account, Source
from starbid.domain.events import CreditsChanged, CreditsWithdrawn
from starbid.domain.ledger import TransferKind, receivable_account, user_account
from starbid.domain.payments import Charge, ChargeState, Purpose

from .books import Books

REFUNDS = (TransferKind.REFUND, TransferKind.REFUND_UNDONE)


def answers_are_what_was_paid_for(books: Books) -> Iterator[str]:
    """15: granted = spent + withdrawn + left; each credit was paid for or given, once; what is reserved is there. A
    payment that stands has its pack. One that was taken back left no more than the answer that was being written, and
    cost its owner the part that was used, rounded up.
    """
    granted = _granted(books)
    for account in books.accounts.values():
        yield from _adds_up(account)
        yield from _reserved_is_there(account)
        expected = granted[account.user_id]
        if books.events is not None and account.granted != expected:
            yield f"15: {account.user_id} was granted {account.granted}, and paid for or given {expected}"
    bought = [charge for charge in books.charges if charge.purpose is Purpose.PACK]
    for charge in bought:
        yield from _pack_of(charge, books)
    for order_id, times in Counter(charge.order_id for charge in bought).items():
        if times > 1:
            yield f"15: the invoice {order_id} has bought {times} packs"


def _adds_up(account: Account) -> Iterator[str]:
    left = sum(pack.left for pack in account.packs)
    if account.granted != account.spent + account.withdrawn + left:
        yield (
            f"15: {account.user_id} was granted {account.granted}: {account.spent} are spent, {account.withdrawn} "
            f"withdrawn, {left} left"
        )
    if any(not 0 <= pack.used < pack.credits for pack in account.packs):
        yield f"15: {account.user_id} has {account.packs}"


def _reserved_is_there(account: Account) -> Iterator[str]:
    open_, trial = account.open, account.trial
    if trial and not 0 <= trial.used <= trial.granted:
        yield f"15: {account.user_id} has {trial}"
    if open_ is None or not open_.is_reserved:
        return
    if open_.source is Source.TRIAL and (trial is None or trial.used >= trial.granted):
        yield f"15: {account.user_id} has reserved an answer of {trial}"
    if open_.source is Source.CREDIT and open_.of not in {pack.id for pack in account.packs}:
        yield f"15: {account.user_id} has reserved an answer of {open_.of}, which is not there"


def _granted(books: Books) -> Counter[int]:
    granted: Counter[int] = Counter()
    for charge in books.charges:
        if charge.purpose is Purpose.PACK:
            granted[charge.user_id] += books.orders[charge.order_id or ""].credits
    for transfer in books.transfers.values():
        if transfer.kind is TransferKind.PACK:
            granted[transfer.user_id] += int(transfer.facts["credits"])
    for event in (books.events or {}).values():
        if isinstance(event, CreditsChanged):
            granted[event.user_id] += max(0, event.change)
    return granted


def _pack_of(charge: Charge, books: Books) -> Iterator[str]:
    pack_id, number = f"stars:{charge.id}", books.orders[charge.order_id or ""].credits
    there = next((pack for pack in books.packs_of(charge.user_id) if pack.id == pack_id), None)
    kept = books.used_packs.get(pack_id)
    if charge.state is ChargeState.CREDITED:
        pack = there or kept
        if pack is None or (pack.credits, pack.price) != (number, charge.amount.amount):
            yield f"15: {charge.id} is paid, and its pack is {pack}"
        if there is None and pack is not None and pack.left:
            yield f"15: {charge.id} is paid, and {pack.left} answers of its pack are nowhere"
        return
    borne = _borne(charge, books)
    if not 0 <= borne <= charge.amount.amount:
        yield f"15: {charge.id} went back, and cost its owner {borne}"
    if there and (there.left > 1 or not borne):
        yield f"15: {charge.id} went back, cost its owner {borne} and left {there}"
    is_whole = kept is not None and not kept.used and not borne
    if books.events is not None and not is_whole:
        told = books.events.get(f"credits-withdrawn:{charge.id}")
        used = number - (told.credits if isinstance(told, CreditsWithdrawn) else 0)
        if borne != -(-charge.amount.amount * used // number):
            yield f"15: {charge.id} went back with {used} of {number} used, and cost its owner {borne}"


def _borne(charge: Charge, books: Books) -> int:
    """What its way back cost its owner: of the wallet, or as a debt."""
    mine = (user_account(charge.user_id), receivable_account(charge.user_id))
    back = (each for each in books.transfers.values() if each.kind in REFUNDS and each.id.split(":")[1] == charge.id)
    return -sum(entry.change.amount for transfer in back for entry in transfer.entries if entry.account in mine)
