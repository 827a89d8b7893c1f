"""Bids and purchases: the hot path. One read, the pure rule, one transaction; in a crowd, a place in the line."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Generic, TypeVar
from uuid import uuid4

from starbid.domain.auction import Auction, Ending
from starbid.domain.closing import Closed
from starbid.domain.errors import AuctionClosed, Conflict, Invalid, StarbidError, UnusualBid
from starbid.domain.intents import Intent, Placed, Refused, Repeated, Wish
from starbid.domain.kinds import kind_of
from starbid.domain.kinds.base import Accepted
from starbid.domain.money import MAX_AMOUNT, Money
from starbid.domain.placing import accepted_as, cost_of, place_bid, place_purchase, purchase_as
from starbid.domain.typed_numbers import TypedAmount
from starbid.domain.wallet import Wallet
from starbid.services.auctions.closing import Closing
from starbid.services.auctions.looking import Admit, Seen, holds_on_a_stale_read, look
from starbid.services.auctions.waiting import Waiting, is_crowded
from starbid.services.debts import Debts
from starbid.services.idempotency import AlreadyDone, MakeRecord, require_unknown
from starbid.services.ports import ConditionFailed, Contended, Scheduler, Store, Unavailable, Unit
from starbid.services.retrying import Stale, with_retries
from starbid.services.settings import Business
from starbid.services.writing import write_bid, write_close

Outcome = TypeVar("Outcome", Accepted, Closed)


@dataclass(frozen=True, slots=True)
class _Request(Generic[Outcome]):
    """What a person asked for; `field` names its amount, `until` is when it is given up, by `Pace.elapsed`. How it is
    decided, written and told depends on the wish.
    """

    wish: Wish
    auction_id: str
    person_id: int
    amount: int | TypedAmount
    field: str
    arrived_at: datetime
    card_version: int | None
    confirmed: bool
    until: float
    make_record: MakeRecord[Outcome] | None
    decide: Callable[[Auction, Wallet | None, Intent], Outcome]
    write: Callable[[Unit, Auction, Outcome], None]
    cost: Callable[[Outcome], Money]
    tell: Callable[[str, int], Outcome]

    def money(self, auction: Auction) -> Money:
        """Raises Invalid."""
        minor = self.amount if isinstance(self.amount, int) else self.amount.minor_units(auction.currency)
        require_sane(minor, self.field)
        return Money(minor, auction.currency)

    def intent(self, auction: Auction) -> Intent:
        """Raises Invalid."""
        return Intent(
            id=uuid4().hex,
            auction_id=auction.id,
            person_id=self.person_id,
            wish=self.wish,
            amount=self.money(auction),
            arrived_at=self.arrived_at,
            card_version=self.card_version,
            confirmed=self.confirmed,
            memory=self.make_record.memory if self.make_record else None,
        )


class Bidding:
    """Placing bids and buying at once."""

    def __init__(
        self, store: Store, closing: Closing, waiting: Waiting, scheduler: Scheduler, business: Business
    ) -> None:
        self._store, self._closing, self._waiting = store, closing, waiting
        self._scheduler, self._business, self._debts = scheduler, business, Debts(store)

    def bid(
        self,
        auction_id: str,
        bidder_id: int,
        amount: int | TypedAmount,
        now: datetime,
        make_record: MakeRecord[Accepted] | None = None,
        *,
        card_version: int | None = None,
        confirmed: bool = False,
        admit: Admit | None = None,
    ) -> Accepted:
        """Bid up to `amount` (minor units, or as typed) on the words of `card_version` that the person saw (None: any).
        `now` is when the bid arrived.

        Raises the refusals of spec section 3, in its order; UnusualBid for one that would be accepted, unless
        `confirmed`; Conflict, and then the bid never counts; AlreadyDone.
        """

        def decide(auction: Auction, wallet: Wallet | None, bid: Intent) -> Accepted:
            try:
                return place_bid(auction, bid, wallet)
            except UnusualBid:
                if wallet is None:  # nobody is asked back about what is refused
                    place_bid(auction, bid, self._wallet(auction, bidder_id))
                raise

        request = _Request(
            Wish.BID, auction_id, bidder_id, amount, "amount", now, card_version, confirmed,
            self._waiting.deadline(), make_record, decide, write_bid, lambda accepted: accepted.needed, self.placed,
        )  # fmt: skip
        return self._run(request, admit)

    def buy(
        self,
        auction_id: str,
        buyer_id: int,
        seen_price: int | TypedAmount,
        now: datetime,
        make_record: MakeRecord[Closed] | None = None,
        *,
        card_version: int | None = None,
        admit: Admit | None = None,
    ) -> Closed:
        """Buy at the price the person saw, minor units or as typed, what `card_version` says (None: whatever the words
        are). `now` is when the purchase arrived.

        Raises the refusals of spec section 3, Conflict and AlreadyDone.
        """
        fee, times = self._business.fee_percent, self._business.deal_times

        def decide(auction: Auction, wallet: Wallet | None, purchase: Intent) -> Closed:
            return place_purchase(auction, purchase, wallet or self._wallet(auction, buyer_id), fee, times)

        request = _Request(
            Wish.BUY, auction_id, buyer_id, seen_price, "seen_price", now, card_version, True,
            self._waiting.deadline(), make_record, decide, write_close, cost_of, self.bought,
        )  # fmt: skip
        closed = self._run(request, admit)
        if closed.deal and closed.deal.due_at:
            self._scheduler.advance_deal_at(auction_id, closed.deal.due_at)
        return closed

    def placed(self, auction_id: str, number: int) -> Accepted:
        """An accepted bid by its number in the lot's log, and the lot as it left it. Raises Unavailable."""

        def read(_: int) -> Accepted:
            batch = self._store.batch()
            auction, row = batch.auction(auction_id, consistent=True), batch.bid(auction_id, number)
            batch.fetch()
            if auction.value is None or row.value is None:
                raise Stale
            return accepted_as(auction.value, row.value)

        return _in_sight(read)

    def bought(self, auction_id: str, number: int) -> Closed:
        """A purchase by its number in the lot's log. Raises Unavailable."""

        def read(_: int) -> Closed:
            batch = self._store.batch()
            lot, row = batch.lot(auction_id, consistent=True), batch.bid(auction_id, number)
            batch.fetch()
            if lot.value is None or row.value is None or not lot.value.deal or not lot.value.auction.is_final:
                raise Stale
            return purchase_as(lot.value, row.value)

        return _in_sight(read)

    def _run(self, request: _Request[Outcome], admit: Admit | None) -> Outcome:
        """Try it alone; in a crowd line up."""
        if isinstance(request.amount, int):
            require_sane(request.amount, request.field)
        seen = self._look(request, consistent=False, admit=admit)
        outcome = None
        try:
            outcome, seen = self._try_alone(seen, request)
        except AuctionClosed:
            earlier = self._earlier_use(request) if seen.auction.ending is Ending.OPEN else None
            if earlier is None:
                raise
            request = replace(request, arrived_at=earlier.arrived_at)
        return outcome or self._line_up(request, seen)

    def _try_alone(self, seen: Seen, request: _Request[Outcome]) -> tuple[Outcome | None, Seen]:
        """Decide and write; no outcome where others are at the lot. A second try would only be in their way."""
        outcome, seen = self._decide(seen, request)
        if is_crowded(seen.line, request.arrived_at):
            return None, seen
        try:
            if seen.owes:
                self._debts.offset(request.person_id, seen.auction.currency, request.arrived_at).require_standing()
            self._write(request, seen.auction, outcome)
        except ConditionFailed as refused:
            newest = self._after_refusal(refused, seen, request.person_id, request.cost(outcome))
            seen = newest or self._look(request, consistent=True)
        except (Contended, Conflict):
            seen = self._look(request, consistent=True)
        else:
            return outcome, seen
        return None, self._decide(seen, request)[1]  # it may be refused by now

    def _look(self, request: _Request[Outcome], *, consistent: bool, admit: Admit | None = None) -> Seen:
        """Raises NotFound, Invalid for an amount that is refused before all else, and what `admit` does."""
        store, lot, person = self._store, request.auction_id, request.person_id
        seen = self._waiting.read(lambda: look(store, lot, person, consistent=consistent, admit=admit), request.until)
        request.money(seen.auction)
        return seen

    def _decide(self, seen: Seen, request: _Request[Outcome]) -> tuple[Outcome, Seen]:
        """Decide; a refusal that a stale read could have made up is decided again on a consistent one.

        So is the bid of somebody who owes: only one that will be accepted settles anything.
        """
        try:
            outcome = request.decide(seen.auction, seen.wallet, request.intent(seen.auction))
        except StarbidError as refusal:
            if not seen.consistent and not holds_on_a_stale_read(refusal, seen.auction, request.person_id):
                return self._decide(self._look(request, consistent=True), request)
            self._closing.close_if_due(seen.auction, request.arrived_at)
            raise
        if seen.owes and not seen.consistent:
            return self._decide(self._look(request, consistent=True), request)
        return outcome, seen

    def _write(self, request: _Request[Outcome], before: Auction, outcome: Outcome) -> None:
        unit = self._store.unit()
        request.write(unit, before, outcome)
        if request.make_record:
            unit.record(request.make_record(outcome))
        unit.commit()

    def _line_up(self, request: _Request[Outcome], seen: Seen) -> Outcome:
        """Wait with the others, and tell what was decided."""
        match self._waiting.outcome_of(request.intent(seen.auction), seen.line, request.until):
            case Placed(number):
                return self._waiting.read(lambda: request.tell(seen.auction.id, number), request.until)
            case Refused(error):
                raise error
            case Repeated():
                raise AlreadyDone

    def _earlier_use(self, request: _Request[Outcome]) -> Intent | None:
        """One that waits, of the same request: it arrived when its key was first used (spec, section 3). That one is
        read and dropped by its own waiter, so a repeat waits beside it; the key counts once.
        """
        if request.make_record is None:
            return None
        return self._waiting.earlier(request.auction_id, request.make_record.memory)

    def _wallet(self, auction: Auction, person_id: int) -> Wallet:
        """The wallet that is to pay, where what was seen brought none."""
        return self._store.wallet(person_id, auction.currency, consistent=True).after_offset()

    def _after_refusal(self, refused: ConditionFailed, seen: Seen, person_id: int, needed: Money) -> Seen | None:
        """What to decide on next, from the items that the refused write returned; None for a fresh look. Raises what is
        final.
        """
        require_unknown(refused)
        if refused.blames("auction"):
            current = refused.current("auction")
            return (
                Seen(current, None, consistent=True, line=seen.line)
                if current and not kind_of(current).is_sealed
                else None
            )
        for refusal in refused.refusals:
            if refusal.what == "wallet" and refusal.key == str(person_id):
                wallet = refusal.current or Wallet.empty(person_id, needed.currency)
                if wallet.covered:  # a debt that the next look finds, and settles
                    return None
                wallet.require_standing()
                staked = seen.wallet.stakes.get(seen.auction.id) if seen.wallet else None
                if wallet.stakes.get(seen.auction.id) == staked:
                    wallet.require(needed)
        return None


def _in_sight(read: Callable[[int], Outcome]) -> Outcome:
    """What is decided already. The rows of one transaction come to sight one by one: who has read the outcome of a bid
    may be too early for its row.
    """
    try:
        return with_retries(read)
    except Conflict:
        raise Unavailable from None


def require_sane(amount: int, field: str) -> None:
    """A whole number from 1 to MAX_AMOUNT, whatever the lot; raises Invalid."""
    if not 1 <= amount <= MAX_AMOUNT:
        raise Invalid(field, "range", least=1, most=MAX_AMOUNT)
