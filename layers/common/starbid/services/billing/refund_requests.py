"""Refunds that people ask for and operators decide about (spec, section 4, "Stars payments").

A request freezes nothing: whether the wallet can bear it is checked when it is made, and again in the transaction that
begins the refund.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from starbid.domain import refund_requests as rules
from starbid.domain.audit_trail import Decision
from starbid.domain.errors import StarbidError
from starbid.domain.events import RefundRefused, RefundRequested
from starbid.domain.limits import Deed
from starbid.domain.money import Money
from starbid.domain.payment_errors import NotRefundable
from starbid.domain.payments import Charge, ChargeState
from starbid.domain.refund_requests import KEPT, NoSuchRequest, RefundRequest, RequestState, mark_of
from starbid.domain.roles import Right
from starbid.domain.typed_numbers import amount_coded
from starbid.services.billing.refunding import Refunding
from starbid.services.limits import Limits
from starbid.services.ports import ConditionFailed, Desk, DeskRow, Page, Store, Unit
from starbid.services.retrying import Repeated, committed, with_retries
from starbid.services.sweeping import each

AT_ONCE = 100
SWEPT = 50
SAME_MOMENT = 20
"""Payments of one millisecond that are looked through."""


@dataclass(frozen=True, slots=True)
class RefundReview:
    """What an operator looks at. `obstacle` is why the charge cannot go back now, None where it can."""

    request: RefundRequest
    charge: Charge
    obstacle: StarbidError | None


class RefundRequests:
    """One for each charge, kept among what operators work with."""

    def __init__(self, store: Store, desk: Desk, refunding: Refunding, limits: Limits) -> None:
        self._store, self._desk, self._refunding, self._limits = store, desk, refunding, limits

    def ask(self, charge: Charge, reason: str, now: datetime) -> RefundRequest:
        """The person asks for a charge of theirs; asking once more answers how the first request stands, and counts
        for no limit.

        Raises TooOften, NotRefundable, SpentAlready, InDebt, InsufficientFunds, Invalid, Conflict.
        """
        user_id, mark = charge.user_id, mark_of(charge.id)
        known = self.find(user_id, mark, now)
        if known:
            return known
        self._limits.require(Deed.PAYOUT, user_id, now)
        fresh = self._store.charge(charge.id)
        if fresh is None:
            raise NotRefundable
        self._refunding.check(fresh, now)
        request = rules.asked(fresh, reason, now)

        def attempt(_: int) -> RefundRequest:
            unit = self._store.unit()
            unit.save_row(_row(request))
            unit.emit(RefundRequested(f"refund-requested:{charge.id}", now, user_id, mark, request.amount))
            try:
                unit.commit()
            except ConditionFailed:  # the same was asked in this moment
                return self._known(user_id, mark, now)
            return request

        return with_retries(attempt)

    def charge_of(self, user_id: int, mark: str) -> Charge:
        """Among the newest of a person's. Raises NotRefundable."""
        charge = _marked(self._store.charges_of(user_id), mark)
        if charge is None:
            raise NotRefundable
        return charge

    def payment_at(self, user_id: int, until: datetime, mark: str) -> Charge | None:
        """The person's payment of that millisecond; None where there is none, another's too."""
        return _marked(self._store.payments_of(user_id, limit=SAME_MOMENT, until=until).items, mark)

    def find(self, user_id: int, mark: str, now: datetime) -> RefundRequest | None:
        row = self._desk.row(_group(user_id), mark, now)
        return _request(row) if row else None

    def of_person(self, user_id: int, now: datetime) -> Mapping[str, RefundRequest]:
        """All of a person's, by mark."""
        page = self._desk.rows(_group(user_id), now, limit=AT_ONCE)
        rows = [*page.items]
        while page.cursor:
            page = self._desk.rows(_group(user_id), now, limit=AT_ONCE, cursor=page.cursor)
            rows += page.items
        return {row.member: _request(row) for row in rows}

    def waiting(self, now: datetime, limit: int) -> list[RefundRequest]:
        """Those that an operator has to decide about, the oldest first; a moment behind."""
        page = self._desk.listed(_list_of(RequestState.OPEN), now, limit=limit, backward=False)
        return [_request(row) for row in page.items]

    def decided(
        self, state: RequestState, now: datetime, *, limit: int = 50, cursor: str | None = None
    ) -> Page[RefundRequest]:
        """The newest first; a moment behind. Raises Invalid for a cursor of another list."""
        page = self._desk.listed(_list_of(state), now, limit=limit, cursor=cursor)
        return Page(tuple(map(_request, page.items)), page.cursor)

    def review(self, user_id: int, mark: str, now: datetime) -> RefundReview:
        """Raises NoSuchRequest."""
        request = self._known(user_id, mark, now)
        charge = self._store.charge(request.charge_id)
        if charge is None:
            raise NoSuchRequest
        return RefundReview(request, charge, self._refunding.obstacle(charge, now))

    def approve(self, user_id: int, mark: str, decision: Decision) -> RefundRequest:
        """The charge goes back, in the transaction that decides. What cannot be borne now stays open.

        Raises NotAllowed, OwnAccount, NoSuchRequest, RefundDecided, NotRefundable, SpentAlready, InDebt,
        InsufficientFunds, Conflict; TryLater where Telegram gave no answer: then the refund is finished by itself.
        """
        decision.require(Right.FINANCE)
        now, by = decision.at, decision.by
        request = self._known(user_id, mark, now)
        rules.approved(request, by, decision.reason, now)

        def decide(unit: Unit) -> None:
            before = self._known(user_id, mark, now)
            self._save(unit, before, rules.approved(before, by, decision.reason, now), decision)

        try:
            with suppress(Repeated):
                self._refunding.refund(user_id, request.charge_id, now, decide)
        except NotRefundable:
            if not _is_gone(self._store.charge(request.charge_id)):
                raise
        return self._closed(request, now)

    def refuse(self, user_id: int, mark: str, decision: Decision) -> RefundRequest:
        """The person reads the reason. Raises NotAllowed, NoSuchRequest, RefundDecided, Conflict."""
        decision.require(Right.FINANCE)

        def attempt(_: int) -> RefundRequest:
            before = self._known(user_id, mark, decision.at)
            after = rules.refused(before, decision.by, decision.reason, decision.at)
            unit = self._store.unit()
            self._save(unit, before, after, decision)
            id_ = f"refund-refused:{before.charge_id}"
            unit.emit(RefundRefused(id_, decision.at, user_id, before.amount, decision.reason))
            return committed(unit, after)

        try:
            return with_retries(attempt)
        except Repeated:
            return self._known(user_id, mark, decision.at)

    def sweep(self, now: datetime) -> int:
        """Requests whose charge went back in another way wait for nobody; answers how many were looked at. Raises an
        ExceptionGroup after doing what it could.
        """
        waiting = self.waiting(now, SWEPT)
        charges = self._store.charges(one.charge_id for one in waiting) if waiting else {}
        gone = [one for one in waiting if _is_gone(charges.get(one.charge_id))]
        return len(each("requests not closed", gone, lambda request: self._closed(request, now)))

    def _closed(self, request: RefundRequest, now: datetime) -> RefundRequest:
        """Nobody has to decide about it any more: its charge went back."""

        def attempt(_: int) -> RefundRequest:
            before = self._known(request.user_id, request.mark, now)
            if not before.is_open:
                return before
            after = rules.overtaken(before, now)
            unit = self._store.unit()
            unit.save_row(_row(after))
            return committed(unit, after)

        return with_retries(attempt)

    def _save(self, unit: Unit, before: RefundRequest, after: RefundRequest, decision: Decision) -> None:
        unit.save_row(_row(after))
        entry = decision.entry(
            "approve-refund" if after.state is RequestState.APPROVED else "refuse-refund",
            user_id=before.user_id,
            subject=f"charge/{before.charge_id}",
            before=f"{before.state}, {amount_coded(before.amount)}",
            after=after.state.value,
        )
        unit.audit(entry)

    def _known(self, user_id: int, mark: str, now: datetime) -> RefundRequest:
        found = self.find(user_id, mark, now)
        if found is None:
            raise NoSuchRequest
        return found


