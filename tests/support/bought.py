"""Invariant 12: what of a person's money was bought, told anew from the ledger by other means than the program's."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from starbid.domain.ledger import Transfer, bought_part, user_account
from starbid.domain.payments import Purpose

from .books import Books

Key = tuple[int, str]


def what_was_bought_is_known(books: Books) -> Iterator[str]:
    """12: bought = paid in - refunded - taken back - spent out of bought + given back by deals (spec, section 2).

    Spending takes bought money first; what a deal gives back is bought again as far as it was; nothing earned ever is.
    Where the order of the transfers is not known, each is believed what it says of itself.
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
    stars = {charge.id for charge in books.charges if charge.purpose is Purpose.STARS}
    for transfer in books.transfers.values():
        key, change = (transfer.user_id, transfer.currency), _own(transfer)
        match transfer.kind:
            case "stars" | "refund_undone" if _charge(transfer) in stars:
                bought[key] += change
            case "refund" if _charge(transfer) in stars:  # the whole charge, whatever of it the wallet could bear
                bought[key] -= next(e.change.amount for e in transfer.entries if e.account.startswith("source:"))
            case "sale" | "subscription":
                part = min(-change, max(0, bought[key]))
                bought[key] -= part
                out_of[transfer.id] = part
            case "return":
                bought[key] += out_of["sale:" + transfer.facts["auction_id"]]
    return bought


def _own(transfer: Transfer) -> int:
    mine = user_account(transfer.user_id)
    return sum(entry.change.amount for entry in transfer.entries if entry.account == mine)


def _charge(transfer: Transfer) -> str:
    """`stars:<charge>`, `refund:<charge>:<version>`, `refund-undone:<charge>:<version>`."""
    _, _, rest = transfer.id.partition(":")
    return rest if transfer.kind == "stars" else rest.rpartition(":")[0]
