"""Muting a lot: one hears of it only what concerns one's money and one's deal (`notices.registry.Kind.mutes`)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from starbid.domain.errors import AuctionClosed
from starbid.services.ports import Mutes, Store
from starbid.services.watching import kept_until


class Muting:
    """Mutes and unmutes lots, for one person each."""

    def __init__(self, store: Store, mutes: Mutes) -> None:
        self._store, self._mutes = store, mutes

    def mute(self, user_id: int, auction_id: str, now: datetime) -> None:
        """Until the lot is long over; once more changes nothing. Raises NotFound, AuctionClosed."""
        auction = self._store.auction(auction_id, consistent=True)
        if not auction.status(now).is_open:
            raise AuctionClosed
        self._mutes.put(user_id, auction_id, kept_until(auction, now), now)

    def unmute(self, user_id: int, auction_id: str) -> None:
        """Nothing changes where it is not muted."""
        self._mutes.drop(user_id, auction_id)

    def muted(self, user_id: int, auction_ids: Iterable[str], now: datetime) -> frozenset[str]:
        """Those of some lots that the person muted, in one read."""
        batch = self._store.batch()
        found = {auction_id: batch.is_muted(user_id, auction_id, now) for auction_id in auction_ids}
        if found:
            batch.fetch()
        return frozenset(auction_id for auction_id, muted in found.items() if muted.value)

    def is_muted(self, user_id: int, auction_id: str, now: datetime) -> bool:
        """One small read."""
        return self._mutes.is_muted(user_id, auction_id, now)
