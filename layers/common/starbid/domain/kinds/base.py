"""What every kind of auction has to know, and what most kinds have in common."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from starbid.domain.auction import Auction, Bid, BidKind, Ending, Status, Terms
from starbid.domain.errors import AuctionClosed, Invalid, InvalidFields, LotChanged, NotStarted, OwnAuction
from starbid.domain.kinds.descent import Descent
from starbid.domain.money import Money
from starbid.domain.pause import Paused
from starbid.domain.sentences import Sentence
from starbid.domain.wallet import WalletChange

Amounts = Mapping[str, Money | None]
Seconds = Mapping[str, int | None]
OPTIONAL_AMOUNTS = ("reserve_price", "buy_now_price", "bid_step", "floor_price", "drop_amount")
"""The optional amounts of a form; a kind uses some of them."""


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
    """The rules of one kind. All of it is pure; `now` is aware, UTC.

    `is_sealed`: bids are hidden from everybody until the close, and each of them is held, not the leader's alone.
    `falls`: the price falls by the clock, so the lot is bought, not bid on. `label` names it, and so does the `badge`
    on it, which an ordinary auction has not. `line` says in a sentence what is special about it, to one who has to
    choose. `pays` is what winning costs, where one who names an amount might take it for the price; None elsewhere.
    `staked` is what the bidder has bid on the lot already, where bids are sealed; None where they have not.
    """

    name: str
    is_sealed: bool
    falls: bool
    label: Sentence
    badge: Sentence | None
    line: Sentence
    pays: Sentence | None

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields of a form that belong to this kind, besides those that every lot has."""

    def terms(self, amounts: Amounts, seconds: Seconds) -> Terms:
        """The terms from a form's fields; raises InvalidFields. `seconds` has `duration_seconds` among others."""

    def contradictions(self, amounts: Amounts, seconds: Seconds) -> list[Invalid]:
        """Which of a form's fields cannot be together, or not in this kind; what is not known contradicts nothing."""

    def bid(self, auction: Auction, bidder_id: int, maximum: Money, now: datetime, staked: Money | None) -> Accepted:
        """A bid up to `maximum`; raises the refusals of spec section 3."""

    def least_bid(self, auction: Auction, bidder_id: int, staked: Money | None) -> Money:
        """The least that this person may bid now."""

    def buy(self, auction: Auction, buyer_id: int, seen_price: Money, now: datetime) -> Money:
        """The price at which `buyer_id` may end the lot at once; raises PriceMoved where it is not as they saw it."""

    def view(self, auction: Auction, now: datetime) -> View:
        """What the public sees."""

    def descent(self, terms: Terms) -> Descent | None:
        """How the price falls by itself; None where only bids move it."""
        return None

    def next_fall(self, auction: Auction, now: datetime, apart: timedelta = timedelta(0)) -> datetime | None:
        """When the price falls next by the clock alone; of a lot that has not begun, its start. None: never again.

        With `apart`, only such falls count as lie that far from each other.
        """
        return None

    def counted(self, auction: Auction, bidder_id: int, maximum: Money) -> Auction:
        """The standing with this bid after those before it, whatever the clock says: leaders, price, number of bids."""

    def winner(self, auction: Auction) -> tuple[int, Money] | None:
        """(winner, price) if the lot ended as it stands, None for no sale."""

    def list_price(self, auction: Auction) -> Money:
        """The price that a live lot is sorted and filtered by in lists."""

    def rules(self, auction: Auction, now: datetime) -> tuple[Sentence, ...]:
        """How this lot works, in plain words, as it stands at `now`: nothing is promised that is gone."""

    def why(self, auction: Auction) -> tuple[Sentence, ...]:
        """Why a sold lot costs what it does: which rule set the price."""

    def opened(self, auction: Auction, rows: Sequence[Bid]) -> frozenset[int]:
        """Numbers of the bids of a sold lot whose commitments are opened; `audit.RESERVE` for the reserve.

        As far as the price needs it: never the winner's own maximum unless it set the price.
        """


def require_open(auction: Auction, person_id: int, now: datetime) -> None:
    """Bidding is open if `starts_at <= now < ends_at`, whether or not the closer has run, and nothing is paused; never
    to the seller. Raises Paused, NotStarted, AuctionClosed, OwnAuction, in this order.
    """
    if auction.is_paused(now):
        raise Paused
    status = auction.status(now)
    if status is Status.SCHEDULED:
        raise NotStarted
    if status is not Status.LIVE:
        raise AuctionClosed
    if person_id == auction.seller_id:
        raise OwnAuction


def require_seen(auction: Auction, person_id: int, card_version: int | None, now: datetime) -> None:
    """Open for this person, and on the words that they saw; None where the surface shows none (spec, section 3).

    Raises what `require_open` raises, and LotChanged.
    """
    require_open(auction, person_id, now)
    if card_version is not None and card_version != auction.card_version:
        raise LotChanged(auction.card_version)


def require_amount(amount: Money, auction: Auction, field: str = "amount") -> None:
    """A positive amount in the lot's currency."""
    if amount.currency != auction.currency:
        raise Invalid(field, "currency")
    if amount.amount <= 0:
        raise Invalid(field, "positive")


def required(amounts: Amounts, *names: str) -> tuple[Money, ...]:
    """These amounts; raises InvalidFields for those that are missing."""
    missing = tuple(Invalid(name, "required") for name in names if amounts.get(name) is None)
    if missing:
        raise InvalidFields(missing)
    return tuple(amount for name in names if (amount := amounts[name]) is not None)


def foreign_to(kind: Kind, amounts: Amounts) -> list[Invalid]:
    """Faults of amounts that were given and mean nothing in this kind."""
    return [Invalid(name, "not_for_type") for name in OPTIONAL_AMOUNTS if name not in kind.fields and amounts.get(name)]


def below_start(start: Money | None, reserve: Money | None) -> list[Invalid]:
    """The fault of a reserve below the start price."""
    if not start or not reserve or reserve >= start:
        return []
    return [Invalid("reserve_price", "below_start", least=start.amount, currency=start.currency)]


def shown_leader(auction: Auction) -> int | None:
    """The leader or winner; nobody where nobody won."""
    return None if auction.ending in (Ending.UNSOLD, Ending.CANCELLED) else auction.leader_id


def row_of(
    before: Auction,
    after: Auction,
    kind: BidKind,
    bidder_id: int,
    maximum: Money,
    now: datetime,
    *,
    sealed: bool = False,
) -> Bid:
    """The row of the bid that led from `before` to `after`; it is not chained to the log yet."""
    leader_id = bidder_id if sealed else after.leader_id
    assert leader_id is not None
    return Bid(
        auction_id=after.id,
        number=after.bids_count,
        kind=kind,
        bidder_id=bidder_id,
        seller_id=after.seller_id,
        maximum=maximum,
        placed_at=now,
        price=after.price,
        leader_id=leader_id,
        ends_at=after.ends_at,
        extended=after.ends_at > before.ends_at,
        sealed=sealed,
        version=after.version,
    )


def latest_by_bidder(rows: Sequence[Bid]) -> dict[int, Bid]:
    """The last row of each bidder, which holds their highest maximum."""
    return {row.bidder_id: row for row in sorted(rows, key=lambda row: row.number)}
