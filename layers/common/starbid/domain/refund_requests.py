"""Requests to have a payment refunded: a person asks once for each charge and says why, an operator decides once."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from starbid.domain.audit_trail import Operator
from starbid.domain.errors import StarbidError
from starbid.domain.moderation import require_other
from starbid.domain.money import Money
from starbid.domain.payments import Charge
from starbid.domain.roles import Role
from starbid.domain.texts import read_text

REASON_LENGTH = 500
KEPT = timedelta(days=400)
"""After the decision."""


class RequestState(StrEnum):
    """`overtaken`: the charge went back in another way before anybody decided."""

    OPEN = "open"
    APPROVED = "approved"
    REFUSED = "refused"
    OVERTAKEN = "overtaken"


class RefundDecided(StarbidError, code="refund_decided"):
    """Somebody has decided about this request already; `state` says how."""

    def __init__(self, state: str) -> None:
        super().__init__(f"it is {state}", state=state)
        self.state = state


class NoSuchRequest(StarbidError, code="not_found"):
    """This person has asked for no refund of such a charge."""


@dataclass(frozen=True, slots=True)
class RefundRequest:
    """`reason` is the person's, for operators alone; `answer` the operator's, which the person reads where it was
    refused. `decided_by` is None while it is open, and where nobody had to decide.
    """

    user_id: int
    charge_id: str
    amount: Money
    asked_at: datetime
    reason: str = field(repr=False)
    state: RequestState = RequestState.OPEN
    answer: str = ""
    decided_by: int | None = None
    decided_at: datetime | None = None
    version: int = 1

    @property
    def mark(self) -> str:
        return mark_of(self.charge_id)

    @property
    def is_open(self) -> bool:
        return self.state is RequestState.OPEN


def mark_of(charge_id: str) -> str:
    """A short name of a charge, 16 hex digits: ids of charges are longer than a button's data."""
    return hashlib.sha256(charge_id.encode()).hexdigest()[:16]


def asked(charge: Charge, reason: str, now: datetime) -> RefundRequest:
    """`reason` has 1 to REASON_LENGTH characters. Raises Invalid."""
    said = read_text("reason", reason, 1, REASON_LENGTH)
    return RefundRequest(charge.user_id, charge.id, charge.amount, now, said)


def approved(request: RefundRequest, by: Operator, reason: str, now: datetime) -> RefundRequest:
    """Not one's own, unless an owner's. Raises OwnAccount, RefundDecided."""
    if by.role is not Role.OWNER:
        require_other(by, request.user_id)
    return _decided(request, RequestState.APPROVED, by.id, reason, now)


def refused(request: RefundRequest, by: Operator, reason: str, now: datetime) -> RefundRequest:
    """The person reads the reason. Raises RefundDecided."""
    return _decided(request, RequestState.REFUSED, by.id, reason, now)


def overtaken(request: RefundRequest, now: datetime) -> RefundRequest:
    """Raises RefundDecided."""
    return _decided(request, RequestState.OVERTAKEN, None, "", now)


def _decided(request: RefundRequest, state: RequestState, by: int | None, answer: str, now: datetime) -> RefundRequest:
    if not request.is_open:
        raise RefundDecided(request.state.value)
    version = request.version + 1
    return replace(request, state=state, answer=answer, decided_by=by, decided_at=now, version=version)
