"""The market's past while it is made: everything that its units wrote, kept in memory.

The rules are the product's own (`starbid.domain`); nobody else acts meanwhile, so no unit has to look before it writes.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime

from starbid.domain.auction import Auction, Bid
from starbid.domain.deals import Deal
from starbid.domain.events import AnyEvent
from starbid.domain.ledger import Transfer
from starbid.domain.lots import Card
from starbid.domain.money import Money
from starbid.domain.payments import Charge
from starbid.domain.people import Person, Reputation
from starbid.domain.wallet import Wallet, WalletChange


@dataclass
class Books:
    """Has the verbs of `ports.Unit` that the past needs; each writes at once."""

    people: dict[int, Person] = field(default_factory=dict)
    wallets: dict[tuple[int, str], Wallet] = field(default_factory=dict)
    auctions: dict[str, Auction] = field(default_factory=dict)
    cards: dict[str, Card] = field(default_factory=dict)
    deals: dict[str, Deal] = field(default_factory=dict)
    bids: list[Bid] = field(default_factory=list)
    charges: list[Charge] = field(default_factory=list)
    transfers: list[Transfer] = field(default_factory=list)
    events: list[AnyEvent] = field(default_factory=list)
    pairs: dict[frozenset[int], Deal] = field(default_factory=dict)

    def wallet(self, user_id: int, currency: str) -> Wallet:
        return self.wallets.get((user_id, currency)) or Wallet.empty(user_id, currency)

    def create_auction(self, auction: Auction, card: Card) -> None:
        self.auctions[auction.id], self.cards[auction.id] = auction, card

    def save_auction(self, _before: Auction, after: Auction) -> None:
        self.auctions[after.id] = after

    def add_bid(self, bid: Bid) -> None:
        self.bids.append(bid)

    def change_wallet(self, change: WalletChange, *_standing: object, **_bids_at: object) -> None:
        wallet = self.wallet(change.user_id, change.available.currency).after(change)
        if change.bought:
            wallet = replace(wallet, bought=wallet.bought + change.bought)
        assert wallet.available.amount >= 0, "a past that nobody could pay"
        self.wallets[change.user_id, change.available.currency] = wallet

    def require_money(self, user_id: int, amount: Money, bids_at: datetime) -> None:
        """It was looked at before."""

    def post(self, transfer: Transfer) -> None:
        self.transfers.append(transfer)

    def open_deal(self, deal: Deal) -> None:
        self.deals[deal.auction_id] = deal

    def save_deal(self, _before: Deal, after: Deal) -> None:
        self.deals[after.auction_id] = after

    def emit(self, event: AnyEvent) -> None:
        self.events.append(event)

    def add_charge(self, charge: Charge) -> None:
        self.charges.append(charge)

    def count_pair(self, deal: Deal) -> bool:
        """False where these two count already."""
        pair = frozenset((deal.seller_id, deal.buyer_id))
        return self.pairs.setdefault(pair, deal) is deal

    def add_reputation(self, user_id: int, gain: Reputation) -> None:
        person = self.people[user_id]
        self.people[user_id] = replace(person, reputation=person.reputation + gain)
