"""Closing a lot exactly once, however often and however late anybody asks."""

from __future__ import annotations

from datetime import datetime, timedelta

from starbid.domain import closing, second_chance
from starbid.domain.auction import SETTLE_AFTER, Auction, Ending
from starbid.domain.closing import Closed
from starbid.domain.errors import Conflict, NotFound
from starbid.domain.kinds import kind_of
from starbid.services.auctions.combining import DRAIN_AFTER, LOOKED_AFTER, Combining
from starbid.services.auctions.replaying import FEW_BIDS, barred_of, may_not_buy, owes, replayed
from starbid.services.ports import Line, Scheduler, Store
from starbid.services.retrying import committed, with_retries
from starbid.services.settings import Business
from starbid.services.sweeping import each
from starbid.services.writing import write_close

WAKE_BEFORE = timedelta(seconds=60)
"""EventBridge Scheduler is up to a minute late, so it fires a minute early and a delayed message does the rest."""
LONGEST_DELAY = 900
SWEEP_LIMIT = 100
CHUNK = 40
"""Bids whose holds are released in one transaction, which has room for 100 items."""
CHUNKS_AT_ONCE = 25
GIVEN_UP_AFTER = timedelta(seconds=10)
"""A bid that has waited for so long has nobody who waits for its outcome."""


class _TakesLong(Exception):
    """All bids of a long lot have to be looked at: the closer does it, and nobody who only came by waits for it."""


