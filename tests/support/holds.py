"""Invariants 3, 4 and 6: the rows of bids record all holds, and the wallets hold what the rows say.

And 11, about the log: the rows are chained, and a downloaded log passes its check.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from starbid.domain import audit
from starbid.domain.auction import Auction, Bid, Ending
from starbid.domain.audit_check import problems
from starbid.domain.kinds import kind_of
from starbid.domain.kinds.base import latest_by_bidder

from .books import Books, is_sold

Holds = dict[int, int]
"""What is held on a lot, by person."""


def held_is_what_backs_bids(books: Books) -> Iterator[str]:
    """3: held of a person = the sum of their leading maxima + their unreleased sealed bids.

    And the stakes that a wallet names are those sealed bids, lot by lot.
    """
    expected: Counter[tuple[int, str]] = Counter()
    stakes: dict[tuple[int, str], dict[str, int]] = {}
    for auction in books.auctions:
        for who, amount in holds_on(auction, books.bids[auction.id]).items():
            expected[who, auction.currency] += amount
            if kind_of(auction).is_sealed:
                stakes.setdefault((who, auction.currency), {})[auction.id] = amount
    wallets = {(wallet.user_id, wallet.currency): wallet for wallet in books.wallets}
    for key in expected.keys() | wallets.keys():
        held = wallets[key].held.amount if key in wallets else 0
        named = {lot: stake.amount for lot, stake in wallets[key].stakes.items()} if key in wallets else {}
        if held != expected[key]:
            yield f"3: {key[0]} holds {held} {key[1]}, the bids that count make {expected[key]}"
        if named != stakes.get(key, {}):
            yield f"3: {key[0]} has the stakes {named}, the sealed bids that count are {stakes.get(key, {})}"


def holds_on(auction: Auction, rows: list[Bid]) -> Holds:
    """Who has how much held on a lot now. In a sealed one: everybody's last bid, but those that have been released."""
    if not kind_of(auction).is_sealed:
        leads = auction.ending is Ending.OPEN and auction.leader_id is not None and auction.leader_maximum is not None
        return {auction.leader_id: auction.leader_maximum.amount} if leads else {}  # type: ignore[dict-item,union-attr]
    if auction.is_final:
        return {}
    below = auction.released_from or auction.bids_count + 1
    captured = auction.leader_id if is_sold(auction) else None
    last = latest_by_bidder(rows)
    return {who: row.maximum.amount for who, row in last.items() if row.number < below and who != captured}


def rows_tell_of_holds(books: Books) -> Iterator[str]:
    """4 and 6: the rows have one hold at a time (English), or one growing hold per person (sealed).

    Each is ended by exactly one other row or by the lot's end.
    """
    for auction in books.auctions:
        rows = books.bids[auction.id]
        if [row.number for row in rows] != list(range(1, auction.bids_count + 1)):
            yield f"4: {auction.id} counts {auction.bids_count} bids and has rows {[row.number for row in rows]}"
        elif kind_of(auction).is_sealed:
            yield from _sealed_rows(auction, rows)
        else:
            yield from _open_rows(auction, rows)


def _open_rows(auction: Auction, rows: list[Bid]) -> Iterator[str]:
    holder, held = None, 0
    for row in rows:
        yield from _row_is_sound(row, holder, held)
        if row.leads:
            holder, held = row.bidder_id, row.maximum.amount
    last = (auction.leader_id, auction.leader_maximum.amount if auction.leader_maximum else 0)
    if last != (holder, held):
        yield f"4: {auction.id} is led by {last}, its bids say {(holder, held)}"
    if rows and rows[-1].price != auction.price:
        yield f"4: {auction.id} stands at {auction.price.amount}, its bids say {rows[-1].price.amount}"


