"""The event log: what happened, for operators; kept for 400 days (spec, section 9)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

KEPT_FOR = timedelta(days=400)


class LogKind(StrEnum):
    LOGIN = "login"
    MESSAGE = "message"
    PERSON = "person"
    LOT = "lot"
    BID = "bid"
    DEAL = "deal"
    PAYMENT = "payment"
    TOPUP = "topup"
    PAYOUT = "payout"
    SUBSCRIPTION = "subscription"
    TICKET = "ticket"
    REPORT = "report"
    ASSISTANT = "assistant"
    ADMIN = "admin"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class LogEntry:
    """`id` follows from what happened, so the same thing is logged once however often it is told. `name` is what it was
    within the kind (`lot_sold`); `subject` what it was about (`lot/<id>`); `details` small facts: numbers in minor
    units, codes, ids.

    Never in it: private texts, secrets, addresses of people, amounts of sealed bids.
    """

    id: str
    at: datetime
    kind: LogKind
    name: str
    user_id: int | None = None
    subject: str = ""
    details: Mapping[str, str | int] = field(default_factory=dict)
