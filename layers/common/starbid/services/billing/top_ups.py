"""Top-ups of fiat money: a person's bills at the providers (spec, section 7, "The way of a bill")."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from starbid.domain import bills
from starbid.domain.bills import Bill, BillOpen, BillState, ProviderFailed, ProviderStatus, Reported
from starbid.domain.errors import Blocked, Conflict, Invalid, NotFound
from starbid.domain.money import Money
from starbid.domain.payments import Provider
from starbid.domain.unfinished import Act, Unfinished
from starbid.services.billing.settling import Settling
from starbid.services.claiming import Turn, claimed
from starbid.services.idempotency import MakeRecord, require_unknown
from starbid.services.ports import (
    BillGateway,
    Claims,
    ConditionFailed,
    Page,
    ProviderTrouble,
    Store,
    Unit,
)
from starbid.services.retrying import Stale, with_retries
from starbid.services.settings import Business

MAKING_SECONDS = 30
"""Longer than a provider may take to answer; then another request takes over."""
LOOK_SECONDS = 3
"""A provider is asked about a bill so often at most, however many ask us."""
_PAUSES = (0.2, 0.4, 0.8)
COMMENT = "Starbid"


@dataclass(frozen=True, slots=True)
class Opened:
    """A bill that was asked for; `is_new` where it was made for it, not shown again."""

    bill: Bill
    is_new: bool


class TopUps:
    """What people do with bills. Nobody sees or checks another's."""

    def __init__(
        self,
        store: Store,
        gateways: Mapping[Provider, BillGateway],
        settling: Settling,
        claims: Claims,
        business: Business,
    ) -> None:
        self._store, self._gateways, self._settling = store, gateways, settling
        self._claims, self._terms = claims, business.bills

    @property
    def offered(self) -> tuple[Provider, ...]:
        """The providers that people choose from; none where top-up is not offered here."""
        return self._terms.providers

    def require(self, amount: Money, provider: Provider) -> None:
        """Whether a bill may be of this amount, at this provider. Raises Invalid."""
        if provider not in self._terms.providers:
            raise Invalid("provider", "choice")
        if amount.currency != self._terms.currency:
            raise Invalid("currency", "choice")
        least, most = self._terms.least(provider), self._terms.most
        if not least <= amount <= most:
            raise Invalid("amount", "sum", least=least.amount, most=most.amount, currency=amount.currency)

    def open(
        self,
        user_id: int,
        amount: Money,
        provider: Provider,
        now: datetime,
        act: Act | None = None,
        make_record: MakeRecord[Opened] | None = None,
    ) -> Opened:
        """The person's open bill over `amount` at `provider`, made unless it is there. `act` is done with the money; of
        two that were confirmed for one bill the later.

        `make_record` keeps the outcome for a request that may be repeated, before the provider is asked: a repeat finds
        the same bill, however far the first one came.

        Raises Invalid, Blocked, BillOpen for one over another amount, ProviderFailed, Conflict, and AlreadyDone where
        the outcome is kept.
        """
        self.require(amount, provider)
        person = self._store.person(user_id, consistent=True)
        if person and person.blocked:
            raise Blocked

        def attempt(_: int) -> Opened:
            known = self._open_one(user_id, provider, now)
            if known is None:
                return self._add(user_id, amount, provider, now, act, make_record)
            if known.amount != amount:
                raise BillOpen(known)
            found = Opened(known, is_new=False)
            if make_record:
                unit = self._store.unit()
                unit.record(make_record(found))
                _commit(unit)
            if act:
                self._store.change_act(known.id, Unfinished.at(act, now))
            return found

        opened = with_retries(attempt)
        if opened.bill.state is BillState.CREATING:
            return Opened(self._make(opened.bill, now, is_new=opened.is_new), opened.is_new)
        return opened

    def bill(self, bill_id: str, user_id: int) -> Bill:
        """The person's own. Raises NotFound."""
        bill = self._store.bill(bill_id)
        if bill is None or bill.user_id != user_id:
            raise NotFound
        return bill

    def bills_of(self, user_id: int, *, limit: int = 20, cursor: str | None = None) -> Page[Bill]:
        """Newest first."""
        return self._store.bills_of(user_id, limit=limit, cursor=cursor)

    def check(self, bill_id: str, user_id: int, now: datetime, *, is_watched: bool = True) -> Bill:
        """Ask the provider about one's bill. Of many who ask at once one does, and the others hear what came of it.
        `is_watched` as in `Settling.look`: a program only asks, and what waited for the money is not done by it.

        Raises NotFound, ProviderFailed, Conflict.
        """
        self.bill(bill_id, user_id)
        with claimed(self._claims, f"bill-look#{bill_id}", LOOK_SECONDS, LOOK_SECONDS, now, _PAUSES) as turn:
            if turn is Turn.MINE:
                self._settling.look(bill_id, now, is_watched=is_watched)
        return self.bill(bill_id, user_id)

    def cancel(self, bill_id: str, user_id: int, now: datetime) -> Bill:
        """The person does not want it any more. What was paid before counts, and so does what is paid all the same.

        Raises NotFound, Conflict.
        """
        bill = self.bill(bill_id, user_id)
        if not bill.is_open:
            return bill
        found, is_known = None, bill.provider in self._gateways
        try:
            if gateway := self._gateways.get(bill.provider):
                gateway.cancel(bill)
                found = gateway.find(bill)
        except ProviderTrouble as trouble:
            self._settling.tell_trouble(bill.provider, trouble, now)
            is_known = False
        if found and found.status is ProviderStatus.PAID:
            return self._settling.settle(bill.id, found, now, is_watched=True)
        is_over = is_known and (found is None or found.status in (ProviderStatus.REJECTED, ProviderStatus.EXPIRED))
        return self._settling.end(bill, BillState.REJECTED, now, finally_=is_over, is_told=False)

    def _open_one(self, user_id: int, provider: Provider, now: datetime) -> Bill | None:
        """The one that is open, after one whose life is over has been ended. Raises ProviderFailed."""
        bill_id = self._store.open_bill(user_id, provider)
        bill = self._store.bill(bill_id) if bill_id else None
        if bill and bill.is_over(now):
            bill = self._settling.look(bill.id, now)
        return bill if bill and bill.is_open else None

    def _add(
        self,
        user_id: int,
        amount: Money,
        provider: Provider,
        now: datetime,
        act: Act | None,
        make_record: MakeRecord[Opened] | None,
    ) -> Opened:
        bill = bills.new_bill(secrets.token_hex(16), provider, user_id, amount, now, self._terms.seconds)
        opened = Opened(bill, is_new=True)
        unit = self._store.unit()
        unit.add_bill(bill, bills.order_of(bill, Unfinished.at(act, now) if act else None))
        if make_record:
            unit.record(make_record(opened))
        _commit(unit)
        return opened

    def _make(self, bill: Bill, now: datetime, *, is_new: bool) -> Bill:
        """Have the provider make it, once: one that may have been made is looked up first."""
        with claimed(self._claims, f"bill-making#{bill.id}", MAKING_SECONDS, 0, now, _PAUSES) as turn:
            known = self._store.bill(bill.id) or bill
            if known.state is not BillState.CREATING:
                return known
            if turn is not Turn.MINE:
                raise Conflict
            reported = self._ask_for(bill, now, is_new=is_new)
            return self._settling.settle(bill.id, reported, now)

    def _ask_for(self, bill: Bill, now: datetime, *, is_new: bool) -> Reported:
        gateway = self._gateways[bill.provider]
        try:
            known = None if is_new else gateway.find(bill)
            return known or self._create(gateway, bill)
        except ProviderTrouble as trouble:
            self._settling.tell_trouble(bill.provider, trouble, now)
            self._settling.end(bill, BillState.FAILED, now, finally_=not trouble.is_open, is_told=False)
            raise ProviderFailed(bill.provider) from trouble

    def _create(self, gateway: BillGateway, bill: Bill) -> Reported:
        """Raises ProviderTrouble; open where the bill may be there all the same."""
        try:
            return gateway.create(bill, COMMENT)
        except ProviderTrouble as trouble:
            found = None
            if trouble.is_open:
                with suppress(ProviderTrouble):
                    found = gateway.find(bill)
            if found is None:
                raise
            return found


def _commit(unit: Unit) -> None:
    """Raises Stale, AlreadyDone."""
    try:
        unit.commit()
    except ConditionFailed as refused:
        require_unknown(refused)
        raise Stale from refused
