"""What operators decide about bills: one that was paid otherwise than asked for, one whose payment was taken back."""

from __future__ import annotations

from collections.abc import Callable

from starbid.domain import bills
from starbid.domain.audit_trail import AuditEntry, Decision
from starbid.domain.bills import Bill, BillState, WrongBillState
from starbid.domain.errors import Invalid, NotFound
from starbid.domain.events import BillReturned
from starbid.domain.payments import Charge, ChargeState
from starbid.domain.roles import Right
from starbid.domain.typed_numbers import amount_coded
from starbid.services.billing.crediting import put_into_wallet
from starbid.services.billing.refunding import Refunding
from starbid.services.billing.settling import Settling
from starbid.services.ports import Store, Unit
from starbid.services.retrying import Repeated, committed, with_retries


class BillReview:
    """Decisions take Right.FINANCE, and raise NotAllowed, NotFound. One that comes again answers how the bill stands;
    where another one was faster, WrongBillState says how.
    """

    def __init__(self, store: Store, settling: Settling, refunding: Refunding) -> None:
        self._store, self._settling, self._refunding = store, settling, refunding

    def queue(self, limit: int) -> list[Bill]:
        """Bills that differ from what was paid, the oldest first."""
        return self._store.differing_bills(limit)

    def bill(self, bill_id: str) -> Bill:
        """Raises NotFound."""
        bill = self._store.bill(bill_id)
        if bill is None:
            raise NotFound
        return bill

    def ask_again(self, bill_id: str, decision: Decision) -> Bill:
        """Ask the provider, and settle what it says. Raises ProviderFailed, Conflict."""
        decision.require(Right.FINANCE)
        bill = self.bill(bill_id)
        unit = self._store.unit()
        unit.audit(_entry(decision, "ask-provider", bill, bill.state.value))
        _write_once(unit)
        return self._settling.look(bill_id, decision.at) or bill

    def credit(self, bill_id: str, decision: Decision) -> Bill:
        """What was paid, whatever was asked for, comes into the person's wallet. Raises WrongBillState, Conflict;
        Invalid for money that no wallet holds.
        """

        def decide(unit: Unit, bill: Bill) -> None:
            paid = bills.paid_in_place(bill)
            if paid is None:
                raise Invalid("currency", "choice")
            charge = bills.charge_of(bill, paid, decision.at)
            wallet = self._store.wallet(charge.user_id, paid.currency, consistent=True)
            unit.save_bill(bill, bills.credited(bill, charge.id, decision.at))
            unit.audit(_entry(decision, "credit-bill", bill, f"credited {amount_coded(paid)}"))
            put_into_wallet(unit, charge, wallet, decision.at)

        return self._decide(bill_id, decision, decide)

    def mark_returned(self, bill_id: str, decision: Decision) -> Bill:
        """What was paid goes back outside; the person is told. Raises WrongBillState, Conflict."""
        now = decision.at

        def decide(unit: Unit, bill: Bill) -> None:
            unit.save_bill(bill, bills.returned(bill, now))
            unit.audit(_entry(decision, "return-bill", bill, BillState.RETURNED.value))
            unit.emit(BillReturned(f"bill-returned:{bill.id}", now, bill.user_id, bill.id, bill.amount, bill.paid))

        return self._decide(bill_id, decision, decide)

    def charge_back(self, bill_id: str, decision: Decision) -> Charge:
        """The provider took the payment back, of which no callback tells: booked once; what the wallet cannot bear is
        the person's debt (spec, section 2). Raises WrongBillState, Conflict.
        """
        decision.require(Right.FINANCE)
        bill = self.bill(bill_id)
        if bill.state is not BillState.PAID:
            raise WrongBillState(bill.state)
        return self._refunding.take_back(
            bill.charge_id, decision.at, _entry(decision, "charge-back", bill, "taken back")
        )

    def is_taken_back(self, bill: Bill) -> bool:
        """Its payment has gone back, or is about to."""
        charge = self._store.charge(bill.charge_id) if bill.charge_id else None
        return charge is not None and charge.state is not ChargeState.CREDITED

    def _decide(self, bill_id: str, decision: Decision, decide: Callable[[Unit, Bill], None]) -> Bill:
        decision.require(Right.FINANCE)

        def attempt(_: int) -> Bill:
            before = self.bill(bill_id)
            if before.state is not BillState.DIFFERENT:
                raise WrongBillState(before.state)
            unit = self._store.unit()
            decide(unit, before)
            committed(unit, None)
            return self.bill(bill_id)

        try:
            return with_retries(attempt)
        except Repeated:
            return self.bill(bill_id)


def _entry(decision: Decision, action: str, bill: Bill, after: str) -> AuditEntry:
    paid = f", paid {bill.paid}" if bill.paid else ""
    before = f"{bill.state}, {amount_coded(bill.amount)}{paid}"
    return decision.entry(action, user_id=bill.user_id, subject=f"bill/{bill.id}", before=before, after=after)


def _write_once(unit: Unit) -> None:
    """What is safe to repeat is audited once all the same."""

    def attempt(_: int) -> None:
        committed(unit, None)

    try:
        with_retries(attempt)
    except Repeated:
        return
