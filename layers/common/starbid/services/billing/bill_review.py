"""What operators decide about bills: one that was paid otherwise than asked for, one whose payment was taken back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from starbid.domain import bills
from starbid.domain.bills import Bill, BillState, WrongBillState
from starbid.domain.errors import Invalid, NotFound
from starbid.domain.events import BillReturned
from starbid.domain.payments import Charge
from starbid.domain.roles import Right
from starbid.services.billing.crediting import put_into_wallet
from starbid.services.billing.refunding import Refunding
from starbid.services.billing.settling import Settling
from starbid.services.operators import Operators
from starbid.services.ports import ConditionFailed, Store, Unit
from starbid.services.retrying import Stale, with_retries
from starbid.services.settings import Business


class BillReview:
    """For operators only: every method raises NotYours or NotAllowed for others, and NotFound for an unknown bill."""

    def __init__(self, store: Store, settling: Settling, refunding: Refunding, business: Business) -> None:
        self._store, self._settling, self._refunding = store, settling, refunding
        self._operators = Operators(store, business)

    def queue(self, operator_id: int, limit: int) -> list[Bill]:
        """Bills that differ from what was paid, the oldest first."""
        self._require_operator(operator_id)
        return self._store.differing_bills(limit)

    def bill(self, operator_id: int, bill_id: str) -> Bill:
        self._require_operator(operator_id)
        bill = self._store.bill(bill_id)
        if bill is None:
            raise NotFound
        return bill

    def ask_again(self, operator_id: int, bill_id: str, now: datetime) -> Bill:
        """Ask the provider. Raises ProviderFailed, Conflict."""
        bill = self.bill(operator_id, bill_id)
        return self._settling.look(bill_id, now) or bill

    def credit(self, operator_id: int, bill_id: str, now: datetime) -> Bill:
        """What was paid, whatever was asked for, comes into the person's wallet. Raises WrongBillState, Conflict;
        Invalid for money that no wallet holds.
        """
        self._require_operator(operator_id)

        def decide(bill: Bill) -> None:
            paid = bills.paid_in_place(bill)
            if paid is None:
                raise Invalid("currency", "choice")
            charge = bills.charge_of(bill, paid, now)
            wallet = self._store.wallet(charge.user_id, paid.currency, consistent=True)
            unit = self._store.unit()
            unit.save_bill(bill, bills.credited(bill, charge.id, now))
            put_into_wallet(unit, charge, wallet, now)
            _commit(unit)

        return self._decide(bill_id, decide)

    def mark_returned(self, operator_id: int, bill_id: str, now: datetime) -> Bill:
        """What was paid goes back outside; the person is told. Raises WrongBillState, Conflict."""
        self._require_operator(operator_id)

        def decide(bill: Bill) -> None:
            unit = self._store.unit()
            unit.save_bill(bill, bills.returned(bill, now))
            unit.emit(BillReturned(f"bill-returned:{bill.id}", now, bill.user_id, bill.id, bill.amount, bill.paid))
            _commit(unit)

        return self._decide(bill_id, decide)

    def charge_back(self, operator_id: int, bill_id: str, now: datetime) -> Charge:
        """The provider took the payment back, of which no callback tells: booked once; what the wallet cannot bear is
        the person's debt (spec, section 2). Raises WrongBillState, Conflict.
        """
        bill = self.bill(operator_id, bill_id)
        if bill.state is not BillState.PAID:
            raise WrongBillState(bill.state)
        return self._refunding.take_back(bill.charge_id, now)

    def _decide(self, bill_id: str, decide: Callable[[Bill], None]) -> Bill:
        def attempt(_: int) -> Bill:
            before = self._store.bill(bill_id)
            if before is None:
                raise NotFound
            if before.state is not BillState.DIFFERENT:
                raise WrongBillState(before.state)
            decide(before)
            return self._store.bill(bill_id) or before

        return with_retries(attempt)

    def _require_operator(self, person_id: int) -> None:
        self._operators.require(person_id, Right.FINANCE)


def _commit(unit: Unit) -> None:
    try:
        unit.commit()
    except ConditionFailed as refused:
        raise Stale from refused
