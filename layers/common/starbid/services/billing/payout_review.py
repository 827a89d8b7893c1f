"""What an operator looks at before a payout goes (spec, section 7, "Payouts")."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from starbid.domain.ledger import Transfer, TransferKind, lot_of
from starbid.domain.money import Money
from starbid.domain.payout_errors import NoSuchPayout
from starbid.domain.payouts import Payout
from starbid.services.ports import Store

TRANSFERS_SEARCHED = 200


@dataclass(frozen=True, slots=True)
class Flag:
    """A sale whose buyer owes by now: the payment behind it may be the one that was taken back."""

    auction_id: str
    title: str
    buyer_id: int
    earned: Money
    owed: Money


@dataclass(frozen=True, slots=True)
class Review:
    """`flags`: among the last TRANSFERS_SEARCHED movements of the person, which are all of them where `is_whole`."""

    payout: Payout
    flags: tuple[Flag, ...]
    is_whole: bool


class PayoutReview:
    """Reads for operators."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def waiting(self, now: datetime, limit: int) -> list[Payout]:
        """Those that wait for an operator, the oldest first."""
        return self._store.payouts_to_review(now, limit)

    def of(self, payout_id: str) -> Review:
        """Raises NoSuchPayout."""
        payout = self._store.payout(payout_id)
        if payout is None:
            raise NoSuchPayout
        currency = payout.amount.currency
        page = self._store.transfers(payout.user_id, currency, limit=TRANSFERS_SEARCHED)
        return Review(payout, self._flags(self._sales(page.items), currency), page.cursor is None)

    def _flags(self, sales: dict[str, Money], currency: str) -> tuple[Flag, ...]:
        lots = self._store.lots(sales) if sales else {}
        deals = {lot_id: lot.deal for lot_id, lot in lots.items() if lot.deal}
        wallets = self._store.wallets_of({deal.buyer_id for deal in deals.values()}, currency) if deals else {}
        owed = {user_id: wallet.owed for user_id, wallet in wallets.items() if wallet.owed}
        return tuple(
            Flag(lot_id, lots[lot_id].card.title, deal.buyer_id, sales[lot_id], owed[deal.buyer_id])
            for lot_id, deal in deals.items()
            if deal.buyer_id in owed
        )

    @staticmethod
    def _sales(transfers: Iterable[Transfer]) -> dict[str, Money]:
        """What the person got for each lot."""
        released = ((lot_of(each), each.change) for each in transfers if each.kind is TransferKind.RELEASE)
        return {lot_id: earned for lot_id, earned in released if lot_id}
