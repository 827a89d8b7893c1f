"""The standing of a lot without bids that do not count: of who owes, is blocked, or let a sale fall through."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from starbid.domain.auction import Auction, Bid
from starbid.domain.second_chance import replay
from starbid.domain.wallet import Wallet
from starbid.services.ports import Store

PAGE = 500


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
    """Leaves out `without`, and everybody whose wallet `bars` them and whose bid would win or set the price.

    Reads every bid of the lot, and two wallets for each time that somebody is left out.
    """
    failed, left_out = frozenset(without), frozenset[int]()
    rows = last_bids(store, auction)
    while True:
        fair = replay(auction, rows, failed | left_out)
        barred = barred_of(store, fair, bars)
        if not barred:
            return Replayed(fair, left_out)
        left_out |= barred


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
