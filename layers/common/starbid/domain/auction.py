"""An auction: what the seller fixed, and where the bidding stands."""

from __future__ import annotations

import hmac
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from starbid.domain.money import Money
from starbid.domain.pause import Pause, clock, holds
from starbid.domain.second_chance_offer import Offer
from starbid.domain.steps import default_step

MAX_DURATION = timedelta(days=30)
SETTLE_AFTER = timedelta(seconds=2)
"""Nothing settles before `ends_at` + this: bids that arrived in time are still on their way (spec, section 3)."""


class Status(StrEnum):
    """What people see. Only `sold`, `unsold` and `cancelled` are final; the first three follow from the clock."""

    SCHEDULED = "scheduled"
    LIVE = "live"
    CLOSING = "closing"
    SOLD = "sold"
    UNSOLD = "unsold"
    CANCELLED = "cancelled"

    @property
    def is_open(self) -> bool:
        """Live, or to become so: there is something to watch, to bid on or to take off the market."""
        return self in (Status.SCHEDULED, Status.LIVE)

    @property
    def is_final(self) -> bool:
        """It is over; only its deal may go on."""
        return self in (Status.SOLD, Status.UNSOLD, Status.CANCELLED)


class Ending(StrEnum):
    """How an auction stands in storage: still `open`, decided and `closing`, or the way it ended."""

    OPEN = "open"
    CLOSING = "closing"
    SOLD = "sold"
    UNSOLD = "unsold"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Terms:
    """What the seller fixed. Durations in seconds; 0 `extend_seconds` turns the soft close off.

    The last three are those of a price that falls.
    """

    kind: str
    start_price: Money
    reserve_price: Money | None = None
    buy_now_price: Money | None = None
    bid_step: Money | None = None
    extend_seconds: int = 120
    max_extension_seconds: int = 7200
    floor_price: Money | None = None
    drop_amount: Money | None = None
    drop_seconds: int | None = None

    @property
    def currency(self) -> str:
        return self.start_price.currency

    def step(self, price: Money) -> Money:
        """The least rise over `price`: the seller's own step, or else the table of spec section 3."""
        return self.bid_step or default_step(price)


