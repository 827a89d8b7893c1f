"""Second-chance offers: made and answered with one click each."""

from __future__ import annotations

import secrets
from datetime import datetime

from starbid.domain import second_chance
from starbid.domain.deals import Deal
from starbid.domain.errors import Blocked, Unsettled, WrongOfferState
from starbid.domain.events import SecondChanceDeclined, SecondChanceOffered
from starbid.domain.lots import Lot
from starbid.domain.money import Money
from starbid.domain.second_chance import Taken
from starbid.domain.wallet import Wallet
from starbid.services.debts import Debts
from starbid.services.ports import Refused, Scheduler, Store, Unit
from starbid.services.publishing import lot_id_after
from starbid.services.retrying import Stale, with_retries
from starbid.services.settings import Business


class SecondChance:
    """What becomes of a lot whose deal was refunded, where somebody else had bid on it."""

    def __init__(self, store: Store, scheduler: Scheduler, business: Business) -> None:
        self._store, self._scheduler, self._business = store, scheduler, business
        self._debts = Debts(store)

    def offer(self, seller_id: int, auction_id: str, now: datetime) -> Deal:
        """Offer the lot to the runner-up at their own maximum, for 48 hours; once a lot. Where nobody answers,
        `Dealing.settle_due` ends it.

        Raises NotFound, NotYours, Blocked, Unsettled, NotSold, WrongDealState, NoRunnerUp, WrongOfferState.
        """

        def attempt(_: int) -> Deal:
            lot = self._store.lot(auction_id, consistent=True)
            after = second_chance.offer(lot, seller_id, now)
            made = after.offer
            assert made is not None
            self._require_standing(seller_id, now)
            unit = self._save(lot, after)
            event_id = f"second-chance:{auction_id}"
            unit.emit(SecondChanceOffered(event_id, now, auction_id, seller_id, made.to_id, made.price, made.until))
            try:
                unit.commit()
            except Refused as refused:
                raise Stale from refused
            return after

        after = with_retries(attempt)
        if after.due_at:
            self._scheduler.settle_deal_at(auction_id, after.due_at)
        return after

    def accept(self, person_id: int, auction_id: str, now: datetime) -> Lot:
        """The runner-up buys at the offered price; answers the new lot, which is sold already.

        Raises NotFound, NotYours, NotSold, WrongOfferState, Blocked, Unsettled, InsufficientFunds.
        """
        salt = secrets.token_hex(16)

        def attempt(_: int) -> Taken:
            lot = self._store.lot(auction_id, consistent=True)
            taken = self._take(lot, person_id, salt, now)
            # A debt stands in the wallet of Stars, whatever the lot is sold in; so does the mark of who is blocked.
            self._debts.require_standing(person_id, now)
            unit = self._save(lot, taken.deal)
            _write_sale(unit, taken)
            try:
                unit.commit()
            except Refused as refused:
                _explain(refused, person_id, taken.sold.auction.price)
                raise Stale from refused
            return taken

        taken = with_retries(attempt)
        auction, deal = taken.sold.auction, taken.sold.deal
        if deal and deal.due_at:
            self._scheduler.settle_deal_at(auction.id, deal.due_at)
        return Lot(auction, taken.card, deal)

    def decline(self, person_id: int, auction_id: str, now: datetime) -> Deal:
        """The runner-up does not want it. Raises NotFound, NotYours, NotSold, WrongOfferState."""

        def attempt(_: int) -> Deal:
            lot = self._store.lot(auction_id, consistent=True)
            after = second_chance.decline(lot, person_id, now)
            assert after.offer is not None
            unit = self._save(lot, after)
            event_id = f"second-chance-declined:{auction_id}"
            unit.emit(SecondChanceDeclined(event_id, now, auction_id, after.seller_id, after.offer.price))
            try:
                unit.commit()
            except Refused as refused:
                raise Stale from refused
            return after

        return with_retries(attempt)

    def _take(self, lot: Lot, person_id: int, salt: str, now: datetime) -> Taken:
        """Decided, with a seller who may still sell: one who was blocked meanwhile offers nothing any more."""
        seller_id = lot.auction.seller_id
        new_id = taken_lot_id(lot)
        business = self._business
        taken = second_chance.accept(lot, person_id, new_id, salt, business.fee_percent, business.deal_times, now)
        try:
            self._require_standing(seller_id, now)
        except (Blocked, Unsettled):
            raise WrongOfferState("withdrawn") from None
        return taken

    def _require_standing(self, seller_id: int, now: datetime) -> None:
        """Raises Blocked or Unsettled; no subscription is needed for a lot that was put up with one."""
        self._debts.require_standing(seller_id, now)
        person = self._store.person(seller_id, consistent=True)
        if person and person.blocked:
            raise Blocked

    def _save(self, lot: Lot, after: Deal) -> Unit:
        assert lot.deal is not None
        unit = self._store.unit()
        unit.save_deal(lot.deal, after)
        return unit


def taken_lot_id(lot: Lot) -> str:
    """The id of the lot that an accepted offer of this one becomes, or has become."""
    return lot_id_after(lot, f"second-chance:{lot.auction.id}")


def _write_sale(unit: Unit, taken: Taken) -> None:
    """A lot that is there for the first time and sold at once: with its bid, its money, its deal and its event."""
    sold = taken.sold
    unit.create_auction(sold.auction, taken.card)
    for change in sold.wallets:
        unit.change_wallet(change, in_good_standing=True)
    assert sold.bid is not None
    assert sold.transfer is not None
    assert sold.deal is not None
    assert sold.event is not None
    unit.add_bid(sold.bid)
    unit.post(sold.transfer)
    unit.open_deal(sold.deal)
    unit.emit(sold.event)


def _explain(refused: Refused, person_id: int, price: Money) -> None:
    """Raises what is wrong with the wallet, where the wallet is to blame and nobody else.

    Nothing is wrong with a debt that has come up and that the next try settles.
    """
    if refused.blames("wallet") and not refused.blames("deal"):
        wallet = refused.current("wallet") or Wallet.empty(person_id, price.currency)
        if wallet.covered:
            return
        wallet.require_standing()
        wallet.require(price)
