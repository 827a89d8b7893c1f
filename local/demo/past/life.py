"""Sixty days of a small market: people come, pay in, sell, bid, deliver, confirm, argue. The same each time.

Whatever happens goes by the rules of `starbid.domain`; chance only says who does what when.
"""

from __future__ import annotations

import heapq
from dataclasses import replace
from datetime import datetime, timedelta

from local.demo.lot import DAY, HOUR, MINUTE
from local.demo.past import words
from local.demo.past.books import Books
from local.demo.past.crowd import DAYS, Crowd
from starbid.domain import closing, deal_ratings, deals, disputes
from starbid.domain.auction import Auction, Ending
from starbid.domain.deals import Deal, DealState, DealTimes
from starbid.domain.errors import StarbidError
from starbid.domain.events import (
    LotDelivered,
    LotDisputed,
    LotPublished,
    LotRated,
    MoneyReleased,
    MoneyReturned,
)
from starbid.domain.intents import Intent, Wish
from starbid.domain.kinds import kind_of, least_bid
from starbid.domain.ledger import Transfer, bought_part
from starbid.domain.lots import Card, Lot, on_card, read_draft
from starbid.domain.money import Money
from starbid.domain.people import Person
from starbid.domain.placing import place_bid, place_purchase
from starbid.domain.wallet import WalletChange
from starbid.services.auctions.new_lots import lot_id
from starbid.services.writing import write_bid, write_close

PEOPLE_A_DAY, LOTS_A_DAY = 2.2, 3.4
LEFT_OPEN = 3 * DAY
"""Disputes and deliveries of the last days wait for somebody."""


