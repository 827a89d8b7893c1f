"""A person's balances, made once more from the ledger and the live bids, beside those that are stored. Reads only."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from starbid.domain.auction import Auction, Ending
from starbid.domain.kinds import kind_of
from starbid.domain.ledger import Transfer, receivable_account, user_account
from starbid.domain.money import Money
from starbid.domain.wallet import Wallet, with_default
from starbid.services.ports import Store

PAGE = 200
MOST_TRANSFERS = 5_000
"""Of each currency. More take longer than a page may: then nothing is proved."""
MOST_BIDS = 2_000


@dataclass(frozen=True, slots=True)
class Proof:
    """A wallet, and what it should be: `own` (available and held together) and `owed` by the ledger, `held` by the live
    bids. `is_whole` where all of them were read. The lists that are read are a moment behind the wallet.
    """

    wallet: Wallet
    own: Money
    owed: Money
    held: Money
    transfers: int
    is_whole: bool

    @property
    def stored_own(self) -> Money:
        return self.wallet.available + self.wallet.held

    @property
    def holds(self) -> bool:
        """Invariants 3 and 8 of section 2 hold for it, as far as was read."""
        wallet = self.wallet
        return (self.stored_own, wallet.owed, wallet.held) == (self.own, self.owed, self.held)


class Proving:
    """Rebuilds and compares; corrects nothing."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def of(self, user_id: int) -> tuple[Proof, ...]:
        """A proof for each currency that the person has used, that of Stars first."""
        wallets = with_default(self._store.wallets(user_id, consistent=True), user_id)
        backed, all_bids = self._backed(user_id)
        return tuple(self._proof(wallet, backed[wallet.currency], all_bids=all_bids) for wallet in wallets)

    def _proof(self, wallet: Wallet, backed: int, *, all_bids: bool) -> Proof:
        currency, sums, count = wallet.currency, Counter[str](), 0
        mine, receivable = user_account(wallet.user_id), receivable_account(wallet.user_id)
        for transfer in self._transfers(wallet.user_id, currency):
            count += 1
            for entry in transfer.entries:
                sums[entry.account] += entry.change.amount
        staked = sum(stake.amount for stake in wallet.stakes.values())
        return Proof(
            wallet,
            own=Money(sums[mine], currency),
            owed=Money(-sums[receivable], currency),
            held=Money(backed + staked, currency),
            transfers=count,
            is_whole=all_bids and count < MOST_TRANSFERS,
        )

    def _transfers(self, user_id: int, currency: str) -> Iterator[Transfer]:
        """MOST_TRANSFERS at most, the newest first."""
        cursor, left = None, MOST_TRANSFERS
        while left > 0:
            page = self._store.transfers(user_id, currency, limit=min(PAGE, left), cursor=cursor)
            yield from page.items
            cursor, left = page.cursor, left - len(page.items)
            if cursor is None:
                return

    def _backed(self, user_id: int) -> tuple[Counter[str], bool]:
        """What the person's leading maxima come to, by currency, in minor units; and whether all bids were read."""
        backed, seen, cursor, left = Counter[str](), set[str](), None, MOST_BIDS
        while left > 0:
            page = self._store.bids_of(user_id, limit=min(PAGE, left), cursor=cursor)
            fresh = {bid.auction_id for bid in page.items} - seen
            seen |= fresh
            for lot in (self._store.lots(fresh) if fresh else {}).values():
                backed[lot.auction.currency] += _held_by(lot.auction, user_id)
            cursor, left = page.cursor, left - len(page.items)
            if cursor is None:
                return backed, True
        return backed, False


def _held_by(auction: Auction, user_id: int) -> int:
    """Of a sealed lot the wallet itself names the stake."""
    if kind_of(auction).is_sealed or auction.ending is not Ending.OPEN or auction.leader_id != user_id:
        return 0
    return auction.leader_maximum.amount if auction.leader_maximum else 0
