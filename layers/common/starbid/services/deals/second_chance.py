"""Second-chance offers: made and answered with one click each."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime

from starbid.domain import second_chance
from starbid.domain.auction import Auction
from starbid.domain.deal_errors import WrongOfferState
from starbid.domain.errors import Blocked, InDebt, NotFound
from starbid.domain.events import AnyEvent, SecondChanceDeclined, SecondChanceExpired, SecondChanceOffered
from starbid.domain.lots import Lot
from starbid.domain.money import Money
from starbid.domain.repeating import is_answered
from starbid.domain.second_chance import Taken
from starbid.domain.second_chance_offer import Offer, OfferState
from starbid.domain.wallet import Wallet
from starbid.services.auctions.new_lots import lot_id_after
from starbid.services.auctions.replaying import FEW_BIDS, may_not_buy, replayed
from starbid.services.debts import Debts
from starbid.services.ports import ConditionFailed, Scheduler, Standing, Store, Unit
from starbid.services.retrying import Stale, committed, with_retries
from starbid.services.settings import Business
from starbid.services.sweeping import each
from starbid.services.writing import write_publication

SWEEP_LIMIT = 100


@dataclass(frozen=True, slots=True)
class Prospect:
    """An offer that the seller can make; the price is None where it takes a while to tell."""

    price: Money | None


class SecondChance:
    """A lot whose deal was refunded or whose winner owed goes to the next bidder."""

    def __init__(self, store: Store, scheduler: Scheduler, business: Business) -> None:
        self._store, self._scheduler, self._business = store, scheduler, business
        self._debts = Debts(store)

    def price_to_offer(self, lot: Lot, now: datetime) -> Money | None:
        """What the next one would be asked for: the lot's price without its failed buyer's bids.

        None where there is no offer to be made, or none any more. Reads every bid of the lot, where there may be one.
        """
        if not second_chance.may_offer(lot, lot.auction.seller_id, now):
            return None
        made = second_chance.offer_of(self._fair(lot), now)
        return made.price if made else None

    def prospect(self, lot: Lot, now: datetime) -> Prospect | None:
        """The same for a page: of a lot with many bids only that there may be an offer, which is had without them."""
        if lot.auction.bids_count > FEW_BIDS:
            return Prospect(None) if second_chance.may_offer(lot, lot.auction.seller_id, now) else None
        price = self.price_to_offer(lot, now)
        return Prospect(price) if price else None

    def offer(self, seller_id: int, auction_id: str, now: datetime) -> Offer:
        """Offer a refunded lot to the one who would have won it without its buyer, at the price they would have paid;
        open for 48 hours, once a lot. Where nobody answers, `lapse_due` ends it.

        Raises NotFound, NotYours, Blocked, InDebt, NotSold, WrongDealState, NoRunnerUp, WrongOfferState.
        """

        def attempt(_: int) -> Offer:
            lot = self._store.lot(auction_id, consistent=True)
            second_chance.require_offerable(lot, seller_id, now)
            after = second_chance.offer(lot, seller_id, self._fair(lot), now)
            made = after.offer
            assert made is not None
            self._require_seller(seller_id, now)
            event_id = f"second-chance:{auction_id}"
            told = SecondChanceOffered(event_id, now, auction_id, seller_id, made.to_id, made.price, made.until)
            self._write(lot.auction, after, told)
            return made

        made = with_retries(attempt)
        self._scheduler.advance_deal_at(auction_id, made.until)
        return made

    def accept(self, person_id: int, auction_id: str, now: datetime) -> Lot:
        """The runner-up buys at the offered price; answers the new lot, which is sold already.

        Raises NotFound, Paused, NotYours, WrongOfferState, Blocked, Restricted, InDebt, InsufficientFunds.
        """
        salt = secrets.token_hex(16)

        def attempt(_: int) -> Taken:
            lot = self._store.lot(auction_id, consistent=True)
            buyer = self._debts.offset(person_id, lot.auction.currency, now)
            taken = self._take(lot, buyer, salt, now)
            buyer.require_bidder(now)
            unit = self._store.unit()
            unit.save_auction(lot.auction, taken.old)
            _write_sale(unit, taken, now)
            try:
                unit.commit()
            except ConditionFailed as refused:
                _explain(refused, person_id, taken.sold.auction.price, now)
                raise Stale from refused
            return taken

        taken = with_retries(attempt)
        auction, deal = taken.sold.auction, taken.sold.deal
        if deal and deal.looks_at:
            self._scheduler.advance_deal_at(auction.id, deal.looks_at)
        return Lot(auction, taken.card, deal)

    def taken_by(self, person_id: int, auction_id: str) -> str | None:
        """The id of the lot that this person's acceptance of the offer made; None where there was none."""
        lot = self._store.lot(auction_id, consistent=True)
        return taken_lot_id(lot) if is_answered(lot.auction.offer, person_id, OfferState.ACCEPTED) else None

    def decline(self, person_id: int, auction_id: str, now: datetime) -> None:
        """The runner-up does not want it. Raises NotFound, NotYours, WrongOfferState."""

        def attempt(_: int) -> None:
            before = self._store.auction(auction_id, consistent=True)
            after = second_chance.decline(before, person_id, now)
            assert after.offer is not None
            event_id = f"second-chance-declined:{auction_id}"
            told = SecondChanceDeclined(event_id, now, auction_id, after.seller_id, after.offer.price)
            self._write(before, after, told)

        with_retries(attempt)

    def lapse_due(self, auction_id: str, now: datetime) -> bool:
        """End an offer that nobody answered in time; False where there is none, or not yet."""

        def attempt(_: int) -> None:
            before = self._store.auction(auction_id, consistent=True)
            after = second_chance.lapse(before, now)
            assert after.offer is not None
            event_id = f"second-chance-expired:{auction_id}"
            told = SecondChanceExpired(event_id, now, auction_id, after.seller_id, after.offer.price)
            self._write(before, after, told)

        try:
            with_retries(attempt)
        except (NotFound, WrongOfferState):
            return False
        return True

    def sweep(self, now: datetime) -> int:
        """End the offers that schedules missed; answers how many.

        Raises an ExceptionGroup after doing what it could.
        """
        due = self._store.due_offers(now, SWEEP_LIMIT)
        return sum(each("offers not ended", due, lambda auction_id: self.lapse_due(auction_id, now)))

    def _fair(self, lot: Lot) -> Auction:
        """The lot without the bids of its failed buyer, and of all who owe or are blocked."""
        assert lot.deal is not None
        return replayed(self._store, lot.auction, {lot.deal.buyer_id}, may_not_buy).fair

    def _take(self, lot: Lot, buyer: Wallet, salt: str, now: datetime) -> Taken:
        """Decided, with a seller who may still sell: one who was blocked meanwhile offers nothing any more."""
        business = self._business
        new_id = taken_lot_id(lot)
        taken = second_chance.accept(lot, buyer, new_id, salt, business.fee_percent, business.deal_times, now)
        try:
            self._require_seller(lot.auction.seller_id, now)
        except (Blocked, InDebt):
            raise WrongOfferState("withdrawn") from None
        return taken

    def _require_seller(self, seller_id: int, now: datetime) -> None:
        """Raises Blocked or InDebt; no subscription is needed for a lot that was put up with one."""
        self._debts.require_seller(seller_id, now)
        person = self._store.person(seller_id, consistent=True)
        if person and person.blocked:
            raise Blocked

    def _write(self, before: Auction, after: Auction, told: AnyEvent) -> None:
        unit = self._store.unit()
        unit.save_auction(before, after)
        unit.emit(told)
        committed(unit, None)


