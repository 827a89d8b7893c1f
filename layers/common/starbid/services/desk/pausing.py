"""The pause of all lots and its end (spec, section 9, "Pause"). `carrying` moves the rows of the lots afterwards."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime

from starbid.domain.audit_trail import Decision
from starbid.domain.pause import TAKES_EFFECT, Pauses
from starbid.domain.roles import Right
from starbid.services.pauses import PauseNews
from starbid.services.ports import ConditionFailed, DeskWork, Store, Unavailable
from starbid.services.retrying import Stale, with_retries

CARRY = "resume"
"""The job of the clerk that moves the rows."""


class Pausing:
    """Pauses all lots and lets them go on. Each act counts once; who comes second is told how it stands."""

    def __init__(self, store: Store, news: PauseNews, work: DeskWork) -> None:
        self._store, self._news, self._work = store, news, work

    def pause(self, decision: Decision) -> Pauses:
        """Raises NotAllowed, PauseStands, StillMoving, Conflict."""

        def begin(before: Pauses) -> Pauses:
            return before.begin(decision.key, decision.at)

        return self._change(decision, "pause", begin, "running", "paused")

    def resume(self, decision: Decision) -> Pauses:
        """Raises NotAllowed, PauseStands, Conflict. Repeated, it asks for the moving again, which is safe."""

        def end(before: Pauses) -> Pauses:
            return before.end(decision.key, decision.at)

        after = self._change(decision, "resume", end, "paused", "running")
        self._have_moved(int(TAKES_EFFECT.total_seconds()) + 1)
        return after

    def see_to_the_moving(self, now: datetime) -> bool:
        """Answer to a sweep: where lots are to be moved and nobody does it, have it gone on with."""
        stalled = self._store.pauses(consistent=True).has_stalled(now)
        if stalled:
            self._have_moved(0)
        return stalled

    def _have_moved(self, seconds: int) -> None:
        with suppress(Unavailable):  # the sweep asks again
            self._work.ask(CARRY, {}, seconds)

    def _change(
        self, decision: Decision, action: str, change: Callable[[Pauses], Pauses], stood: str, stands: str
    ) -> Pauses:
        decision.require(Right.OWN)

        def attempt(_: int) -> Pauses:
            before = self._store.pauses(consistent=True)
            after = change(before)
            if after is before:
                return before
            unit = self._store.unit()
            unit.save_pauses(before, after)
            subject = f"pause/{after.last.number if after.last else 0}"
            unit.audit(decision.entry(action, subject=subject, before=stood, after=stands))
            try:
                unit.commit()
            except ConditionFailed as refused:
                raise Stale from refused
            return after

        pauses = with_retries(attempt)
        self._news.learn(pauses.history, decision.at)
        return pauses
