"""What waited for money is done once the money is there: once for each order, however often it is asked for.

The webhook asks when it has booked the payment, the page that watches the order when it sees it, and the button below
the invoice; the first one does it. A process that dies between money and act leaves the act to the next who asks.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar, assert_never

from starbid.domain.deal_errors import WrongOfferState
from starbid.domain.errors import BidTooLow, Invalid, NotFound, PriceMoved, StarbidError
from starbid.domain.intents import Memory
from starbid.domain.kinds import kind_of, least_bid
from starbid.domain.kinds.base import Accepted, require_seen
from starbid.domain.lot_form import named_end
from starbid.domain.lots import read_draft
from starbid.domain.money import Money
from starbid.domain.payment_errors import ActLapsed, GivenBack, NotPaidYet
from starbid.domain.payments import ChargeState, Order
from starbid.domain.second_chance_offer import OfferState
from starbid.domain.unfinished import (
    Act,
    BidAct,
    BuyAct,
    PublishAct,
    SubscribeAct,
    TakeAct,
    Unfinished,
    subscription_with,
)
from starbid.services.auctions.bidding import Bidding
from starbid.services.auctions.browsing import Browsing
from starbid.services.auctions.publishing import Publishing
from starbid.services.deals.second_chance import SecondChance, taken_lot_id
from starbid.services.idempotency import AlreadyDone, MakeRecord
from starbid.services.people import People
from starbid.services.pictures import LotPictures
from starbid.services.ports import Publications, Store
from starbid.services.settings import Business

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Finished:
    """`act` is done; `lot` is the one it led to, None for a subscription. `accepted`: the bid, where it was placed just
    now.
    """

    act: Act
    lot: str | None = None
    accepted: Accepted | None = None


class Finishing:
    """Does what a paid order was made for, on what the person confirmed and on nothing else."""

    def __init__(
        self,
        store: Store,
        browsing: Browsing,
        bidding: Bidding,
        second_chance: SecondChance,
        people: People,
        publishing: Publishing,
        pictures: LotPictures,
        publications: Publications,
        business: Business,
    ) -> None:
        self._store, self._browsing, self._bidding, self._second_chance = store, browsing, bidding, second_chance
        self._people, self._publishing, self._pictures = people, publishing, pictures
        self._publications, self._business = publications, business

    def finish(self, order_id: str, user_id: int, now: datetime, arrived: datetime | None = None) -> Finished | None:
        """Do it, unless it is done; None for an order of money alone. `arrived` is when the money was first reported,
        where that asks for it: a bid counts by that moment. It lapses by `now`.

        Raises NotFound where the person has no such order, NotPaidYet, and where they have to be asked again what the
        act itself raises, or ActLapsed. The money stays in the wallet then, and nothing else has happened.
        """
        order = self._store.order(order_id)
        if order is None or order.user_id != user_id:
            raise NotFound
        if order.unfinished is None:
            return None
        if self._store.first_charge(order_id) is None:
            raise NotPaidYet
        return self._finish(order, order.unfinished, now, arrived or now)

    def come_to(self, user_id: int, act: Act, now: datetime) -> Finished | None:
        """What an act has come to before anything is paid for it; None where it can still be done.

        Raises what the act itself would raise for another reason than money.
        """
        match act:
            case BidAct() | BuyAct():
                if self._stands(user_id, act, now):
                    return Finished(act, act.lot)
                self._require_open(user_id, act, now)
            case TakeAct():
                if taken := self._taken(user_id, act):
                    return Finished(act, taken)
                self._require_offered(user_id, act, now)
            case SubscribeAct() if self._people.has_paid(user_id, act.request_id):
                return Finished(act)
            case _:
                pass
        return None

    def _require_open(self, user_id: int, act: BidAct | BuyAct, now: datetime) -> None:
        """Raises what a bid or a purchase would on the lot as it stands."""
        view = self._browsing.lot(act.lot, user_id, now, fresh=True)
        auction = view.lot.auction
        _require_currency(act.price if isinstance(act, BuyAct) else act.maximum, auction.currency)
        require_seen(auction, user_id, act.card_version, now)
        if isinstance(act, BuyAct):
            kind_of(auction).buy(auction, user_id, act.price, now)
            return
        if act.version is not None and auction.version != act.version:
            raise PriceMoved(view.price)
        least = least_bid(auction, user_id, view.your_maximum)
        if act.maximum < least:
            raise BidTooLow(least)

    def _require_offered(self, user_id: int, act: TakeAct, now: datetime) -> None:
        offer = self._store.lot(act.lot, consistent=True).auction.offer_to(user_id, now)
        if offer is None:
            raise WrongOfferState("none")
        _require_currency(act.price, offer.price.currency)
        if offer.price > act.price:
            raise PriceMoved(offer.price)

    def _finish(self, order: Order, waiting: Unfinished, now: datetime, arrived: datetime) -> Finished:
        user_id, act = order.user_id, waiting.act
        match act:
            case BidAct():
                return Finished(act, act.lot, self._once(order, waiting, now, self._bidding_on(user_id, act, arrived)))
            case BuyAct():
                self._once(order, waiting, now, self._buying(user_id, act, arrived))
                return Finished(act, act.lot)
            case TakeAct():
                return Finished(act, self._take(order, waiting, act, now))
            case SubscribeAct():
                self._subscribe(order, waiting, act, now)
                return Finished(act)
            case PublishAct():
                return Finished(act, self._publish(order, waiting, act, now))
        assert_never(act)

    def _once(
        self, order: Order, waiting: Unfinished, now: datetime, work: Callable[[MakeRecord[object]], T]
    ) -> T | None:
        """The memory of the deed is in its own transaction. None where it was done before, or stands as wanted."""
        key = f"act#{order.id}"
        if self._store.idempotency_record(key):
            return None
        try:
            self._require_wanted(order, waiting, now)
            return work(MakeRecord(Memory(key, order.id), lambda _: {}))
        except AlreadyDone:
            return None
        except StarbidError:
            if self._store.idempotency_record(key) or self._stands(order.user_id, waiting.act, now):
                return None
            raise

    def _require_wanted(self, order: Order, waiting: Unfinished, now: datetime) -> None:
        """What was confirmed is done with the money that came for it, and soon.

        Raises ActLapsed or GivenBack, or what is in the way of the act by now: nobody is to confirm what cannot be
        done.
        """
        lapsed = now > waiting.until
        if lapsed or self._is_given_back(order):
            self.come_to(order.user_id, waiting.act, now)
            raise ActLapsed if lapsed else GivenBack

    def _is_given_back(self, order: Order) -> bool:
        paid = self._store.first_charge(order.id)
        charge = self._store.charge(paid) if paid else None
        return charge is not None and charge.state is not ChargeState.CREDITED

    def _stands(self, user_id: int, act: Act, now: datetime) -> bool:
        """Whether the person has what they wanted already: by another order of the same act, or by other money."""
        match act:
            case BidAct():
                mine = self._browsing.lot(act.lot, user_id, now, fresh=True).your_maximum
                return mine is not None and mine.currency == act.maximum.currency and mine >= act.maximum
            case BuyAct():
                return self._browsing.lot(act.lot, user_id, now, fresh=True).is_buyer
            case _:
                return False

    def _bidding_on(self, user_id: int, act: BidAct, arrived: datetime) -> Callable[[MakeRecord[object]], Accepted]:
        def bid(memory: MakeRecord[object]) -> Accepted:
            self._require_unmoved(user_id, act, arrived)
            return self._bidding.bid(
                act.lot,
                user_id,
                act.maximum.amount,
                arrived,
                memory,
                card_version=act.card_version,
                confirmed=act.confirmed,
            )

        return bid

    def _require_unmoved(self, user_id: int, act: BidAct, now: datetime) -> None:
        """Raises PriceMoved where the lot is not as it stood on the button; of other words the bid itself tells."""
        if act.version is None:
            return
        view = self._browsing.lot(act.lot, user_id, now, fresh=True)
        auction = view.lot.auction
        if view.may_bid and auction.card_version == act.card_version and auction.version != act.version:
            raise PriceMoved(view.price)

    def _buying(self, user_id: int, act: BuyAct, arrived: datetime) -> Callable[[MakeRecord[object]], object]:
        def buy(memory: MakeRecord[object]) -> object:
            return self._bidding.buy(act.lot, user_id, act.price.amount, arrived, memory, card_version=act.card_version)

        return buy

    def _take(self, order: Order, waiting: Unfinished, act: TakeAct, now: datetime) -> str:
        """The lot that the offer has become. An offer is answered once, and by nobody else."""
        user_id = order.user_id
        if taken := self._taken(user_id, act):
            return taken
        self._require_wanted(order, waiting, now)
        offer = self._store.lot(act.lot, consistent=True).auction.offer
        if offer and offer.price > act.price:
            raise PriceMoved(offer.price)
        try:
            return self._second_chance.accept(user_id, act.lot, now).auction.id
        except WrongOfferState as refusal:
            if taken := self._taken(user_id, act):
                return taken
            raise refusal from None

    def _taken(self, user_id: int, act: TakeAct) -> str | None:
        """The lot that this person has made of the offer; None where they have not."""
        old = self._store.lot(act.lot, consistent=True)
        offer = old.auction.offer
        if offer and (offer.to_id, offer.state) == (user_id, OfferState.ACCEPTED):
            return taken_lot_id(old)
        return None

    def _subscribe(self, order: Order, waiting: Unfinished, act: SubscribeAct, now: datetime) -> None:
        if not self._people.has_paid(order.user_id, act.request_id):
            self._require_wanted(order, waiting, now)
            self._people.subscribe(order.user_id, act.request_id, now, extends=act.extends)

    def _publish(self, order: Order, waiting: Unfinished, act: PublishAct, now: datetime) -> str:
        """All that may be in the way is looked at before anything is paid: a start may have passed, a picture be gone,
        a debt have come up.
        """
        kept = self._publications.find(order.id, now)
        if kept is None:
            raise ActLapsed
        known = self._publishing.published(order.user_id, act.request_id, kept.form)
        if known:
            return known.auction.id
        self._require_wanted(order, waiting, now)
        draft = read_draft(
            kept.fields, now, self._business.min_auction_seconds, currencies=self._business.currencies,
            ends_at=named_end(kept.fields),
        )  # fmt: skip
        self._pictures.require_usable(order.user_id, kept.pictures, (), now)
        self._publishing.require_running(now)
        if self._publishing.needs_subscription(order.user_id, now):
            self._people.subscribe(order.user_id, subscription_with(act.request_id), now, extends=False)
        lot = self._publishing.publish(order.user_id, draft, kept.pictures, act.request_id, now, form=kept.form)
        return lot.auction.id


def _require_currency(amount: Money, currency: str) -> None:
    """What is confirmed is in the lot's own money. Raises Invalid."""
    if amount.currency != currency:
        raise Invalid("currency", "choice")