class Life(Crowd):
    """`live()` fills the books."""

    @property
    def _times(self) -> DealTimes:
        return self._present.business.deal_times

    def live(self) -> Books:
        """In the order of time, up to an hour ago: the present belongs to the rest of the demo."""
        for day in range(DAYS):
            self._plan_day(self._begin + day * DAY, 0.5 + day / DAYS)
        while self._acts and self._acts[0][0] < self._present.now - HOUR:
            at, _, act = heapq.heappop(self._acts)
            act(at)
        return self.books

    def _plan_day(self, begins: datetime, growth: float) -> None:
        """More on weekends, and more each week."""
        busy = growth * (1.3 if begins.weekday() >= 5 else 1.0)
        for _ in range(self._some(PEOPLE_A_DAY * busy)):
            self._plan(begins + self._waking_hours(), self._join)
        for _ in range(self._some(LOTS_A_DAY * busy)):
            self._plan(begins + self._waking_hours(), self._publish)

    # --- lots -------------------------------------------------------------------------------------------------------

    def _publish(self, at: datetime) -> None:
        sellers = [seller for seller in self._sellers if self.books.people[seller].may_sell(at)]
        if not sellers:
            return
        seller = self.books.people[self._chance.choice(sellers)]
        lot = self._new_lot(seller, at)
        if lot.auction.ends_at > self._present.now - HOUR:  # what is on sale now is the rest of the demo's
            return
        self.books.create_auction(lot.auction, lot.card)
        auction = lot.auction
        self.books.emit(
            LotPublished(
                f"published:{auction.id}", at, auction.id, seller.id, auction.terms.kind, lot.card.category,
                lot.card.goods, auction.currency, auction.starts_at, auction.ends_at, again=False,
            )
        )  # fmt: skip
        length = auction.ends_at - at
        for _ in range(self._some(self._chance.choice((0, 1, 3, 5, 8, 12)))):
            when = at + length * (1 - self._chance.random() ** 3)
            self._plan(min(when, auction.ends_at - MINUTE), lambda then: self._bid(auction.id, then))
        self._plan(auction.ends_at + timedelta(seconds=2), lambda then: self._close(auction.id, then))

    def _new_lot(self, seller: Person, at: datetime) -> Lot:
        chance, language = self._chance, seller.language
        category = chance.choice(tuple(words.THINGS))
        russian, english = chance.choice(words.THINGS[category])
        title = (russian if language == "ru" else english).format(chance.choice(words.MOTIFS[language]))
        start = chance.choice((20, 40, 60, 100, 150))
        kind = chance.choices(("english", "sealed", "vickrey", "dutch"), (80, 8, 5, 7))[0]
        fields: dict[str, object] = {
            "title": title, "description": words.TEXT[language], "category": category, "type": kind,
            "start_price": start, "duration_seconds": int(chance.choice((DAY, 2 * DAY, 3 * DAY)).total_seconds()),
        }  # fmt: skip
        if kind == "dutch":
            fields |= {"floor_price": start // 2, "drop_amount": max(2, start // 20), "drop_seconds": 3600}
        elif chance.random() < 0.25:
            fields["reserve_price"] = start * 2
        draft = read_draft(fields, at, min_seconds=60)
        auction_id = lot_id("past", str(next(self._numbers)))
        ends_at = at + draft.duration
        auction = Auction(
            auction_id, seller.id, draft.terms, at, ends_at, ends_at, draft.terms.start_price, salt=f"{auction_id:0>32}"
        )
        card = Card(auction_id, seller.id, draft.title, draft.description, draft.category, draft.goods, (), at)
        return Lot(on_card(auction, card), replace(card, seller_public_id=seller.public_id))

    def _bid(self, auction_id: str, at: datetime) -> None:
        """Somebody's; who lacks the money pays in first. What the rules refuse does not happen."""
        auction = self.books.auctions[auction_id]
        others = [person for person in self._everybody if person != auction.seller_id]
        if not others or at >= auction.ends_at or auction.is_final:
            return
        bidder = self._chance.choice(others)
        if kind_of(auction).name == "dutch":
            self._buy(auction, bidder, at)
            return
        staked = self.books.wallet(bidder, "XTR").stakes.get(auction_id)
        least = least_bid(auction, bidder, staked)
        amount = Money(least.amount + self._chance.choice((0, 0, 5, 10, 25, 60)), least.currency)
        if self.books.wallet(bidder, "XTR").available < amount:
            if self._chance.random() < 0.5:
                return
            self._pay_in(bidder, at, amount.amount)
        wish = Intent(str(next(self._numbers)), auction_id, bidder, Wish.BID, amount, at, confirmed=True)
        try:
            accepted = place_bid(auction, wish, self.books.wallet(bidder, "XTR"))
        except StarbidError:
            return
        write_bid(self.books, auction, accepted)  # type: ignore[arg-type]

    def _buy(self, auction: Auction, buyer: int, at: datetime) -> None:
        price = kind_of(auction).view(auction, at).price
        if self.books.wallet(buyer, "XTR").available < price:
            self._pay_in(buyer, at, price.amount)
        wish = Intent(str(next(self._numbers)), auction.id, buyer, Wish.BUY, price, at, confirmed=True)
        fee, wallet = self._present.business.fee_percent, self.books.wallet(buyer, "XTR")
        try:
            closed = place_purchase(auction, wish, wallet, fee, self._times)
        except StarbidError:
            return
        write_close(self.books, auction, closed)  # type: ignore[arg-type]
        self._follow(auction.id, at)

    def _close(self, auction_id: str, at: datetime) -> None:
        auction = self.books.auctions[auction_id]
        if auction.is_final:
            return
        if at < auction.due_at:  # bids of the last minutes moved the end
            self._plan(auction.due_at, lambda then: self._close(auction_id, then))
            return
        won = kind_of(auction).winner(auction)
        winner = self.books.wallet(won[0], "XTR") if won else None
        closed = closing.close(auction, winner, self._present.business.fee_percent, self._times, at)
        write_close(self.books, auction, closed)  # type: ignore[arg-type]
        if closed.auction.ending is Ending.CLOSING:
            self._release(closed.auction, at)
        self._follow(auction_id, at)

    def _release(self, auction: Auction, at: datetime) -> None:
        """The holds of a sealed lot's losers."""
        rows = [bid for bid in reversed(self.books.bids) if bid.auction_id == auction.id]
        wallets = {bid.bidder_id: self.books.wallet(bid.bidder_id, "XTR") for bid in rows}
        write_close(self.books, auction, closing.release(auction, rows, wallets, at))  # type: ignore[arg-type]

    # --- deals ------------------------------------------------------------------------------------------------------

    def _follow(self, auction_id: str, at: datetime) -> None:
        if auction_id in self.books.deals:
            self._plan(at + self._soon(20 * MINUTE, 2 * DAY), lambda then: self._deliver(auction_id, then))

    def _deliver(self, auction_id: str, at: datetime) -> None:
        deal = self.books.deals[auction_id]
        seller = self.books.people[deal.seller_id]
        text = words.DELIVERY[seller.language]
        self.books.save_deal(deal, deals.deliver(deal, seller.id, text, at, self._times))
        self.books.emit(LotDelivered(f"delivered:{auction_id}", at, auction_id, deal.seller_id, deal.buyer_id))
        if self._chance.random() < 0.06:
            self._plan(at + self._soon(HOUR, 2 * DAY), lambda then: self._dispute(auction_id, then))
        elif self._chance.random() < 0.9:
            self._plan(at + self._soon(HOUR, 4 * DAY), lambda then: self._end(auction_id, then, "buyer"))
        else:
            due = self.books.deals[auction_id].due_at
            assert due
            self._plan(due, lambda then: self._end(auction_id, then, "time"))

    def _dispute(self, auction_id: str, at: datetime) -> None:
        deal = self.books.deals[auction_id]
        text = words.GRIEF[self.books.people[deal.buyer_id].language]
        self.books.save_deal(deal, disputes.dispute(deal, deal.buyer_id, text, at))
        self.books.emit(LotDisputed(f"disputed:{auction_id}", at, auction_id, deal.seller_id, deal.buyer_id, text))
        if at < self._present.now - LEFT_OPEN:
            self._plan(at + self._soon(3 * HOUR, 2 * DAY), lambda then: self._end(auction_id, then, "admin"))

    def _end(self, auction_id: str, at: datetime, by: str) -> None:
        before = self.books.deals[auction_id]
        if by == "admin":
            release = self._chance.random() < 0.5
            after, transfer = disputes.resolve(before, release, "—", at)
        elif by == "buyer":
            after, transfer = deals.confirm(before, before.buyer_id, at)
        else:
            after, transfer = deals.release(before, at)
        if after.state is DealState.COMPLETED and deal_ratings.may_count(after):
            after = replace(after, counts=self.books.count_pair(after))
        self._write(before, after, transfer, at, by)
        if by == "buyer" and self._chance.random() < 0.5:
            self._plan(at + self._soon(MINUTE, DAY), lambda then: self._rate(auction_id, then))

    def _rate(self, auction_id: str, at: datetime) -> None:
        before = self.books.deals[auction_id]
        given = self._chance.choices((5, 4, 3), (75, 20, 5))[0]
        after = deal_ratings.rate(before, before.buyer_id, given, "", at)
        self._write(before, after, None, at, "")
        self.books.emit(LotRated(f"rated:{auction_id}:{before.seller_id}", at, auction_id, before.seller_id, False))

    def _write(self, before: Deal, after: Deal, transfer: Transfer | None, at: datetime, by: str) -> None:
        self.books.save_deal(before, after)
        for person_id, gain in deal_ratings.reputation_gains(before, after).items():
            self.books.add_reputation(person_id, gain)
        if transfer is None:
            return
        self.books.post(transfer)
        self.books.change_wallet(WalletChange.credit(transfer.user_id, transfer.change, bought_part(transfer)))
        lot, seller, buyer = after.auction_id, after.seller_id, after.buyer_id
        if after.state is DealState.COMPLETED:
            event = MoneyReleased(f"released:{lot}", at, lot, seller, buyer, after.payout, after.fee, by, after.reason)
            self.books.emit(event)
        else:
            self.books.emit(MoneyReturned(f"returned:{lot}", at, lot, seller, buyer, after.price, by, after.reason))
