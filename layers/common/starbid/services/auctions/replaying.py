"""The standing of a lot without bids that do not count: of who owes, is blocked, or let a sale fall through."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from starbid.domain.auction import Auction, Bid
from starbid.domain.second_chance import replay
from starbid.domain.wallet import Wallet
from starbid.services.ports import Store

PAGE = 500
FEW_BIDS = 200
"""Those of a lot with no more are all read in a moment, also while somebody waits for a page."""


def owes(wallet: Wallet) -> bool:
    return wallet.owes


def may_not_buy(wallet: Wallet) -> bool:
    return wallet.owes or wallet.blocked


@dataclass(frozen=True, slots=True)
class Replayed:
    """The lot as it would stand, and whose bids were left out for their wallet's sake."""

    fair: Auction
    left_out: frozenset[int]


def replayed(store: Store, auction: Auction, without: Iterable[int], bars: Callable[[Wallet], bool]) -> Replayed:
    """Leaves out `without`, and everybody whose wallet `bars` them.

    Reads every bid of the lot, and the wallets of all who bid where one of the best two is barred.
    """
    failed, rows = frozenset(without), last_bids(store, auction)
    fair = replay(auction, rows, failed)
    if not barred_of(store, fair, bars):
        return Replayed(fair, frozenset())
    wallets = store.wallets_of([row.bidder_id for row in rows], auction.currency)
    left_out = frozenset(who for who, wallet in wallets.items() if bars(wallet)) - failed
    return Replayed(replay(auction, rows, failed | left_out), left_out)


def barred_of(store: Store, auction: Auction, bars: Callable[[Wallet], bool]) -> frozenset[int]:
    """Which of the best two are barred, by their wallets as they are now."""
    best = [who for who in (auction.leader_id, auction.runner_up_id) if who is not None]
    wallets = store.wallets_of(best, auction.currency) if best else {}
    return frozenset(who for who, wallet in wallets.items() if bars(wallet))


def last_bids(store: Store, auction: Auction) -> list[Bid]:
    """Everybody's last bid on the lot; consistent."""
    last: dict[int, Bid] = {}
    cursor = None
    while True:
        page = store.bids(auction.id, limit=PAGE, cursor=cursor, consistent=True)  # newest first
        for row in page.items:
            last.setdefault(row.bidder_id, row)
        cursor = page.cursor
        if cursor is None:
            return list(last.values())
