"""Debts: whatever is available goes to what a person owes, before they bid or sell and where they look at their wallet.

Money comes into wallets in many ways (a sale, a refund, a hold that ends), some of them in somebody else's transaction
that never reads the wallet. So a debt is settled where it would be in the way, and within seconds by
`freezing`, which follows the changes of wallets.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime

from starbid.domain import debts
from starbid.domain.errors import Conflict
from starbid.domain.events import DebtOffset
from starbid.domain.ledger import Transfer
from starbid.domain.money import DEFAULT_CURRENCY
from starbid.domain.wallet import Wallet
from starbid.services.ports import Store, Unavailable
from starbid.services.retrying import committed, with_retries


class Debts:
    """A debt stands in the wallet of its currency: it bars bids in that currency, and selling in any."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def offset(self, user_id: int, currency: str, now: datetime) -> Wallet:
        """Settle as much as is available; answers the person's wallet of `currency` as it is then. Raises Conflict.

        A read where there is nothing to settle. Safe to repeat, and to race with itself.
        """

        def attempt(_: int) -> Wallet:
            wallet = self._store.wallet(user_id, currency, consistent=True)
            offset = debts.offset(wallet, now)
            if offset is None:
                return wallet
            after, transfer = offset
            unit = self._store.unit()
            unit.offset_debt(user_id, wallet.covered, after.offsets)
            unit.post(transfer)
            unit.emit(offset_told(transfer, after))
            return committed(unit, after)

        return with_retries(attempt)

    def require_seller(self, user_id: int, now: datetime) -> Wallet:
        """Settles what can be settled; answers the wallet of the default currency.

        Raises Blocked, InDebt for one who owes in any currency, Conflict.
        """
        default = Wallet.empty(user_id, DEFAULT_CURRENCY)
        for wallet in self._store.wallets(user_id, consistent=True):
            offset = self.offset(user_id, wallet.currency, now) if wallet.covered else wallet
            offset.require_standing()
            default = offset if offset.currency == DEFAULT_CURRENCY else default
        return default

    def offset_all(self, wallets: Iterable[Wallet], now: datetime) -> list[Wallet]:
        """Wallets for the eyes of their owner: what can be offset is offset. No further read where nothing is."""
        return [self._offset_quietly(wallet, now) for wallet in wallets]

    def _offset_quietly(self, wallet: Wallet, now: datetime) -> Wallet:
        with suppress(Conflict):
            return self.offset(wallet.user_id, wallet.currency, now) if wallet.covered else wallet
        return wallet

    def after(self, income: Transfer, now: datetime) -> None:
        """Settle from money that has just come in. What fails here is settled where it would be in the way."""
        with suppress(Conflict, Unavailable):
            self.offset(income.user_id, income.currency, now)


def offset_told(transfer: Transfer, after: Wallet) -> DebtOffset:
    """What a settlement tells; `after` is the wallet with it."""
    return DebtOffset(f"offset:{transfer.id}", transfer.at, transfer.user_id, -transfer.change, after.owed)