def taken_lot_id(lot: Lot) -> str:
    """The id of the lot that an accepted offer of this one becomes, or has become."""
    return lot_id_after(lot, "second-chance")


def _write_sale(unit: Unit, taken: Taken, now: datetime) -> None:
    """A lot that is there for the first time and sold at once: with its bid, its money, its deal and its event."""
    sold = taken.sold
    write_publication(unit, Lot(sold.auction, taken.card), now, again=True)
    for change in sold.wallets:
        unit.change_wallet(change, Standing.GOOD, bids_at=now)
    assert sold.bid is not None
    assert sold.transfer is not None
    assert sold.deal is not None
    assert sold.event is not None
    unit.add_bid(sold.bid)
    unit.post(sold.transfer)
    unit.open_deal(sold.deal)
    unit.emit(sold.event)


def _explain(refused: ConditionFailed, person_id: int, price: Money, now: datetime) -> None:
    """Raises what is wrong with the wallet, where the wallet is to blame and nobody else.

    Nothing is wrong with a debt that has come up and that the next try settles.
    """
    if refused.blames("wallet") and not refused.blames("auction"):
        wallet = refused.current("wallet") or Wallet.empty(person_id, price.currency)
        if wallet.covered:
            return
        wallet.require_bidder(now)
        wallet.require(price)
