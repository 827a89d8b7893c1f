"""Invariant 14: the money of payouts is where they say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from starbid.domain.ledger import PAYOUTS, user_account
from starbid.domain.payouts import Payout

from .books import Books

OPEN = ("requested", "approved", "sending")


def payouts_have_their_money(books: Books) -> Iterator[str]:
    """14: each payout took its amount once, and gave it back or sent it at most once; PAYOUTS holds the open ones."""
    waiting: Counter[str] = Counter()
    for payout in books.payouts:
        waiting[payout.amount.currency] += payout.amount.amount if payout.state in OPEN else 0
        yield from _one(books, payout)
    for currency in {currency for _, currency in books.balances}:
        if books.balances[PAYOUTS, currency] != waiting[currency]:
            yield f"14: {books.balances[PAYOUTS, currency]} {currency} wait, the payouts say {waiting[currency]}"
    known = {payout.id for payout in books.payouts}
    for transfer in books.transfers.values():
        payout_id = transfer.id.partition(":")[2]
        if transfer.kind.startswith("payout") and payout_id not in known:
            yield f"14: {transfer.id} is of no payout"


def _one(books: Books, payout: Payout) -> Iterator[str]:
    amount, account = payout.amount.amount, user_account(payout.user_id)
    took = books.moved(f"payout:{payout.id}", account)
    back = books.moved(f"payout-returned:{payout.id}", account)
    left = books.moved(f"payout-sent:{payout.id}", PAYOUTS)
    expected = {
        "paid": (-amount, None, -amount),
        **dict.fromkeys(("refused", "cancelled", "returned"), (-amount, amount, None)),
    }.get(payout.state, (-amount, None, None))
    if (took, back, left) != expected:
        yield f"14: {payout.id} over {amount} is {payout.state}: took {took}, gave back {back}, sent {left}"
