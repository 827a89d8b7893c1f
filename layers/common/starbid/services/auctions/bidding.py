"""Bids and purchases: the hot path. One read, the pure rule, one transaction."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from starbid.domain import closing
from starbid.domain.auction import Auction, Ending
from starbid.domain.closing import Closed
from starbid.domain.errors import (
    AuctionClosed,
    BidTooLow,
    Invalid,
    NotBiddable,
    NotFound,
    OwnAuction,
    StarbidError,
    UnusualBid,
)
from starbid.domain.kinds import is_unusual, kind_of
from starbid.domain.kinds.base import Accepted, require_seen
from starbid.domain.money import MAX_AMOUNT, Money
from starbid.domain.people import Person
from starbid.domain.typed_numbers import TypedAmount
from starbid.domain.wallet import STANDING_CURRENCY, Wallet
from starbid.services.auctions.closing import Closing
from starbid.services.debts import Debts
from starbid.services.idempotency import MakeRecord, require_unknown
from starbid.services.ports import ConditionFailed, Scheduler, Store
from starbid.services.retrying import Stale, with_retries
from starbid.services.settings import Business
from starbid.services.writing import write_bid, write_close

Outcome = TypeVar("Outcome", Accepted, Closed)
Admit = Callable[[Person | None], None]
"""Is told the bidder as read along with the lot, before anything is decided; raises where they may not act."""


@dataclass(slots=True)
class _Seen:
    """What is known of the lot and the wallet. `wallet` is None where it was not read or does not exist.

    `owes`: something is owed and available; `wallet` is as it will be once that is settled.
    """

    auction: Auction
    wallet: Wallet | None
    consistent: bool
    owes: bool = False


class Bidding:
    """Placing bids and buying at once."""

    def __init__(self, store: Store, closing: Closing, scheduler: Scheduler, business: Business) -> None:
        self._store, self._closing, self._scheduler, self._business = store, closing, scheduler, business
        self._debts = Debts(store)

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

        Raises the refusals of spec section 3, in its order; UnusualBid for one that would be accepted, unless
        `confirmed`; Conflict.
        """
        if isinstance(amount, int):
            require_sane(amount, "amount")

        def decide(seen: _Seen) -> Accepted:
            require_seen(seen.auction, bidder_id, card_version, now)
            maximum, staked = _money(amount, seen.auction, "amount"), self._staked(seen)
            accepted = kind_of(seen.auction).bid(seen.auction, bidder_id, maximum, now, staked)
            self._check_money(seen, accepted.needed)
            if not confirmed and is_unusual(seen.auction, bidder_id, maximum, staked):
                self._wallet_of(seen, bidder_id).require(accepted.needed)  # nobody is asked about what is refused
                raise UnusualBid(maximum)
            return accepted

        def write(before: Auction, accepted: Accepted) -> None:
            unit = self._store.unit()
            write_bid(unit, before, accepted)
            if make_record:
                unit.record(make_record(accepted))
            unit.commit()

        look = self._looking(auction_id, bidder_id, admit, lambda auction: _money(amount, auction, "amount"))
        return self._run(bidder_id, now, look, decide, write, lambda outcome: outcome.needed)

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
        are).

        Raises the refusals of spec section 3 and Conflict.
        """
        if isinstance(seen_price, int):
            require_sane(seen_price, "seen_price")
        business = self._business

        def decide(seen: _Seen) -> Closed:
            require_seen(seen.auction, buyer_id, card_version, now)
            price, buyer = _money(seen_price, seen.auction, "seen_price"), self._wallet_of(seen, buyer_id)
            closed = closing.buy_now(seen.auction, buyer, price, business.fee_percent, business.deal_times, now)
            self._check_money(seen, _cost(closed))
            return closed

        def write(before: Auction, closed: Closed) -> None:
            unit = self._store.unit()
            write_close(unit, before, closed)
            if make_record:
                unit.record(make_record(closed))
            unit.commit()

        look = self._looking(auction_id, buyer_id, admit, lambda auction: _money(seen_price, auction, "seen_price"))
        closed = self._run(buyer_id, now, look, decide, write, _cost)
        if closed.deal and closed.deal.due_at:
            self._scheduler.advance_deal_at(auction_id, closed.deal.due_at)
        return closed

    def _run(
        self,
        person_id: int,
        now: datetime,
        look: Callable[[int], _Seen],
        decide: Callable[[_Seen], Outcome],
        write: Callable[[Auction, Outcome], None],
        cost: Callable[[Outcome], Money],
    ) -> Outcome:
        newest: list[_Seen] = []

        def attempt(number: int) -> Outcome:
            seen = newest.pop() if newest else look(number)
            outcome, seen = self._decide(seen, person_id, now, decide)
            if seen.owes:
                self._debts.offset(person_id, seen.auction.currency, now).require_standing()
            try:
                write(seen.auction, outcome)
            except ConditionFailed as refused:
                newest[:] = self._after_refusal(refused, seen, person_id, cost(outcome))
                raise Stale from refused
            return outcome

        return with_retries(attempt)

    def _decide(
        self, seen: _Seen, person_id: int, now: datetime, decide: Callable[[_Seen], Outcome]
    ) -> tuple[Outcome, _Seen]:
        """Decide; a refusal that a stale read could have made up is decided again on a consistent one.

        So is the bid of somebody who owes: only one that will be accepted settles anything.
        """
        try:
            if seen.wallet:
                seen.wallet.require_standing()
            outcome = decide(seen)
        except StarbidError as refusal:
            if not seen.consistent and not _holds_on_a_stale_read(refusal, seen.auction, person_id):
                return self._decide(self._look(seen.auction.id, person_id, consistent=True), person_id, now, decide)
            self._closing.close_if_due(seen.auction, now)
            raise
        if seen.owes and not seen.consistent:
            return self._decide(self._look(seen.auction.id, person_id, consistent=True), person_id, now, decide)
        return outcome, seen

    def _looking(
        self, auction_id: str, person_id: int, admit: Admit | None, check: Callable[[Auction], object]
    ) -> Callable[[int], _Seen]:
        """How an attempt of this number looks. `admit` is asked until it has answered; `check` raises what is refused
        before anything else.
        """
        asked = [admit] if admit else []

        def look(number: int) -> _Seen:
            seen = self._look(auction_id, person_id, consistent=number > 0, admit=asked[0] if asked else None)
            asked.clear()
            check(seen.auction)
            return seen

        return look

    def _look(self, auction_id: str, person_id: int, *, consistent: bool, admit: Admit | None = None) -> _Seen:
        try:
            auction, wallet = self._read(auction_id, person_id, consistent, admit)
        except NotFound:
            if consistent:
                raise
            return self._look(auction_id, person_id, consistent=True)
        if auction.currency != STANDING_CURRENCY:  # a debt bars bids in its own
            paying = self._store.wallet(person_id, auction.currency, consistent=True)
            wallet = paying.with_standing_of(wallet)
        owes = bool(wallet and wallet.covered)
        return _Seen(auction, wallet.after_offset() if wallet else None, consistent, owes)

    def _read(
        self, auction_id: str, person_id: int, consistent: bool, admit: Admit | None
    ) -> tuple[Auction, Wallet | None]:
        """Raises NotFound, and what `admit` does."""
        batch = self._store.batch()
        auction = batch.auction(auction_id, consistent=consistent)
        wallet = batch.wallet(person_id, STANDING_CURRENCY, consistent=consistent)
        person = batch.person(person_id, consistent=True) if admit else None
        batch.fetch()
        if admit and person:
            admit(person.value)
        if auction.value is None:
            raise NotFound
        return auction.value, wallet.value

    def _wallet_of(self, seen: _Seen, person_id: int) -> Wallet:
        """The wallet that is to pay; read where what was seen brought none."""
        if seen.wallet is None:
            return self._store.wallet(person_id, seen.auction.currency, consistent=True).after_offset()
        return seen.wallet

    def _staked(self, seen: _Seen) -> Money | None:
        """The person's sealed bid on the lot, which is kept in the wallet that it binds."""
        return seen.wallet.stakes.get(seen.auction.id) if seen.wallet else None

    def _check_money(self, seen: _Seen, needed: Money) -> None:
        """By the read where the wallet is known; otherwise the transaction's condition decides."""
        if seen.wallet:
            seen.wallet.require(needed)

    def _after_refusal(self, refused: ConditionFailed, seen: _Seen, person_id: int, needed: Money) -> list[_Seen]:
        """What to decide on next, from the items that the refused write returned; raises what is final."""
        require_unknown(refused)
        if refused.blames("auction"):
            current = refused.current("auction")
            return [_Seen(current, None, consistent=True)] if current and not kind_of(current).is_sealed else []
        for refusal in refused.refusals:
            if refusal.what == "wallet" and refusal.key == str(person_id):
                wallet = refusal.current or Wallet.empty(person_id, needed.currency)
                if wallet.covered:  # a debt that the next look finds, and settles
                    return []
                wallet.require_standing()
                if wallet.stakes.get(seen.auction.id) == self._staked(seen):
                    wallet.require(needed)
        return []


