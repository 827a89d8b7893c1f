"""All items at one moment, indexed: what the checks of the invariants read."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from starbid.domain.assistant.account import Account, Pack
from starbid.domain.auction import Auction, Bid, Ending
from starbid.domain.deals import Deal
from starbid.domain.events import AnyEvent
from starbid.domain.ledger import Transfer
from starbid.domain.payments import Charge, Order
from starbid.domain.payouts import Payout
from starbid.domain.people import Person
from starbid.domain.wallet import Wallet


@dataclass(frozen=True)
class Dump:
    """All items at one moment between two transactions. `events` None: the outbox is not checked."""

    people: Iterable[Person] = ()
    wallets: Iterable[Wallet] = ()
    auctions: Iterable[Auction] = ()
    bids: Iterable[Bid] = ()
    transfers: Iterable[Transfer] = ()
    deals: Iterable[Deal] = ()
    charges: Iterable[Charge] = ()
    payouts: Iterable[Payout] = ()
    orders: Iterable[Order] = ()
    accounts: Iterable[Account] = ()
    used_packs: Iterable[Pack] = ()
    events: Iterable[AnyEvent] | None = None


class Books:
    """A dump, by its keys. `in_order`: its transfers are in the order of booking."""

    def __init__(self, dump: Dump, *, in_order: bool = True) -> None:
        self.people = list(dump.people)
        self.wallets = list(dump.wallets)
        self.auctions = list(dump.auctions)
        self.charges = list(dump.charges)
        self.payouts = list(dump.payouts)
        self.in_order = in_order
        self.transfers = {transfer.id: transfer for transfer in dump.transfers}
        self.deals = {deal.auction_id: deal for deal in dump.deals}
        self.orders = {order.id: order for order in dump.orders}
        self.accounts = {account.user_id: account for account in dump.accounts}
        self.used_packs = {pack.id: pack for pack in dump.used_packs}
        self.events = None if dump.events is None else {event.id: event for event in dump.events}
        self.balances: Counter[tuple[str, str]] = Counter()
        for transfer in self.transfers.values():
            for entry in transfer.entries:
                self.balances[entry.account, entry.change.currency] += entry.change.amount
        self.bids: defaultdict[str, list[Bid]] = defaultdict(list)
        for bid in sorted(dump.bids, key=lambda bid: bid.number):
            self.bids[bid.auction_id].append(bid)

    def packs_of(self, user_id: int) -> tuple[Pack, ...]:
        """Those of the helper that are not used up."""
        account = self.accounts.get(user_id)
        return account.packs if account else ()

    def moved(self, transfer_id: str, account: str) -> int | None:
        """The change of an account by a transfer; None if there is no such transfer."""
        transfer = self.transfers.get(transfer_id)
        return None if transfer is None else sum(e.change.amount for e in transfer.entries if e.account == account)


def is_sold(auction: Auction) -> bool:
    """Sold, or decided and closing."""
    return Ending.SOLD in (auction.ending, auction.outcome)
