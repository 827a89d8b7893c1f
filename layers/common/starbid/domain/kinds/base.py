"""What every kind of auction has to know, and the refusals that all kinds share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from starbid.domain.auction import Auction, Bid, Status, Terms
from starbid.domain.errors import AuctionClosed, Invalid, NotStarted, OwnAuction
from starbid.domain.money import Money
from starbid.domain.wallet import WalletChange


@dataclass(frozen=True, slots=True)
class Accepted:
    """An accepted bid: the auction after it, its row, and the holds it made and released.

    `needed` is what the bidder must have available, also where nothing of it is held because they do not lead.
    """

    auction: Auction
    bid: Bid
    needed: Money
    wallets: tuple[WalletChange, ...]


@dataclass(frozen=True, slots=True)
class View:
    """What anyone may see of a lot at a moment."""

    price: Money
    next_min_bid: Money | None
    buy_now_price: Money | None
    leader_id: int | None


class Kind(Protocol):
    """The rules of one kind. All of it is pure; `now` is aware, UTC."""

    name: str

    def terms(self, amounts: Mapping[str, Money | None], seconds: Mapping[str, int]) -> Terms:
        """The terms from a form's fields; raises InvalidFields."""

    def bid(self, auction: Auction, bidder_id: int, maximum: Money, now: datetime) -> Accepted:
        """A bid up to `maximum`; raises the refusals of spec section 3."""

    def least_bid(self, auction: Auction, bidder_id: int) -> Money:
        """The least that this person may bid now."""

    def buy(self, auction: Auction, buyer_id: int, seen_price: Money, now: datetime) -> Money:
        """The price at which `buyer_id` may end the lot at once; raises PriceMoved where it is not `seen_price`."""

    def view(self, auction: Auction, now: datetime) -> View:
        """What the public sees."""

    def winner(self, auction: Auction) -> tuple[int, Money] | None:
        """(winner, price) if the lot ended as it stands, None for no sale."""


def require_open(auction: Auction, person_id: int, now: datetime) -> None:
    """Bidding is open if `starts_at <= now < ends_at`, whether or not the closer has run; never to the seller."""
    status = auction.status(now)
    if status is Status.SCHEDULED:
        raise NotStarted
    if status is not Status.LIVE:
        raise AuctionClosed
    if person_id == auction.seller_id:
        raise OwnAuction


def require_amount(amount: Money, auction: Auction, field: str = "amount") -> None:
    """A positive amount in the lot's currency."""
    if amount.currency != auction.currency:
        raise Invalid(field, "currency")
    if amount.amount <= 0:
        raise Invalid(field, "positive")
