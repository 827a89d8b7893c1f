"""Having figures made again, as an operator decides: day by day, by the clerk."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from starbid.domain.analytics.quarters import date_of, day_of, number_of, quarter_of
from starbid.domain.audit_trail import Decision
from starbid.domain.errors import Invalid
from starbid.domain.event_log import KEPT_FOR
from starbid.domain.roles import Right
from starbid.services.analytics.housekeeping import last_finished
from starbid.services.analytics.rebuilding import Rebuilding
from starbid.services.ports import ConditionFailed, DeskWork, Figures, Store

JOB = "rollups"


class Remaking:
    def __init__(self, store: Store, work: DeskWork, rebuilding: Rebuilding, figures: Figures) -> None:
        self._store, self._work, self._rebuilding, self._figures = store, work, rebuilding, figures

    def ask(self, decision: Decision, first: str, last: str) -> None:
        """The days (`2026-11-30`) of any zone: those of UTC that they may lie in. Asked for twice they are made once
        more, which changes nothing. Raises NotAllowed, Invalid, Unavailable.
        """
        decision.require(Right.OWN)
        begin, end = days_asked(first, last, decision.at)
        unit = self._store.unit()
        unit.audit(decision.entry("remake-figures", after=f"{date_of(begin)} to {date_of(end)}"))
        try:
            unit.commit()
        except ConditionFailed as refused:
            if not refused.blames("audit"):
                raise
        self._work.ask(JOB, {"day": begin, "last": end})

    def step(self, day: int, now: datetime) -> int:
        """Makes one day's figures, and keeps the day as a whole if it is finished; how many places were corrected.
        Raises Contended, Unavailable.
        """
        corrected = self._rebuilding.day(day)
        if day <= last_finished(now):
            self._figures.pack(day)
        return corrected

    def go_on(self, day: int, last: int) -> None:
        """The rest is another step's."""
        self._work.ask(JOB, {"day": day, "last": last})


def days_asked(first: str, last: str, now: datetime) -> tuple[int, int]:
    """The UTC days, by number, that days of any zone lie in. Raises Invalid for what is none, in the future, or older
    than the log.
    """
    begin, end = _read(first, "from"), _read(last, "to")
    today = now.astimezone(UTC).date()
    if begin > end or end > today + timedelta(days=1) or begin < today - KEPT_FOR:
        raise Invalid("from", "days", days=KEPT_FOR.days)
    oldest = day_of(quarter_of(now - KEPT_FOR)) + 1
    return max(number_of(begin) - 1, oldest), min(number_of(end) + 1, number_of(today))


def _read(text: str, name: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Invalid(name, "days", days=KEPT_FOR.days) from error
