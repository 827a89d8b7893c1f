"""A notice to who has spent so much that a lot they still bid for is out of reach (spec, section 4, "Notifications").

What counts is money that left the wallet: the ledger tells of it, so no bid writes or reads anything for this. Frozen
money may come back; it counts once it is spent. A notice is made where a spending crosses what the next bid on such a
lot takes: enough before, too little after. However late its record comes, a spending is judged by what was left right
after it, so of several one tells it, and a record that comes again makes the same notice.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from itertools import takewhile

from starbid.domain.auction import Status
from starbid.domain.ledger import Transfer
from starbid.domain.money import Money
from starbid.services.auctions.browsing import Browsing, MyBid
from starbid.services.notices.low_balance import LOW_BALANCE
from starbid.services.ports import Outgoing, Store

LATER = 50


class LowBalance:
    def __init__(self, store: Store, browsing: Browsing, outgoing: Outgoing) -> None:
        self._store, self._browsing, self._outgoing = store, browsing, outgoing

    def follow(self, transfer: Transfer, now: datetime) -> None:
        """A movement of somebody's money. Safe to repeat. Who bids on nothing costs one query."""
        spent = -transfer.change
        if spent <= Money.zero(transfer.currency):
            return
        needs = _needs(self._browsing.bids_of(transfer.user_id, now).items, transfer.currency)
        if not needs:
            return
        now_left = self._store.wallet(transfer.user_id, transfer.currency, consistent=True).after_offset().available
        left = now_left - self._since(transfer)
        lost = [(mine, need) for mine, need in needs if left < need <= left + spent and now_left < need]
        if not lost:
            return
        mine, need = min(lost, key=lambda each: each[0].view.auction.ends_at)
        facts = {"need": need, "others": len(lost) - 1}
        source = f"low-balance:{transfer.id}"
        self._outgoing.send([LOW_BALANCE.notice(source, transfer.user_id, mine.view.lot.auction.id, **facts)])

    def _since(self, transfer: Transfer) -> Money:
        """What came in since, less what went out, of the newest LATER movements."""
        newest = self._store.transfers(transfer.user_id, transfer.currency, limit=LATER).items
        later = takewhile(lambda each: each.id != transfer.id and each.at >= transfer.at, newest)
        return sum((each.change for each in later), Money.zero(transfer.currency))


def _needs(bids: Iterable[MyBid], currency: str) -> list[tuple[MyBid, Money]]:
    """The live lots that the person has bid on and does not lead, with what the next bid takes."""
    return [
        (mine, mine.view.next_min_bid)
        for mine in bids
        if mine.view.status is Status.LIVE
        and not mine.bid.sealed
        and not mine.view.you_lead
        and mine.view.next_min_bid is not None
        and mine.view.next_min_bid.currency == currency
    ]