def _marked(charges: Iterable[Charge], mark: str) -> Charge | None:
    return next((one for one in charges if mark_of(one.id) == mark), None)


def _is_gone(charge: Charge | None) -> bool:
    return charge is not None and charge.state is not ChargeState.CREDITED


def _group(user_id: int) -> str:
    return f"refunds-of#{user_id}"


def _list_of(state: RequestState) -> str:
    return f"refunds-{state}"


def _row(request: RefundRequest) -> DeskRow:
    facts: dict[str, Any] = {
        "user_id": request.user_id,
        "charge_id": request.charge_id,
        "amount": [request.amount.amount, request.amount.currency],
        "asked_at": request.asked_at.isoformat(),
        "reason": request.reason,
        "state": request.state.value,
        "answer": request.answer,
    }
    decided_at = request.decided_at
    if decided_at:
        facts["decided_at"] = decided_at.isoformat()
    if request.decided_by is not None:
        facts["decided_by"] = request.decided_by
    listed = _list_of(request.state), decided_at or request.asked_at
    until = decided_at + KEPT if decided_at else None
    return DeskRow(_group(request.user_id), request.mark, facts, request.version, listed, until)


def _request(row: DeskRow) -> RefundRequest:
    facts: Mapping[str, Any] = row.facts
    amount, currency = facts["amount"]
    decided_at = facts.get("decided_at")
    return RefundRequest(
        user_id=int(facts["user_id"]),
        charge_id=facts["charge_id"],
        amount=Money(int(amount), currency),
        asked_at=datetime.fromisoformat(facts["asked_at"]),
        reason=facts["reason"],
        state=RequestState(facts["state"]),
        answer=facts["answer"],
        decided_by=facts.get("decided_by"),
        decided_at=datetime.fromisoformat(decided_at) if decided_at else None,
        version=row.version,
    )
