"""Invariant 12: how much of a person's money was bought, computed from the ledger independently of the program."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from starbid.domain.ledger import Transfer, bought_part, receivable_account, user_account

from .books import Books

Key = tuple[int, str]


def what_was_bought_is_known(books: Books) -> Iterator[str]:
    """12: bought = paid in - refunded - taken back - spent from bought + refunded by deals (spec, section 2).

    Spending takes bought money first. A deal's refund is bought money again as far as it was before; earnings never
    are. If the order of the transfers is unknown, each transfer's own note is used.
    """
    bought = _replayed(books) if books.in_order else _summed(books)
    for wallet in books.wallets:
        expected = bought[wallet.user_id, wallet.currency]
        if wallet.bought.amount != expected:
            yield f"12: {wallet.user_id} has {wallet.bought.amount} bought, the ledger makes {expected}"


def _summed(books: Books) -> Counter[Key]:
    bought: Counter[Key] = Counter()
    for transfer in books.transfers.values():
        bought[transfer.user_id, transfer.currency] += bought_part(transfer).amount
    return bought


def _replayed(books: Books) -> Counter[Key]:
    bought: Counter[Key] = Counter()
    out_of: dict[str, int] = {}
    money = {charge.id for charge in books.charges if not charge.purpose.is_direct}
    for transfer in books.transfers.values():
        key, change = (transfer.user_id, transfer.currency), _own(transfer)
        match transfer.kind:
            case "stars" | "top_up" | "refund_undone" if _charge(transfer) in money:
                bought[key] += change
            case "refund" if _charge(transfer) in money:  # the whole charge, even if the wallet had less
                bought[key] -= next(e.change.amount for e in transfer.entries if e.account.startswith("source:"))
            case "refund":  # what was used of a thing that the charge bought directly; of our own refunds nothing
                bought[key] += _borne(transfer)
            case "sale" | "subscription" | "pack":
                part = min(-change, max(0, bought[key]))
                bought[key] -= part
                out_of[transfer.id] = part
            case "adjustment" if change < 0:  # an operator's debit is a spending, a credit is earned
                bought[key] -= min(-change, max(0, bought[key]))
            case "given_up":
                bought[key] -= min(-change, max(0, bought[key]))
            case "payout" | "payout_returned":
                bought[key] += bought_part(transfer).amount
            case "return":
                bought[key] += out_of["sale:" + transfer.facts["auction_id"]]
    return bought


def _own(transfer: Transfer) -> int:
    mine = user_account(transfer.user_id)
    return sum(entry.change.amount for entry in transfer.entries if entry.account == mine)


def _borne(transfer: Transfer) -> int:
    """What the person bears of it, by their wallet or as a debt: below zero."""
    theirs = (user_account(transfer.user_id), receivable_account(transfer.user_id))
    return sum(entry.change.amount for entry in transfer.entries if entry.account in theirs)


def _charge(transfer: Transfer) -> str:
    """`<provider>:<charge>`, `refund:<charge>:<version>`, `refund-undone:<charge>:<version>`."""
    _, _, rest = transfer.id.partition(":")
    return rest if transfer.kind in ("stars", "top_up") else rest.rpartition(":")[0]