@dataclass(frozen=True, slots=True)
class Auction:
    """The hot state of a lot. `leader_maximum` is what the leader has held; `price` what they would pay now.

    A fresh auction has price = start price, no leader, no bids. `scheduled_end` is the end before any extension.
    `runner_up_maximum` is the highest maximum of anybody but the leader. `salt` keeps pseudonyms and commitments of
    this lot from being guessed; `head` is the hash of its last bid (`audit`). While it is closing, `outcome` is the
    ending it will have, and the holds of bids numbered `released_from` and above have been given back.

    `card_version` and `card_hash` are those of the words and pictures, which people bid on. `left_out` are those who
    would have won or set the price at the close, and owed. `offer` is what a runner-up is asked after a sale that fell
    through, `relisted` that its seller has put the lot up again. `hidden`: an operator has taken it out of all
    lists; only those who have to do with it see it and bid on it.

    `carried` is the number of the last pause that its times were moved over, and `stood_still` how much of the time
    since `starts_at` was no time of the lot for that. `pauses` come from the record of them when the lot is read
    (`pausing.under`): no part of what is stored.
    """

    id: str
    seller_id: int
    terms: Terms
    starts_at: datetime
    ends_at: datetime
    scheduled_end: datetime
    price: Money
    salt: str
    leader_id: int | None = None
    leader_maximum: Money | None = None
    runner_up_id: int | None = None
    runner_up_maximum: Money | None = None
    bids_count: int = 0
    head: str = ""
    ending: Ending = Ending.OPEN
    outcome: Ending | None = None
    released_from: int | None = None
    ended_at: datetime | None = None
    cancel_reason: str = ""
    card_version: int = 1
    card_hash: str = ""
    left_out: tuple[int, ...] = ()
    offer: Offer | None = None
    relisted: bool = False
    hidden: bool = False
    version: int = 1
    carried: int = 0
    stood_still: timedelta = timedelta(0)
    pauses: tuple[Pause, ...] = field(default=(), compare=False)

    @property
    def currency(self) -> str:
        return self.terms.currency

    @property
    def falls(self) -> bool:
        """Whether its price falls by its own clock."""
        return self.terms.drop_seconds is not None

    @property
    def duration(self) -> timedelta:
        """How long it is up, without extensions and pauses."""
        return self.scheduled_end - self.starts_at - self.stood_still

    @property
    def reserve_met(self) -> bool:
        """True where there is no reserve, or the leader's maximum covers it."""
        reserve = self.terms.reserve_price
        return reserve is None or (self.leader_maximum is not None and self.leader_maximum >= reserve)

    def offer_to(self, person_id: int | None, now: datetime) -> Offer | None:
        """The offer that this person may still take or decline."""
        return self.offer if self.offer and self.offer.to_id == person_id and self.offer.is_open(now) else None

    @property
    def extended_by(self) -> timedelta:
        return self.ends_at - self.scheduled_end

    def status(self, now: datetime) -> Status:
        if self.ending is not Ending.OPEN:
            return Status(self.ending.value)
        clock = self.clock(now)
        if clock < self.starts_at:
            return Status.SCHEDULED
        return Status.LIVE if clock < self.ends_at else Status.CLOSING

    def is_paused(self, now: datetime) -> bool:
        """Whether nobody may bid or buy at `now`, on this lot or any other."""
        return holds(self._known_pauses, now)

    def stands_still(self, now: datetime) -> bool:
        """Whether it waits for the end of a pause: it is open, and had not ended when the pause began."""
        stopped = (pause for pause in self._known_pauses if pause.holds(now))
        return self.ending is Ending.OPEN and any(self.ends_at > pause.began for pause in stopped)

    def clock(self, now: datetime) -> datetime:
        """What its times are compared with: in a pause the moment at which it came to stand still."""
        return clock(self._known_pauses, self.starts_at, now)

    @property
    def _known_pauses(self) -> tuple[Pause, ...]:
        """A record that lags behind the row does not tell of an end that the row knows."""
        return tuple(pause for pause in self.pauses if pause.ended or pause.number > self.carried)

    @property
    def bought(self) -> bool:
        """Sold by one click at its buy-now price: that ended it before its time."""
        paid_at_once = self.price == self.leader_maximum == self.terms.buy_now_price
        in_its_time = self.ends_at == self.scheduled_end or self.ended_at != self.ends_at
        return self.ending is Ending.SOLD and paid_at_once and not in_its_time

    @property
    def is_final(self) -> bool:
        """Sold, unsold or cancelled, with nothing left to be done."""
        return self.ending not in (Ending.OPEN, Ending.CLOSING)

    @property
    def due_at(self) -> datetime:
        """When it needs attention: 2 s after its end. At once if it is decided and holds are left to be released: an
        admin may cancel a sealed lot long before its end.
        """
        return self.ended_at if self.ending is Ending.CLOSING and self.ended_at else self.ends_at + SETTLE_AFTER

    def is_due(self, now: datetime) -> bool:
        """True from `due_at` on until the auction has been settled and every hold has ended; not in a pause that began
        before its end.
        """
        return not self.is_final and now >= self.due_at and not self.stands_still(now)

    def ended(self, ending: Ending, at: datetime, price: Money | None = None) -> Auction:
        """This auction after its end; the price becomes the one paid where it was sold."""
        return replace(self, ending=ending, ended_at=at, price=price or self.price, version=self.version + 1)

    def pseudonym(self, user_id: int) -> str:
        """A name for a bidder that holds on this lot only and tells nothing about the account.

        The log knows people by it: two of one name would make an honest log look false. With eight digits that happens
        on one lot of 20 million with 20 bidders, on one of 8000 with 1000.
        """
        return f"#{hmac.digest(self.salt.encode(), str(user_id).encode(), 'sha256').hex()[:8]}"


class BidKind(StrEnum):
    BID = "bid"
    RAISE = "raise"
    BUY = "buy"


@dataclass(frozen=True, slots=True)
class Bid:
    """An accepted bid: the record of its hold, and the event of what it did to the lot.

    `number` counts from 1 within the auction. `maximum` is the bidder's; `price`, `leader_id`, `ends_at` are the
    lot's after it. `outbid_id` lost the lead by it and got `released` back. `extended` tells that the end moved.
    `chain` is the hash of this entry in the lot's log (`audit`). A `sealed` bid leads by itself until the close.
    """

    auction_id: str
    number: int
    kind: BidKind
    bidder_id: int
    seller_id: int
    maximum: Money
    placed_at: datetime
    price: Money
    leader_id: int
    ends_at: datetime
    extended: bool = False
    outbid_id: int | None = None
    released: Money | None = None
    sealed: bool = False
    chain: str = ""
    version: int = 1

    @property
    def leads(self) -> bool:
        return self.leader_id == self.bidder_id