def _money(amount: int | TypedAmount, auction: Auction, field: str) -> Money:
    """Raises Invalid."""
    minor = amount if isinstance(amount, int) else amount.minor_units(auction.currency)
    require_sane(minor, field)
    return Money(minor, auction.currency)


def require_sane(amount: int, field: str) -> None:
    """A whole number from 1 to MAX_AMOUNT, whatever the lot; raises Invalid."""
    if not 1 <= amount <= MAX_AMOUNT:
        raise Invalid(field, "range", least=1, most=MAX_AMOUNT)


def _cost(closed: Closed) -> Money:
    """What a buyer must have available: the price less what they hold on the lot already."""
    assert closed.bid is not None
    return next(-change.available for change in closed.wallets if change.user_id == closed.bid.bidder_id)


def _holds_on_a_stale_read(refusal: StarbidError, auction: Auction, person_id: int) -> bool:
    """From the first bid on prices only rise, and a closed lot stays closed. Before it the seller may change anything;
    ends may move, money may have come, leaders change.

    Who leads by sealed bids decides nothing here: a second read, or none, would tell them by the time it takes.
    """
    match refusal:
        case BidTooLow():
            return auction.bids_count > 0 and (kind_of(auction).is_sealed or auction.leader_id != person_id)
        case AuctionClosed():
            fixed = auction.bids_count > 0 and not auction.terms.extend_seconds
            return auction.ending is not Ending.OPEN or fixed
        case OwnAuction() | Invalid() | NotBiddable():
            return True
        case _:
            return False
