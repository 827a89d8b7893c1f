"""What a comparison with Telegram found: kept until an operator has explained it."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from starbid.domain.audit_trail import Decision
from starbid.domain.errors import NotFound
from starbid.domain.events import LedgerDiffers
from starbid.domain.payment_errors import AlreadyExplained
from starbid.domain.roles import Right
from starbid.services.billing.reconciling import Difference
from starbid.services.ports import ConditionFailed, Desk, DeskRow, Page, Scheduler, Store
from starbid.services.retrying import Repeated, committed, with_retries

GROUP = "difference"
TOLD_EVERY = timedelta(hours=1)
"""However many are found in it, the admins are told once: the list in the panel has them all."""


class DifferenceState(StrEnum):
    """`mended`: booked by the comparison itself, so nobody has to look at it. `settling`: an operator decided to book
    it, and it is not done yet: it is listed with the open ones. `settled`: booked so.
    """

    OPEN = "open"
    MENDED = "mended"
    EXPLAINED = "explained"
    SETTLING = "settling"
    SETTLED = "settled"


@dataclass(frozen=True, slots=True)
class Found:
    """A difference as it is kept, first seen `at`. `reason` and `by` are the operator's who explained it or had it
    booked.
    """

    id: str
    difference: Difference
    at: datetime
    state: DifferenceState
    reason: str = ""
    by: int | None = None
    version: int = 1

    @property
    def is_open(self) -> bool:
        return self.state in (DifferenceState.OPEN, DifferenceState.SETTLING)

    @property
    def is_bookable(self) -> bool:
        """A payment, or its refund, that is not booked here."""
        return self.is_open and self.difference.fault == "missing"


class Differences:
    """Each is kept once, however often it is reported; for good."""

    def __init__(self, store: Store, desk: Desk, scheduler: Scheduler) -> None:
        self._store, self._desk, self._scheduler = store, desk, scheduler

    def keep(self, difference: Difference, now: datetime) -> None:
        """Safe to repeat: one that is known stays as it is, and nobody is told again. Raises Contended, Unavailable."""
        state = DifferenceState.MENDED if difference.is_mended else DifferenceState.OPEN
        unit = self._store.unit()
        unit.save_row(_row(Found(difference_id(difference), difference, now, state)))
        if state is DifferenceState.OPEN:
            unit.emit(LedgerDiffers(f"ledger-differs:{int(now.timestamp() // TOLD_EVERY.total_seconds())}", now))
        with suppress(ConditionFailed):  # it is known
            unit.commit()

    def listed(
        self, state: DifferenceState, now: datetime, *, limit: int = 50, cursor: str | None = None
    ) -> Page[Found]:
        """Newest first; a moment behind. Raises Invalid for a cursor of another list."""
        page = self._desk.listed(_list_of(state), now, limit=limit, cursor=cursor)
        return Page(tuple(map(_found, page.items)), page.cursor)

    def of(self, found_id: str, now: datetime) -> Found:
        """Raises NotFound."""
        row = self._desk.row(GROUP, found_id, now)
        if row is None:
            raise NotFound
        return _found(row)

    def explain(self, found_id: str, decision: Decision) -> Found:
        """The reason says why it is as it is; the ledger stays as it was. Raises NotAllowed, NotFound,
        AlreadyExplained, Conflict.
        """
        return self._decide(found_id, decision, DifferenceState.EXPLAINED, "explain-difference")

    def begin(self, found_id: str, decision: Decision) -> Found:
        """An operator has it booked (difference_booking): on record before any money moves, once. Raises NotAllowed,
        NotFound, AlreadyExplained, Conflict.
        """
        return self._decide(found_id, decision, DifferenceState.SETTLING, "settle-difference")

    def finish(self, found_id: str, now: datetime) -> Found:
        """It is booked; safe to repeat. Raises NotFound, Conflict."""

        def attempt(_: int) -> Found:
            before = self.of(found_id, now)
            if before.state is not DifferenceState.SETTLING:
                return before
            after = replace(before, state=DifferenceState.SETTLED, version=before.version + 1)
            unit = self._store.unit()
            unit.save_row(_row(after))
            return committed(unit, after)

        return with_retries(attempt)

    def _decide(self, found_id: str, decision: Decision, state: DifferenceState, action: str) -> Found:
        """Of an open one, once."""
        decision.require(Right.FINANCE)

        def attempt(_: int) -> Found:
            before = self.of(found_id, decision.at)
            if not before.is_open or before.state is state:
                raise AlreadyExplained
            version = before.version + 1
            after = replace(before, state=state, reason=decision.reason, by=decision.by.id, version=version)
            unit = self._store.unit()
            unit.save_row(_row(after))
            subject, stood = f"difference/{found_id}", before.state.value
            unit.audit(decision.entry(action, subject=subject, before=stood, after=after.state.value))
            return committed(unit, after)

        try:
            return with_retries(attempt)
        except Repeated:
            return self.of(found_id, decision.at)

    def compare_now(self, decision: Decision) -> None:
        """The next comparison begins within two minutes; one that runs is left alone. Raises NotAllowed, Conflict."""
        decision.require(Right.FINANCE)
        unit = self._store.unit()
        unit.audit(decision.entry("compare-now", subject="reconciliation"))
        try:
            with_retries(lambda _: committed(unit, None))
        except Repeated:
            return
        self._scheduler.compare_at(decision.at)


def difference_id(difference: Difference) -> str:
    """The same each time it is reported: its place in Telegram's list, the charge, and what is wrong with it."""
    return f"{difference.fault}:{difference.number}:{difference.charge_id}"


def _list_of(state: DifferenceState) -> str:
    state = DifferenceState.OPEN if state is DifferenceState.SETTLING else state
    return f"differences-{state}"


def _row(found: Found) -> DeskRow:
    facts: dict[str, Any] = {
        "difference": asdict(found.difference),
        "at": found.at.isoformat(),
        "state": found.state.value,
        "reason": found.reason,
    }
    if found.by is not None:
        facts["by"] = found.by
    return DeskRow(GROUP, found.id, facts, found.version, listed=(_list_of(found.state), found.at))


def _found(row: DeskRow) -> Found:
    facts: Mapping[str, Any] = row.facts
    return Found(
        id=row.member,
        difference=Difference(**facts["difference"]),
        at=datetime.fromisoformat(facts["at"]),
        state=DifferenceState(facts["state"]),
        reason=facts["reason"],
        by=facts.get("by"),
        version=row.version,
    )
