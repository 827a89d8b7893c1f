"""The bids on a lot as people read them: who bid by numbers, sealed results by amount.

"Bidder 1" is who bid first on this lot. The log and the API know people by pseudonyms, which say nothing to a reader.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from starbid.domain.auction import Auction, Bid, Ending
from starbid.domain.kinds import is_hidden, kind_of
from starbid.services.ports import Store
from starbid.services.views import ShownBid, show_bids

CHUNK: Final = 1000
"""Rows of one read: about half a megabyte."""
MOST_READ: Final = 3 * CHUNK
"""Rows that one page waits for. Of a lot with more, the next page goes on where this one stopped."""
LOTS_KNOWN: Final = 64


@dataclass(frozen=True, slots=True)
class BidHistory:
    """`bids` in the order of reading; `numbers` by bidder, in the order of their first bids on the lot.

    Nobody's number is known while bids are hidden, and of a very long list some may not be known yet. `unshown` is
    how many there are besides `bids`: bids, of a sealed lot bidders.
    """

    bids: tuple[ShownBid, ...] = ()
    numbers: Mapping[int, int] = field(default_factory=dict)
    unshown: int = 0

    def has_bid(self, person_id: int | None) -> bool:
        return person_id in self.numbers or any(bid.bidder_id == person_id for bid in self.bids)


class BidHistories:
    """Reads them. Whose first bid came when never changes, so it is read once a process."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._known: OrderedDict[str, tuple[int, Mapping[int, int]]] = OrderedDict()

    def of(self, auction: Auction, most: int) -> BidHistory:
        """The newest `most` bids, or the results of a sealed lot from the best bid down. None while they are hidden."""
        if is_hidden(auction):
            return BidHistory()
        page = self._store.bids(auction.id, limit=most)
        rows = page.items
        if kind_of(auction).is_sealed and page.cursor:
            rows = self._store.bids(auction.id, limit=MOST_READ).items
        numbers = self._numbers(auction.id, rows)
        shown = show_bids(auction, rows, from_newest=True)
        if kind_of(auction).is_sealed:
            return BidHistory(_results(auction, shown)[:most], numbers, max(0, len(numbers) - most))
        return BidHistory(shown, numbers, max(0, auction.bids_count - len(shown)))

    def _numbers(self, auction_id: str, newest: Sequence[Bid]) -> Mapping[int, int]:
        """By the oldest bids, as far as `MOST_READ` leads, and by `newest` if there is no gap between them."""
        if not newest:
            return {}
        last, numbers = self._known.get(auction_id, (0, {}))
        oldest, first = newest[-1].number, last
        while last < oldest - 1 and last - first < MOST_READ:
            rows = self._store.bids_after(auction_id, last, min(CHUNK, oldest - 1 - last))
            if not rows:
                return numbers
            last, numbers = rows[-1].number, _counted(numbers, rows)
        if last >= oldest - 1:
            last, numbers = max(last, newest[0].number), _counted(numbers, reversed(newest))
        self._remember(auction_id, last, numbers)
        return numbers

    def _remember(self, auction_id: str, last: int, numbers: Mapping[int, int]) -> None:
        self._known.pop(auction_id, None)
        self._known[auction_id] = (last, numbers)
        if len(self._known) > LOTS_KNOWN:
            self._known.popitem(last=False)


class NewestBids:
    """The same few bids for many who look at a lot one after the other: read once as long as nothing happens to it."""

    def __init__(self, store: Store, most: int) -> None:
        self._histories, self._most = BidHistories(store), most
        self._last: tuple[str, int, BidHistory] | None = None

    def of(self, auction: Auction) -> BidHistory:
        """As `BidHistories.of`. `auction` was read a moment ago; threads may share it."""
        last = self._last
        if last and last[:2] == (auction.id, auction.version):
            return last[2]
        found = self._histories.of(auction, self._most)
        self._last = (auction.id, auction.version, found)
        return found


def _counted(numbers: Mapping[int, int], rows: Iterable[Bid]) -> Mapping[int, int]:
    """With those who bid for the first time in `rows`, oldest first."""
    counted = dict(numbers)
    for row in rows:
        counted.setdefault(row.bidder_id, len(counted) + 1)
    return counted


def _results(auction: Auction, shown: Sequence[ShownBid]) -> tuple[ShownBid, ...]:
    """Everybody's last bid, the winner's first, then by amount, the earlier of equals first.

    Amounts that stay secret tell nothing by their place: they come last, by time.
    """
    last: dict[int, ShownBid] = {}
    for bid in shown:
        last.setdefault(bid.bidder_id, bid)
    winner = auction.leader_id if auction.ending is Ending.SOLD else None

    def place(bid: ShownBid) -> tuple[bool, bool, int, int]:
        return bid.bidder_id != winner, bid.price is None, -bid.price.amount if bid.price else 0, bid.number

    return tuple(sorted(last.values(), key=place))
