"""What follows a sale: delivery, confirmation, the release or return of the money (spec, section 3)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from starbid.domain.deal_errors import DealFrozen, WrongDealState
from starbid.domain.errors import NotYours
from starbid.domain.ledger import ESCROW, REVENUE, Transfer, TransferKind, escrowed, move, user_account
from starbid.domain.money import CURRENCIES, Money
from starbid.domain.ratings import Rating
from starbid.domain.texts import read_text

DELIVERY_LENGTH = 4000
ADDRESS_TIME = timedelta(days=14)
"""So long the buyer of a physical lot may take to say where it goes; then the price returns."""
PHYSICAL_RELEASE_DAYS = 21
"""In place of `DEAL_RELEASE_DAYS` where what was sold has to travel."""


class DealState(StrEnum):
    AWAITING_ADDRESS = "awaiting_address"
    AWAITING_DELIVERY = "awaiting_delivery"
    DELIVERED = "delivered"
    DISPUTED = "disputed"
    COMPLETED = "completed"
    REFUNDED = "refunded"


UNDELIVERED = (DealState.AWAITING_ADDRESS, DealState.AWAITING_DELIVERY)


@dataclass(frozen=True, slots=True)
class DealTimes:
    """Whole days (`DEAL_RELEASE_DAYS`, `DEAL_DELIVERY_DAYS`)."""

    release_days: int = 7
    delivery_days: int = 7


@dataclass(frozen=True, slots=True)
class Deal:
    """The price sits in escrow from the sale on. `delivery` is what the seller handed over in words, for the buyer's
    eyes only, and `files` how many files came with it (domain.delivered_files).

    `due_at` is when the deal moves on by itself: release after a delivery, return where nothing was delivered; 30 days
    into a dispute; `delivery_days` into a freeze; in a completed deal, when a rating that is hidden until then appears.
    `remind_at` is when it reminds the side it waits for, before that (domain.deal_reminders).
    A physical deal waits for the buyer's address (domain.addresses) and counts the seller's time from `addressed_at`.

    In a dispute the buyer says `dispute`, the seller `answer`, and the admin who settles it `reason`; the two show
    pictures with it (`domain.evidence` says until when).

    A dispute and a freeze (`frozen_at`: the buyer owes) stop the clock: `left` is what was left until `due_at` when it
    began, `idle` the time that counts for no deadline so far. A dispute stops a freeze as well, of which `freeze_left`
    is left for afterwards. `bought` is how much of the price came out of what the
    buyer had paid in: as much is paid in again where it goes back. A completed deal that `counts` stands in the
    reputation of the two. Of `ratings` show people `visible_ratings` only. `second_of` is the lot whose runner-up took
    this one as a second chance.
    """

    auction_id: str
    seller_id: int
    buyer_id: int
    price: Money
    fee: Money
    sold_at: datetime
    due_at: datetime | None
    state: DealState = DealState.AWAITING_DELIVERY
    remind_at: datetime | None = None
    addressed_at: datetime | None = None
    delivery: str | None = None
    files: int = 0
    delivered_at: datetime | None = None
    dispute: str | None = None
    disputed_at: datetime | None = None
    answer: str | None = None
    dispute_pictures: tuple[str, ...] = ()
    answer_pictures: tuple[str, ...] = ()
    reason: str = ""
    ended_at: datetime | None = None
    ratings: tuple[Rating, ...] = ()
    second_of: str = ""
    bought: int = 0
    frozen_at: datetime | None = None
    freeze_left: timedelta = timedelta(0)
    left: timedelta = timedelta(0)
    idle: timedelta = timedelta(0)
    counts: bool = False
    version: int = 1

    @property
    def payout(self) -> Money:
        """What the seller gets: price - fee."""
        return self.price - self.fee

    @property
    def is_open(self) -> bool:
        """The price is in escrow."""
        return self.state not in (DealState.COMPLETED, DealState.REFUNDED)

    @property
    def is_disputed(self) -> bool:
        return self.state is DealState.DISPUTED

    @property
    def is_delivered(self) -> bool:
        return self.delivered_at is not None

    @property
    def is_undelivered(self) -> bool:
        """Nothing was sent so far, and nobody disputes that."""
        return self.state in UNDELIVERED

    @property
    def is_physical(self) -> bool:
        return CURRENCIES[self.price.currency].goods == "physical"

    @property
    def looks_at(self) -> datetime | None:
        """When somebody has to look at it: to remind, or to move it on."""
        return self.remind_at or self.due_at


def open_deal(
    auction_id: str,
    seller_id: int,
    buyer_id: int,
    price: Money,
    bought: Money,
    fee_percent: int,
    now: datetime,
    times: DealTimes,
) -> Deal:
    """A deal at its start. Undelivered after twice `delivery_days` it returns the money by itself; a physical one
    without an address after 14 days.
    """
    fee = price.percent(fee_percent)
    deal = Deal(auction_id, seller_id, buyer_id, price, fee, now, None, bought=bought.amount)
    due = now + (ADDRESS_TIME if deal.is_physical else timedelta(days=2 * times.delivery_days))
    return replace(deal, state=undelivered_state(deal), due_at=due)


def deliver(deal: Deal, person_id: int, text: str, now: datetime, times: DealTimes, files: int = 0) -> Deal:
    """The seller hands over what the buyer needs: 1 to 4000 characters, or none where there are files. The release is
    due `release_after` later.

    Too late once the money is due to return, whether or not that has been done. Raises DealFrozen while the buyer owes.
    """
    require_delivery(deal, person_id, now)
    text = read_text("text", text, 0 if files else 1, DELIVERY_LENGTH)
    due = now + release_after(deal, times)
    return moved(deal, state=DealState.DELIVERED, delivery=text or None, files=files, delivered_at=now, due_at=due)


def release_after(deal: Deal, times: DealTimes) -> timedelta:
    """How long after the delivery the seller is paid, if the buyer says nothing."""
    return timedelta(days=PHYSICAL_RELEASE_DAYS if deal.is_physical else times.release_days)


def require_delivery(deal: Deal, person_id: int, now: datetime) -> None:
    """Whether the seller may hand over. Raises NotYours, WrongDealState, DealFrozen."""
    require(deal, person_id, deal.seller_id, DealState.AWAITING_DELIVERY)
    require_running(deal)
    require_in_time(deal, now)


def confirm(deal: Deal, person_id: int, now: datetime) -> tuple[Deal, Transfer]:
    """The buyer confirms what was delivered: the seller gets price - fee."""
    require_confirmation(deal, person_id)
    return complete(deal, now)


def require_confirmation(deal: Deal, person_id: int) -> None:
    """Whether the buyer may confirm. Raises NotYours, WrongDealState."""
    require(deal, person_id, deal.buyer_id, DealState.DELIVERED)


def release(deal: Deal, now: datetime) -> tuple[Deal, Transfer]:
    """Delivered, not disputed, and the time is over: released as if it had been confirmed."""
    require_due(deal, DealState.DELIVERED, now)
    return complete(deal, now)


def take_back(deal: Deal, person_id: int, now: datetime, times: DealTimes) -> tuple[Deal, Transfer]:
    """The buyer of a lot not delivered for `delivery_days` takes the money back."""
    require_taking_back(deal, person_id, now, times)
    return refund(deal, now)


def require_taking_back(deal: Deal, person_id: int, now: datetime, times: DealTimes) -> None:
    """Whether the buyer may have the money back: nothing was delivered in time, and no freeze stops the clock.

    Raises NotYours, WrongDealState, DealFrozen.
    """
    require(deal, person_id, deal.buyer_id, DealState.AWAITING_DELIVERY)
    require_running(deal)
    if now < may_take_back_at(deal, times):
        raise WrongDealState(deal.state)


def may_take_back_at(deal: Deal, times: DealTimes) -> datetime:
    """Of a physical deal once the address is there, and not before."""
    return (deal.addressed_at or deal.sold_at) + timedelta(days=times.delivery_days) + deal.idle


def expire(deal: Deal, now: datetime) -> tuple[Deal, Transfer]:
    """Never delivered in twice `delivery_days`, or no address in 14 days: the money returns by itself."""
    require_undelivered_due(deal, now)
    require_running(deal)
    return refund(deal, now)


def freeze(deal: Deal, now: datetime, times: DealTimes) -> Deal:
    """The buyer owes: nothing is to be delivered until the debt is settled, and the seller's time stands still.

    The price goes back `delivery_days` later. Raises WrongDealState for a deal that has moved on or is frozen already.
    """
    if not deal.is_undelivered or deal.frozen_at is not None or deal.due_at is None:
        raise WrongDealState(deal.state)
    require_in_time(deal, now)
    until = now + (deal.freeze_left or timedelta(days=times.delivery_days))
    return moved(deal, frozen_at=now, left=deal.due_at - now, due_at=until, freeze_left=timedelta(0))


def thaw(deal: Deal, now: datetime) -> Deal:
    """The debt is settled: the deal goes on, with the time that was left, and the next debt has all its time.

    Raises WrongDealState unless it is frozen, or was until a dispute.
    """
    if deal.frozen_at is None and not deal.freeze_left:
        raise WrongDealState(deal.state)
    return moved(running(deal, now), freeze_left=timedelta(0))


def give_back(deal: Deal, now: datetime) -> tuple[Deal, Transfer]:
    """The debt was not settled in the time of the freeze: the price goes back, and settles it."""
    if deal.frozen_at is None:
        raise WrongDealState(deal.state)
    require_undelivered_due(deal, now)
    return refund(running(deal, now), now)


def undelivered_state(deal: Deal) -> DealState:
    """What a deal waits for as long as nothing is delivered."""
    lacks_address = deal.is_physical and deal.addressed_at is None
    return DealState.AWAITING_ADDRESS if lacks_address else DealState.AWAITING_DELIVERY


def require(deal: Deal, person_id: int, allowed_id: int, *states: DealState) -> None:
    if person_id != allowed_id:
        raise NotYours
    if deal.state not in states:
        raise WrongDealState(deal.state)


def require_undelivered_due(deal: Deal, now: datetime) -> None:
    if not deal.is_undelivered:
        raise WrongDealState(deal.state)
    require_due(deal, deal.state, now)


def require_running(deal: Deal) -> None:
    if deal.frozen_at is not None:
        raise DealFrozen


def require_in_time(deal: Deal, now: datetime) -> None:
    if deal.due_at is not None and now >= deal.due_at:
        raise WrongDealState(deal.state)


def require_due(deal: Deal, state: DealState, now: datetime) -> None:
    if deal.state is not state or deal.due_at is None or now < deal.due_at:
        raise WrongDealState(deal.state)


def running(deal: Deal, now: datetime) -> Deal:
    """The deal with its clock going, whether or not it was frozen."""
    return deal if deal.frozen_at is None else replace(resumed(deal, deal.frozen_at, now), frozen_at=None)


def resumed(deal: Deal, since: datetime, now: datetime) -> Deal:
    """The clock stood still `since` then: what was left until `due_at` is left again."""
    return replace(deal, due_at=now + deal.left, left=timedelta(0), idle=deal.idle + (now - since))


def complete(deal: Deal, now: datetime) -> tuple[Deal, Transfer]:
    parts = {ESCROW: -deal.price, user_account(deal.seller_id): deal.payout, REVENUE: deal.fee}
    facts = {"auction_id": deal.auction_id, **escrowed(deal.sold_at)}
    transfer = move(f"release:{deal.auction_id}", TransferKind.RELEASE, deal.seller_id, now, parts, **facts)
    return moved(deal, state=DealState.COMPLETED, ended_at=now, due_at=None, left=timedelta(0)), transfer


def refund(deal: Deal, now: datetime) -> tuple[Deal, Transfer]:
    parts = {ESCROW: -deal.price, user_account(deal.buyer_id): deal.price}
    facts = {"auction_id": deal.auction_id, "bought": str(deal.bought)}
    transfer = move(f"return:{deal.auction_id}", TransferKind.RETURN, deal.buyer_id, now, parts, **facts)
    return moved(deal, state=DealState.REFUNDED, ended_at=now, due_at=None, left=timedelta(0)), transfer


def moved(deal: Deal, **changes: object) -> Deal:
    return replace(deal, version=deal.version + 1, **changes)  # type: ignore[arg-type]
