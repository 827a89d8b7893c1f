"""Bids and purchases: the hot path. One read, the pure rule, one transaction; in a crowd, a place in the line."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from starbid.domain.auction import Auction, Ending
from starbid.domain.closing import Closed
from starbid.domain.errors import AuctionClosed, Conflict, NotFound, StarbidError, UnusualBid
from starbid.domain.intents import Intent, Placed, Refused, Repeated, Wish
from starbid.domain.kinds import kind_of
from starbid.domain.kinds.base import Accepted
from starbid.domain.money import Money
from starbid.domain.placing import accepted_as, cost_of, place_bid, place_purchase, purchase_as
from starbid.domain.typed_numbers import TypedAmount
from starbid.domain.wallet import Wallet
from starbid.services.auctions.asked import Asked, Done, require_sane
from starbid.services.auctions.closing import Closing
from starbid.services.auctions.hidden import has_part_in
from starbid.services.auctions.looking import Admit, Seen, holds_on_a_stale_read, look
from starbid.services.auctions.waiting import Waiting, is_crowded
from starbid.services.debts import Debts
from starbid.services.idempotency import AlreadyDone, MakeRecord, require_unknown
from starbid.services.ports import ConditionFailed, Contended, Scheduler, Store, Unavailable
from starbid.services.retrying import Stale, with_retries
from starbid.services.settings import Business
from starbid.services.writing import write_bid, write_close


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

        Raises the refusals of spec section 3, in its order, NotFound also for a hidden lot that the bidder has no part
        in; UnusualBid for one that would be accepted, unless
        `confirmed`; Conflict, and then the bid never counts; AlreadyDone.
        """

        def decide(auction: Auction, wallet: Wallet | None, bid: Intent) -> Accepted:
            try:
                return place_bid(auction, bid, wallet)
            except UnusualBid:
                if wallet is None:  # nobody is asked back about what is refused
                    place_bid(auction, bid, self._wallet(auction, bidder_id))
                raise

        asked = Asked(
            wish=Wish.BID,
            auction_id=auction_id,
            person_id=bidder_id,
            amount=amount,
            field="amount",
            arrived_at=now,
            card_version=card_version,
            confirmed=confirmed,
            until=self._waiting.deadline(),
            make_record=make_record,
            decide=decide,
            write=write_bid,
            cost=lambda accepted: accepted.needed,
            tell=self.placed,
        )
        return self._run(asked, admit)

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

        asked = Asked(
            wish=Wish.BUY,
            auction_id=auction_id,
            person_id=buyer_id,
            amount=seen_price,
            field="seen_price",
            arrived_at=now,
            card_version=card_version,
            confirmed=True,
            until=self._waiting.deadline(),
            make_record=make_record,
            decide=decide,
            write=write_close,
            cost=cost_of,
            tell=self.bought,
        )
        closed = self._run(asked, admit)
        if closed.deal and closed.deal.looks_at:
            self._scheduler.advance_deal_at(auction_id, closed.deal.looks_at)
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

    def _run(self, asked: Asked[Done], admit: Admit | None) -> Done:
        """Try it alone; in a crowd line up."""
        if isinstance(asked.amount, int):
            require_sane(asked.amount, asked.field)
        seen = self._look(asked, admit=admit)
        if seen.auction.hidden and not has_part_in(self._store, seen.auction, asked.person_id):
            raise NotFound
        outcome = None
        try:
            outcome, seen = self._try_alone(seen, asked)
        except AuctionClosed:
            earlier = self._earlier_use(asked) if seen.auction.ending is Ending.OPEN else None
            if earlier is None:
                raise
            asked = replace(asked, arrived_at=earlier.arrived_at)
        return outcome or self._line_up(asked, seen)

    def _try_alone(self, seen: Seen, asked: Asked[Done]) -> tuple[Done | None, Seen]:
        """Decide and write; no outcome where others are at the lot. A second try would only be in their way."""
        outcome, seen = self._decide(seen, asked)
        if is_crowded(seen.line, asked.arrived_at):
            return None, seen
        try:
            if seen.owes:
                self._debts.offset(asked.person_id, seen.auction.currency, asked.arrived_at).require_standing()
            self._write(asked, seen.auction, outcome)
        except ConditionFailed as refused:
            newest = self._after_refusal(refused, seen, asked, asked.cost(outcome))
            seen = newest or self._look(asked, seen)
        except (Contended, Conflict):
            seen = self._look(asked, seen)
        else:
            return outcome, seen
        return None, self._decide(seen, asked)[1]  # it may be refused by now

    def _look(self, asked: Asked[Done], seen: Seen | None = None, *, admit: Admit | None = None) -> Seen:
        """The first look, or the consistent one after what was `seen`, when it is known which wallet pays.

        Raises NotFound, Invalid for an amount that is refused before all else, and what `admit` does.
        """
        store, lot, person = self._store, asked.auction_id, asked.person_id
        again, currencies = seen is not None, (seen.auction.currency,) if seen else self._business.currencies
        found = self._waiting.read(
            lambda: look(store, lot, person, currencies, consistent=again, admit=admit), asked.until
        )
        asked.money(found.auction)
        return found

    def _decide(self, seen: Seen, asked: Asked[Done]) -> tuple[Done, Seen]:
        """Decide; a refusal that a stale read could have made up is decided again on a consistent one.

        So is the bid of somebody who owes: only one that will be accepted settles anything.
        """
        try:
            outcome = asked.decide(seen.auction, seen.wallet, asked.intent(seen.auction))
        except StarbidError as refusal:
            if not seen.consistent and not holds_on_a_stale_read(refusal, seen.auction, asked.person_id):
                return self._decide(self._look(asked, seen), asked)
            self._closing.close_if_due(seen.auction, asked.arrived_at)
            raise
        if seen.owes and not seen.consistent:
            return self._decide(self._look(asked, seen), asked)
        return outcome, seen

    def _write(self, asked: Asked[Done], before: Auction, outcome: Done) -> None:
        unit = self._store.unit()
        asked.write(unit, before, outcome)
        if asked.make_record:
            unit.record(asked.make_record(outcome))
        unit.commit()

    def _line_up(self, asked: Asked[Done], seen: Seen) -> Done:
        """Wait with the others, and tell what was decided."""
        match self._waiting.outcome_of(asked.intent(seen.auction), seen.line, asked.until):
            case Placed(number):
                return self._waiting.read(lambda: asked.tell(seen.auction.id, number), asked.until)
            case Refused(error):
                raise error
            case Repeated():
                raise AlreadyDone

    def _earlier_use(self, asked: Asked[Done]) -> Intent | None:
        """One that waits, of the same request: it arrived when its key was first used (spec, section 3). That one is
        read and dropped by its own waiter, so a repeat waits beside it; the key counts once.
        """
        if asked.make_record is None:
            return None
        return self._waiting.earlier(asked.auction_id, asked.make_record.memory)

    def _wallet(self, auction: Auction, person_id: int) -> Wallet:
        """The wallet that is to pay, where what was seen brought none."""
        return self._store.wallet(person_id, auction.currency, consistent=True).after_offset()

    def _after_refusal(self, refused: ConditionFailed, seen: Seen, asked: Asked[Done], needed: Money) -> Seen | None:
        """What to decide on next, from the items that the refused write returned; None for a fresh look. Raises what is
        final.
        """
        require_unknown(refused)
        if refused.blames("auction"):
            current = refused.current("auction")
            if current is None or kind_of(current).is_sealed:
                return None
            return Seen(current, None, consistent=True, line=seen.line)
        for refusal in refused.refusals:
            if refusal.what == "wallet" and refusal.key == str(asked.person_id):
                wallet = refusal.current or Wallet.empty(asked.person_id, needed.currency)
                if wallet.covered:  # a debt that the next look finds, and settles
                    return None
                wallet.require_bidder(asked.arrived_at)
                staked = seen.wallet.stakes.get(seen.auction.id) if seen.wallet else None
                if wallet.stakes.get(seen.auction.id) == staked:
                    wallet.require(needed)
        return None


def _in_sight(read: Callable[[int], Done]) -> Done:
    """What is decided already. The rows of one transaction come to sight one by one: who has read the outcome of a bid
    may be too early for its row.
    """
    try:
        return with_retries(read)
    except Conflict:
        raise Unavailable from None