def _row_is_sound(row: Bid, holder: int | None, held: int) -> Iterator[str]:
    name = f"{row.auction_id}#{row.number}"
    takes_over = row.leads and holder not in (None, row.bidder_id)
    released = row.released.amount if row.released else 0
    if takes_over and (row.outbid_id, released) != (holder, held):
        yield f"6: {name} released {released} of {row.outbid_id}, where {holder} held {held}"
    if not takes_over and row.outbid_id is not None:
        yield f"6: {name} released the hold of {row.outbid_id}, who kept the lead"
    if not row.leads and row.leader_id != holder:
        yield f"6: {name} gave the lead to {row.leader_id}, who did not bid"


def _sealed_rows(auction: Auction, rows: list[Bid]) -> Iterator[str]:
    """The best two are those of the rows, the earlier of equals; raises rise; the winner pays at most the hold."""
    known: Holds = {}
    for row in rows:
        if row.maximum.amount <= known.get(row.bidder_id, 0):
            yield f"6: {auction.id}#{row.number} lowers what {row.bidder_id} has held"
        if row.outbid_id is not None or row.price != auction.terms.start_price:
            yield f"4: {auction.id}#{row.number} tells of what is sealed"
        known[row.bidder_id] = row.maximum.amount
    last = [row for row in latest_by_bidder(rows).values() if row.bidder_id not in auction.left_out]
    best = sorted(last, key=lambda row: (-row.maximum.amount, row.number))[:2]
    ranked = [(row.bidder_id, row.maximum) for row in best]
    kept = [(auction.leader_id, auction.leader_maximum), (auction.runner_up_id, auction.runner_up_maximum)]
    if [pair for pair in kept if pair[0] is not None] != ranked:
        yield f"4: {auction.id} keeps {kept} as the best two, its bids say {ranked}"
    if is_sold(auction) and best and auction.price.amount != _price(auction, best):
        yield f"6: {auction.id} captured {auction.price}, the rules make {_price(auction, best)} of {ranked}"


def _price(auction: Auction, best: list[Bid]) -> int:
    """Sealed: what the best bid; Vickrey: max(start, reserve, second highest)."""
    if auction.terms.kind == "sealed":
        return best[0].maximum.amount
    reserve = auction.terms.reserve_price.amount if auction.terms.reserve_price else 0
    return max(auction.terms.start_price.amount, reserve, best[1].maximum.amount if len(best) > 1 else 0)


def logs_are_sound(books: Books) -> Iterator[str]:
    """11: each row's hash covers the previous one, the lot has the last hash, and an ended lot's log passes its check.

    Hashing all logs after each of thousands of steps takes longer than the steps. Results are cached while the lot
    and its rows, which are immutable, are the same objects.
    """
    for auction in books.auctions:
        rows = books.bids[auction.id]
        last = _looked_at.get(auction.id)
        if last is None or not (last.auction is auction and _are_the_same(last.rows, rows)):
            last = _looked_at[auction.id] = _Look(auction, rows, list(_unsound(auction, rows)))
        yield from last.found


@dataclass(frozen=True)
class _Look:
    auction: Auction
    rows: list[Bid]
    found: list[str]


_looked_at: dict[str, _Look] = {}


def _are_the_same(some: list[Bid], others: list[Bid]) -> bool:
    return len(some) == len(others) and all(one is other for one, other in zip(some, others, strict=True))


def _unsound(auction: Auction, rows: list[Bid]) -> Iterator[str]:
    before = audit.digest(audit.terms_of(auction))
    for row in rows:
        before = audit.digest(audit.entry(auction, row, before))
        if row.chain != before:
            yield f"11: {auction.id}#{row.number} does not stand on the entry before it"
    if audit.head_of(auction) != before:
        yield f"11: {auction.id} bears another head than its last entry"
    if auction.is_final:
        opened = kind_of(auction).opened(auction, rows) if is_sold(auction) else frozenset()
        log = audit.log_of(auction, rows, opened)
        yield from (f"11: {auction.id}: {problem}" for problem in problems(log, before))