class Closing:
    """The end of lots. Fired by a schedule, a delayed message, a sweep, or anyone who opens a due lot."""

    def __init__(self, store: Store, combining: Combining, scheduler: Scheduler, business: Business) -> None:
        self._store, self._combining = store, combining
        self._scheduler, self._business = scheduler, business

    def close(self, auction_id: str, now: datetime) -> Auction:
        """Close the lot if its end has come; answers it as it is afterwards. Raises NotFound, Conflict."""
        return self._close(auction_id, CHUNKS_AT_ONCE, now)

    def _close(self, auction_id: str, chunks: int, now: datetime) -> Auction:
        def attempt(_: int) -> Auction:
            auction, line = self._look(auction_id)
            if auction.ending is not Ending.OPEN or not auction.is_due(now):
                return auction
            if line and self._combining.oldest(auction_id):
                if chunks == 1:
                    raise _TakesLong
                self._combining.drain(auction_id)
                return attempt(0)  # what was decided may have moved the end
            return self._decide(auction, now, patient=chunks > 1)

        return self._release(with_retries(attempt), chunks, now)

    def _look(self, auction_id: str) -> tuple[Auction, Line | None]:
        """The lot and its line; a bid that is decided meanwhile makes the lot another version. Raises NotFound."""
        batch = self._store.batch()
        auction, line = batch.auction(auction_id, consistent=True), batch.line(auction_id, consistent=True)
        batch.fetch()
        if auction.value is None:
            raise NotFound
        return auction.value, line.value

    def close_if_due(self, auction: Auction, now: datetime) -> None:
        """Close a lot that somebody came upon after its end. In a conflict the closer will do it.

        A visitor decides it and releases what is quickly done; a crowd of visitors leaves the rest to the closer.
        """
        if auction.ending is Ending.OPEN and auction.is_due(now):
            try:
                self._close(auction.id, 1, now)
            except _TakesLong:
                self._scheduler.close_in(auction.id, 0)
            except Conflict:
                pass

    def wake(self, auction_id: str, now: datetime) -> None:
        """Answer to a schedule or message: close, or wait on for an end that is yet to come."""
        try:
            auction = self.close(auction_id, now)
        except NotFound:
            return
        if auction.ending is Ending.OPEN:
            self.watch(auction, now)

    def drain(self, auction_id: str, now: datetime) -> None:
        """Decide the bids of those whose function died while they waited; as long as a crowd is there, look again."""
        try:
            _, line = self._look(auction_id)
        except NotFound:
            return
        oldest = self._combining.oldest(auction_id) if line else None
        if oldest and now - oldest.arrived_at > GIVEN_UP_AFTER:
            self._combining.drain(auction_id)
        if oldest or (line and now - line.leased_until < LOOKED_AFTER):
            self._scheduler.drain_in(auction_id, int(DRAIN_AFTER.total_seconds()))

    def watch(self, auction: Auction, now: datetime) -> None:
        """Schedule a look at the lot when it ends. While it is paused nobody knows when that is: what follows the pause
        sees to it (`desk.carrying`).
        """
        if auction.stands_still(now):
            return
        left = (auction.due_at - now).total_seconds()
        if left <= LONGEST_DELAY:
            self._scheduler.close_in(auction.id, max(0, int(left) + (left % 1 > 0)))
        else:
            self._scheduler.close_at(auction.id, auction.ends_at - WAKE_BEFORE)

    def sweep(self, now: datetime) -> int:
        """Close what was missed; answers how many lots were due. Raises an ExceptionGroup after doing what it could.

        In a pause only what had ended before it.
        """
        running = self._store.pauses(consistent=True).running
        until = min(now, running.began + SETTLE_AFTER) if running else now
        due = self._store.due_auctions(until, SWEEP_LIMIT)
        return len(each("lots not closed", due, lambda auction_id: self.close(auction_id, now)))

    def _release(self, auction: Auction, chunks: int, now: datetime) -> Auction:
        """Give back the holds of a decided sealed lot, in chunks; the queue goes on where they are many."""

        def attempt(number: int) -> Auction:
            before = auction if number == 0 else self._store.auction(auction.id, consistent=True)
            if before.ending is not Ending.CLOSING:
                return before
            rows = self._store.bids(before.id, limit=CHUNK, below=before.released_from, consistent=True).items
            wallets = self._store.wallets_of({row.bidder_id for row in rows}, before.currency)
            return self._write(before, closing.release(before, rows, wallets, now))

        for _ in range(chunks):
            if auction.ending is not Ending.CLOSING:
                return auction
            auction = with_retries(attempt)
        if auction.ending is Ending.CLOSING:
            self._scheduler.close_in(auction.id, 0)
        return auction

    def _decide(self, auction: Auction, now: datetime, *, patient: bool) -> Auction:
        closed = self._decided(auction, now, patient)
        self._write(auction, closed)
        if closed.deal and closed.deal.looks_at:
            self._scheduler.advance_deal_at(auction.id, closed.deal.looks_at)
        if closed.auction.offer:
            self._scheduler.advance_deal_at(auction.id, closed.auction.offer.until)
        return closed.auction

    def _decided(self, auction: Auction, now: datetime, patient: bool) -> Closed:
        """Who owes wins nothing (spec, section 2): an English lot ends unsold and goes to the runner-up as an offer; of
        sealed bids the next best count. Raises _TakesLong where that means many bids, unless `patient`.
        """
        fee, times = self._business.fee_percent, self._business.deal_times
        may_replay = patient or auction.bids_count <= FEW_BIDS
        lot = self._without_debtors(auction, may_replay) if kind_of(auction).is_sealed else auction
        won = kind_of(lot).winner(lot)
        if won is None:
            return closing.close(lot, None, fee, times, now)
        wallet = self._store.wallet(won[0], lot.currency, consistent=True)
        if not wallet.owes or kind_of(lot).is_sealed:
            return closing.close(lot, wallet, fee, times, now)
        if not may_replay:
            raise _TakesLong
        fair = replayed(self._store, auction, {wallet.user_id}, may_not_buy).fair
        offer = second_chance.offer_of(fair, now) if self._may_sell(auction.seller_id) else None
        return closing.close_without(auction, offer, now)

    def _may_sell(self, seller_id: int) -> bool:
        """Whether an offer in their name could be taken: they are not blocked and owe nothing."""
        wallets = self._store.wallets(seller_id, consistent=True)
        person = self._store.person(seller_id, consistent=True)
        return not (person and person.blocked) and not any(wallet.owes for wallet in wallets)

    def _without_debtors(self, auction: Auction, may_replay: bool) -> Auction:
        """The lot as it is where the best two owe nothing, which costs one read."""
        if not barred_of(self._store, auction, owes):
            return auction
        if not may_replay:
            raise _TakesLong
        found = replayed(self._store, auction, (), owes)
        return second_chance.leave_out(auction, found.fair, found.left_out)

    def _write(self, before: Auction, closed: Closed) -> Auction:
        unit = self._store.unit()
        write_close(unit, before, closed)
        return committed(unit, closed.auction)
