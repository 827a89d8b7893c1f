"""Bids that are decided together: the rule of one bid, folded over those who wait, in order of arrival.

What comes of it is what would have come of placing one after the other (spec, section 3, "Who"): a person may lead and
be outbid within a batch, and their wallet changes by the difference alone.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from starbid.domain.auction import Auction, Bid
from starbid.domain.closing import Closed
from starbid.domain.deals import DealTimes
from starbid.domain.errors import StarbidError
from starbid.domain.intents import Intent, Outcome, Placed, Refused, Repeated, Wish
from starbid.domain.kinds.base import Accepted
from starbid.domain.money import Money
from starbid.domain.placing import place_bid, place_purchase
from starbid.domain.wallet import Wallet, WalletChange

PURCHASE_ITEMS = 12
"""The most that a purchase writes besides outcomes: the lot, the row, three wallets, transfer, deal, event, record."""


@dataclass(frozen=True, slots=True)
class Share:
    """What a batch does to one wallet. `change` is the difference of all its holds, None where there is none.

    `needed` must be available beforehand, so that each bid of the person finds its money in its turn; None for one who
    bids nothing and gets a hold back.
    """

    user_id: int
    change: WalletChange | None
    needed: Money | None


@dataclass(frozen=True, slots=True)
class Batch:
    """What is decided together, to be written in one transaction.

    Where `closed` is there, somebody bought the lot: `rows` and `shares` are empty, its own changes are in it.
    """

    before: Auction
    after: Auction
    rows: tuple[Bid, ...]
    shares: tuple[Share, ...]
    outcomes: tuple[tuple[Intent, Outcome], ...]
    closed: Closed | None = None


def decide(
    auction: Auction,
    wallets: Mapping[int, Wallet],
    intents: Iterable[Intent],
    answered: Collection[str],
    fee_percent: int,
    times: DealTimes,
    room: int,
) -> Batch:
    """Decide as many of `intents`, in their order, as one transaction of `room` items has room for.

    `wallets` are those of all who wish something, as read; who has none has no money. `answered` are the keys of
    requests that were decided before. A purchase ends its batch, and begins it: bids before it are a batch of theirs.
    """
    fold = _Fold(auction, dict(wallets), set(answered), fee_percent, times, room)
    for intent in intents:
        if not fold.take(intent):
            break
    return fold.batch(auction)


@dataclass(slots=True)
class _Fold:
    auction: Auction
    wallets: dict[int, Wallet]
    answered: set[str]
    fee_percent: int
    times: DealTimes
    room: int
    rows: list[Bid] = field(default_factory=list)
    changes: dict[int, WalletChange] = field(default_factory=dict)
    needed: dict[int, Money] = field(default_factory=dict)
    outcomes: list[tuple[Intent, Outcome]] = field(default_factory=list)
    closed: Closed | None = None

    def take(self, intent: Intent) -> bool:
        """Decide it, unless there is no room; answers whether there may be room for more."""
        if self._items() >= self.room:
            return False
        if intent.memory and intent.memory.key in self.answered:
            self.outcomes.append((intent, Repeated()))
            return True
        wallet = self.wallets.get(intent.person_id) or Wallet.empty(intent.person_id, self.auction.currency)
        try:
            if intent.wish is Wish.BUY:
                return self._buy(intent, wallet)
            return self._bid(intent, place_bid(self.auction, intent, wallet))
        except StarbidError as refusal:
            self.outcomes.append((intent, Refused(refusal)))
            return True

    def batch(self, before: Auction) -> Batch:
        people = dict.fromkeys((*self.changes, *self.needed))
        shares = tuple(Share(who, _moved(self.changes.get(who)), self.needed.get(who)) for who in people)
        return Batch(before, self.auction, tuple(self.rows), shares, tuple(self.outcomes), self.closed)

    def _items(self) -> int:
        """How much of the room is taken."""
        records = sum(1 for intent, outcome in self.outcomes if intent.memory and isinstance(outcome, Placed))
        people = self.changes.keys() | self.needed.keys()
        lot = PURCHASE_ITEMS if self.closed else bool(self.rows)
        return lot + len(self.rows) + len(people) + len(self.outcomes) + records

    def _bid(self, intent: Intent, accepted: Accepted) -> bool:
        people = {intent.person_id, *(change.user_id for change in accepted.wallets)}
        new = len(people - self.changes.keys() - self.needed.keys())
        if self._items() + (not self.rows) + 2 + bool(intent.memory) + new > self.room:
            return False
        self._need(intent.person_id, accepted.needed)
        for change in accepted.wallets:
            self._change(change)
        self.rows.append(accepted.bid)
        self._place(intent, accepted.auction)
        return True

    def _need(self, person_id: int, needed: Money) -> None:
        """In terms of what was available before the batch: holds of it that ended, or were made, count."""
        moved = self.changes.get(person_id)
        beforehand = needed - moved.available if moved else needed
        known = self.needed.get(person_id)
        self.needed[person_id] = max(known, beforehand) if known else beforehand

    def _change(self, change: WalletChange) -> None:
        before = self.changes.get(change.user_id)
        self.changes[change.user_id] = before.and_then(change) if before else change
        if change.user_id in self.wallets:
            self.wallets[change.user_id] = self.wallets[change.user_id].after(change)

    def _buy(self, intent: Intent, wallet: Wallet) -> bool:
        closed = place_purchase(self.auction, intent, wallet, self.fee_percent, self.times)
        if self.rows or self._items() + PURCHASE_ITEMS + 1 > self.room:
            return False
        self.closed = closed
        self._place(intent, closed.auction)
        return True

    def _place(self, intent: Intent, after: Auction) -> None:
        self.auction = after
        self.outcomes.append((intent, Placed(after.bids_count)))
        if intent.memory:
            self.answered.add(intent.memory.key)


def _moved(change: WalletChange | None) -> WalletChange | None:
    """None where the holds of a person came to nothing in the end."""
    return change if change and (change.available.amount or change.held.amount or change.stake) else None
