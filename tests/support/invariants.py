"""The nine invariants of money (spec, section 2), checked on a dump of all items, wherever they were stored.

A tenth is about people: what is told of them is what their deals gave.

assert_invariants(dump_of(app.store))                       # the in-memory store
assert_invariants(Dump(wallets=[...], auctions=[...], ...)) # items read from a real one
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields

from starbid.domain.auction import Auction, Bid, BidKind, Ending
from starbid.domain.deals import Deal, DealState
from starbid.domain.ledger import ESCROW, REVENUE, Transfer, receivable_account, user_account
from starbid.domain.payments import Charge, ChargeState
from starbid.domain.people import Person, Reputation
from starbid.domain.wallet import Wallet

from .memory_store import FakeStore


@dataclass(frozen=True)
class Dump:
    """All items at one moment between two transactions."""

    people: Iterable[Person] = ()
    wallets: Iterable[Wallet] = ()
    auctions: Iterable[Auction] = ()
    bids: Iterable[Bid] = ()
    transfers: Iterable[Transfer] = ()
    deals: Iterable[Deal] = ()
    charges: Iterable[Charge] = ()


def dump_of(store: FakeStore) -> Dump:
    """Everything the in-memory store holds."""
    tables = store.tables.snapshot()
    return Dump(**{table.name: list(getattr(tables, table.name).values()) for table in fields(Dump)})


def assert_invariants(dump: Dump) -> None:
    """Fails with every violation in words."""
    found = violations(dump)
    assert not found, "\n".join(found)


def violations(dump: Dump) -> list[str]:
    """What is wrong, one sentence each; empty where all is well."""
    books = _Books(dump)
    checks = (
        _accounts_add_up,
        _nothing_is_negative,
        _held_is_what_leads,
        _one_hold_a_lot,
        _charges_count_once,
        _deals_add_up,
        _ledger_rebuilds_wallets,
        _endings_have_their_money,
        _counters_are_what_deals_say,
    )
    return [violation for check in checks for violation in check(books)]


class _Books:
    """A dump, sorted for looking things up."""

    def __init__(self, dump: Dump) -> None:
        self.people = list(dump.people)
        self.wallets = list(dump.wallets)
        self.auctions = list(dump.auctions)
        self.charges = list(dump.charges)
        self.transfers = {transfer.id: transfer for transfer in dump.transfers}
        self.deals = {deal.auction_id: deal for deal in dump.deals}
        self.balances: Counter[tuple[str, str]] = Counter()
        for transfer in self.transfers.values():
            for entry in transfer.entries:
                self.balances[entry.account, entry.change.currency] += entry.change.amount
        self.bids: defaultdict[str, list[Bid]] = defaultdict(list)
        for bid in sorted(dump.bids, key=lambda bid: bid.number):
            self.bids[bid.auction_id].append(bid)

    def moved(self, transfer_id: str, account: str) -> int | None:
        """What a transfer did to an account; None where there is no such transfer."""
        transfer = self.transfers.get(transfer_id)
        return transfer and sum(e.change.amount for e in transfer.entries if e.account == account)


def _accounts_add_up(books: _Books) -> Iterator[str]:
    """1: the sum over all accounts of a currency is 0."""
    totals: Counter[str] = Counter()
    for (_, currency), balance in books.balances.items():
        totals[currency] += balance
    yield from (f"1: the accounts in {currency} sum up to {total}" for currency, total in totals.items() if total)


def _nothing_is_negative(books: _Books) -> Iterator[str]:
    """2: available >= 0, held >= 0; and so is what is owed."""
    for wallet in books.wallets:
        for name, amount in (("available", wallet.available), ("held", wallet.held), ("owed", wallet.owed)):
            if amount.amount < 0:
                yield f"2: {name} of {wallet.user_id} is {amount.amount} {amount.currency}"


def _held_is_what_leads(books: _Books) -> Iterator[str]:
    """3: held of a person = the sum of their leading maxima."""
    leading: Counter[tuple[int, str]] = Counter()
    for auction in books.auctions:
        if auction.ending is Ending.OPEN and auction.leader_id is not None and auction.leader_maximum is not None:
            leading[auction.leader_id, auction.currency] += auction.leader_maximum.amount
    held = Counter({(wallet.user_id, wallet.currency): wallet.held.amount for wallet in books.wallets})
    for key in leading.keys() | held.keys():
        if leading[key] != held[key]:
            yield f"3: {key[0]} holds {held[key]} {key[1]} and leads with {leading[key]}"


def _one_hold_a_lot(books: _Books) -> Iterator[str]:
    """4 and 6: the bid rows tell of one hold at a time, each ended by exactly one other or by the lot's end."""
    for auction in books.auctions:
        rows = books.bids[auction.id]
        if [row.number for row in rows] != list(range(1, auction.bids_count + 1)):
            yield f"4: {auction.id} counts {auction.bids_count} bids and has rows {[row.number for row in rows]}"
            continue
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


