"""Where a physical lot goes: given by its buyer, shown to its seller, erased after the deal (spec, section 3)."""

from __future__ import annotations

from datetime import datetime

from starbid.domain.addresses import Address, give_address, is_shown
from starbid.domain.deals import Deal
from starbid.domain.ledger import Transfer
from starbid.services.deals.deal_steps import DealSteps
from starbid.services.deals.freezing import Freezing
from starbid.services.ports import Addresses, Scheduler, Store
from starbid.services.settings import Business
from starbid.services.sweeping import each

SWEEP_LIMIT = 100


class Addressing:
    """Addresses of deals. No event, log or answer of the API has one; the two of a deal read it here."""

    def __init__(self, store: Store, addresses: Addresses, scheduler: Scheduler, business: Business) -> None:
        self._addresses, self._business = addresses, business
        self._store = store
        self._steps = DealSteps(store, scheduler, business)
        self._freezing = Freezing(store, scheduler, business)

    def give(self, person_id: int, auction_id: str, address: Address, now: datetime) -> Deal:
        """The buyer says where it goes, or corrects it until the seller has sent it; the seller is told. The address
        that is known already changes nothing, however far the deal has come.

        Raises NotFound, NotYours, WrongDealState; DealFrozen while the buyer owes.
        """
        times = self._business.deal_times

        def step(deal: Deal) -> tuple[Deal, Transfer | None]:
            if is_shown(deal, person_id, now) and self._addresses.address(auction_id, now) == address:
                return deal, None
            return give_address(deal, person_id, now, times), None

        return self._freezing.unless_owing(
            auction_id, lambda: self._steps.take(auction_id, step, now, address=address), now
        )

    def of(self, deal: Deal | None, person_id: int | None, now: datetime) -> Address | None:
        """The address of a deal, for one of its two sides; None for everybody else, before it is given, once erased."""
        if deal is None or not is_shown(deal, person_id, now):
            return None
        return self._addresses.address(deal.auction_id, now)

    def sweep(self, now: datetime) -> int:
        """Erase the addresses whose time is over; answers how many. Raises an ExceptionGroup after doing what it could.

        DynamoDB would do it too, within days.
        """
        due = self._addresses.due(now, SWEEP_LIMIT)
        return len(each("addresses not erased", due, lambda auction_id: self._addresses.erase(auction_id, now)))
