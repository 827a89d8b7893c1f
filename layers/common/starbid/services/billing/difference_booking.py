"""Booking what Telegram lists and the ledger lacks, as an operator decides: a payment into the wallet of who paid, or
with its refund where it went back.

The decision is on record first. What is booked is known by its charge, so it is booked once, however often it is tried:
a death in between leaves the difference `settling`, and the next press finishes it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from starbid.domain.audit_trail import Decision
from starbid.domain.money import XTR
from starbid.domain.payment_errors import AlreadyExplained, NotBookable
from starbid.domain.roles import Right
from starbid.services.billing.differences import Differences, DifferenceState, Found
from starbid.services.billing.paying import Paying
from starbid.services.billing.reconciling import AT_ONCE, UNREADABLE, Difference
from starbid.services.billing.refunding import Refunding
from starbid.services.ports import StarsAccount, StarTransaction, Store


class DifferenceBooking:
    """One command for an operator."""

    def __init__(
        self, store: Store, stars: StarsAccount, differences: Differences, paying: Paying, refunding: Refunding
    ) -> None:
        self._store, self._stars, self._differences = store, stars, differences
        self._paying, self._refunding = paying, refunding

    def settle(self, found_id: str, decision: Decision) -> Found:
        """Book it as Telegram lists it now. What has been booked meanwhile is settled by that.

        Raises NotAllowed, NotFound, AlreadyExplained, NotBookable, Conflict, and what Telegram raises.
        """
        decision.require(Right.FINANCE)
        found = self._differences.of(found_id, decision.at)
        if not found.is_open:
            raise AlreadyExplained
        if not found.is_bookable:
            raise NotBookable("kind")
        told, refund = self._listed(found.difference)
        if found.state is not DifferenceState.SETTLING:
            self._differences.begin(found_id, decision)
        self._book(told, refund, decision.at)
        return self._differences.finish(found_id, decision.at)

    def _listed(self, difference: Difference) -> tuple[StarTransaction, StarTransaction | None]:
        """The transaction, and its refund, wherever Telegram lists it behind. Raises NotBookable."""
        page = self._stars.transactions(difference.number, AT_ONCE)
        told = page[0] if page else None
        if told is None or told.id != difference.charge_id or told.kind == UNREADABLE:
            raise NotBookable("gone")
        if told.nanostars or told.amount < 1:
            raise NotBookable("amount")
        if told.payer_id is None and (told.incoming or self._store.charge(told.id) is None):
            raise NotBookable("person")
        if not told.incoming:
            return told, told
        return told, self._refund_of(told, difference.number, page)

    def _refund_of(self, told: StarTransaction, number: int, page: Sequence[StarTransaction]) -> StarTransaction | None:
        """What is credited can be spent at once: so the list is read to its end before."""
        while page:
            refund = next((one for one in page if one.id == told.id and not one.incoming), None)
            if refund or len(page) < AT_ONCE:
                return refund
            number += len(page)
            page = self._stars.transactions(number, AT_ONCE)
        return None

    def _book(self, told: StarTransaction, refund: StarTransaction | None, now: datetime) -> None:
        """A refund is booked with its payment, whose Stars were never there to be spent."""
        if refund:
            self._refunding.taken_back(told.payer_id, told.id, told.payload, told.amount, XTR, now)
        else:
            assert told.payer_id is not None
            self._paying.credit(told.payer_id, told.id, told.payload, told.amount, XTR, now)
