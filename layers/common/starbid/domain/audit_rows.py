"""Which rows decide what a log opens: a few of many, so that a log of any length can be written as it is read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from starbid.domain.auction import Auction, Bid, Ending
from starbid.domain.kinds import kind_of


def opened_of(auction: Auction, rows: Sequence[Bid]) -> frozenset[int]:
    """The numbers that a log opens: nothing where nobody won. `rows`, in order, hold at least those of `Deciding`."""
    return kind_of(auction).opened(auction, rows) if auction.ending is Ending.SOLD else frozenset()


class Deciding:
    """Gathers the rows by which a kind decides what is opened, as all rows of a lot pass in their order.

    Those are each bidder's last, which holds their highest maximum, and the winner's that offered just what was paid.
    It grows with the bidders, not with the bids.
    """

    def __init__(self, auction: Auction, known: Iterable[Bid] = ()) -> None:
        """`known` are the rows gathered by somebody who came so far."""
        self._auction = auction
        self._last: dict[int, Bid] = {}
        self._paid: list[Bid] = []
        for row in known:
            self.add(row)

    def add(self, row: Bid) -> None:
        if self._auction.ending is not Ending.SOLD:
            return
        self._last[row.bidder_id] = row
        if (row.bidder_id, row.maximum) == (self._auction.leader_id, self._auction.price):
            self._paid.append(row)

    def rows(self) -> tuple[Bid, ...]:
        """In the order of their numbers."""
        found = {row.number: row for row in (*self._last.values(), *self._paid)}
        return tuple(found[number] for number in sorted(found))