def _charges_count_once(books: _Books) -> Iterator[str]:
    """5: each charge is credited exactly once and refunded at most once."""
    kinds: Counter[tuple[str, str]] = Counter()
    for transfer_id in books.transfers:
        kind, _, rest = transfer_id.partition(":")
        kinds[kind, rest if kind == "stars" else rest.rpartition(":")[0]] += 1
    known = {charge.id for charge in books.charges}
    for kind, charge_id in kinds:
        if kind in ("stars", "refund", "refund-undone") and charge_id not in known:
            yield f"5: {kind} of {charge_id}, which nobody paid"
    for charge in books.charges:
        credited = kinds["stars", charge.id]
        refunded = kinds["refund", charge.id] - kinds["refund-undone", charge.id]
        if credited != 1:
            yield f"5: {charge.id} was credited {credited} times"
        if refunded != (charge.state is not ChargeState.CREDITED):
            yield f"5: {charge.id} is {charge.state} and was refunded {refunded} times"


def _deals_add_up(books: _Books) -> Iterator[str]:
    """7: what a buyer is debited = what the seller gets + the fee; what is under way is in escrow."""
    escrow: Counter[str] = Counter()
    for deal in books.deals.values():
        price, lot = deal.price.amount, deal.auction_id
        paid = books.moved(f"release:{lot}", user_account(deal.seller_id))
        fee = books.moved(f"release:{lot}", REVENUE)
        back = books.moved(f"return:{lot}", user_account(deal.buyer_id))
        if books.moved(f"sale:{lot}", user_account(deal.buyer_id)) != -price:
            yield f"7: the buyer of {lot} was not debited {price}"
        if deal.state is DealState.COMPLETED:
            if (paid, fee, back) != (price - deal.fee.amount, deal.fee.amount, None):
                yield f"7: {lot} was sold for {price}, the seller got {paid}, the fee was {fee}, back went {back}"
        elif deal.state is DealState.REFUNDED:
            if (paid, fee, back) != (None, None, price):
                yield f"7: {lot} was returned for {price}, the seller got {paid}, the fee was {fee}, back went {back}"
        else:
            escrow[deal.price.currency] += price
            if (paid, back) != (None, None):
                yield f"7: {lot} is under way, the seller got {paid}, back went {back}"
    for currency in {currency for _, currency in books.balances}:
        if books.balances[ESCROW, currency] != escrow[currency]:
            yield f"7: escrow holds {books.balances[ESCROW, currency]} {currency}, the deals say {escrow[currency]}"


def _ledger_rebuilds_wallets(books: _Books) -> Iterator[str]:
    """8: rebuilding balances from the ledger gives the stored ones."""
    stored: Counter[tuple[str, str]] = Counter()
    for wallet in books.wallets:
        own = wallet.available.amount + wallet.held.amount
        stored[user_account(wallet.user_id), wallet.currency] = own
        stored[receivable_account(wallet.user_id), wallet.currency] = -wallet.owed.amount
    rebuilt = {key: sum_ for key, sum_ in books.balances.items() if key[0].startswith(("user:", "receivable:"))}
    for key in stored.keys() | rebuilt.keys():
        if stored[key] != rebuilt.get(key, 0):
            yield f"8: {key} is stored as {stored[key]}, the ledger says {rebuilt.get(key, 0)}"


def _endings_have_their_money(books: _Books) -> Iterator[str]:
    """9: money and the lot's state changed together: sold, its deal and its price in escrow are there or none is."""
    for auction in books.auctions:
        sold = auction.ending is Ending.SOLD
        deal = books.deals.get(auction.id)
        captured = books.moved(f"sale:{auction.id}", ESCROW)
        if (deal is not None, captured is not None) != (sold, sold):
            yield f"9: {auction.id} is {auction.ending}, its deal is {deal}, captured {captured}"
        elif deal and (deal.buyer_id, deal.price, captured) != (auction.leader_id, auction.price, deal.price.amount):
            yield f"9: {auction.id} was sold to {auction.leader_id} at {auction.price}, its deal is {deal}"
        rows = books.bids[auction.id]
        if any(row.kind is BidKind.BUY for row in rows[:-1]) or (not sold and rows and rows[-1].kind is BidKind.BUY):
            yield f"9: {auction.id} was bought and went on"


def _counters_are_what_deals_say(books: _Books) -> Iterator[str]:
    """10: a person's counters are what their deals gave, each once, and nothing of a rating that is hidden."""
    given: Counter[tuple[int, str]] = Counter()
    for deal in books.deals.values():
        if deal.state is not DealState.COMPLETED:
            continue
        given.update([(deal.seller_id, "sold"), (deal.buyer_id, "bought")])
        if deal.due_at is not None and len(deal.ratings) != 1:
            yield f"10: {deal.auction_id} hides {len(deal.ratings)} ratings"
        for rating in deal.ratings if deal.due_at is None else ():
            whom, side = (deal.buyer_id, "buyer") if rating.by_seller else (deal.seller_id, "seller")
            given.update({(whom, f"{side}_stars"): rating.stars, (whom, f"{side}_ratings"): 1})
    for person in books.people:
        expected = Reputation(**{name: given[person.id, name] for name in Reputation().counters()})
        if person.reputation != expected:
            yield f"10: {person.id} has {person.reputation}, the deals say {expected}"
