"""The pause of all lots (spec, section 9): when it began and ended, what it refuses, and the record of the last ones.

What it does to a lot is in `pausing`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from starbid.domain.errors import StarbidError

TAKES_EFFECT = timedelta(seconds=1)
"""Between an operator's act and the moment from which it counts: by then every reader sees it, so that a bid is refused
by its arrival and not by who happened to decide it. Within the 2 s of spec section 9.
"""
KEPT = 10
"""Pauses that are remembered. A lot that nobody has touched is carried over all of them at once."""
STALLED = timedelta(minutes=2)
"""Without a step for so long, nobody moves the lots any more: their messages were lost."""


class Paused(StarbidError, code="paused"):
    """While all lots are paused nobody bids, buys or puts up a lot. Deals and payments go on."""


class PauseStands(StarbidError, code="pause_stands"):
    """A pause is asked for, or its end, and somebody was faster. `paused`: how it stands now."""

    def __init__(self, *, paused: bool) -> None:
        super().__init__("paused already" if paused else "not paused", paused=paused)
        self.paused = paused


class StillMoving(StarbidError, code="still_moving"):
    """So many pauses came one after the other that lots are still to be carried over the oldest one remembered."""


@dataclass(frozen=True, slots=True)
class Pause:
    """From `began` on and before `ended`; None while nobody has ended it. Numbered from 1.

    `is_moved`: each lot that it stopped has been carried over it in its own row.
    """

    number: int
    began: datetime
    ended: datetime | None = None
    is_moved: bool = False

    def holds(self, moment: datetime) -> bool:
        return self.began <= moment and (self.ended is None or moment < self.ended)


@dataclass(frozen=True, slots=True)
class Pauses:
    """The record of the last pauses, the oldest first: one item, read along with every lot. Version 0: there was none.

    `moved` lots have been carried over the last one so far, the last of them at `stepped_at`. `begun_by` and `ended_by`
    are the keys of the decisions on the last one: the same decision counts once.
    """

    history: tuple[Pause, ...] = ()
    moved: int = 0
    stepped_at: datetime | None = None
    begun_by: str = ""
    ended_by: str = ""
    version: int = 0

    @property
    def last(self) -> Pause | None:
        return self.history[-1] if self.history else None

    @property
    def running(self) -> Pause | None:
        """The one that nobody has ended, also in its first moment, when it does not hold yet."""
        return self.last if self.last and self.last.ended is None else None

    @property
    def unmoved(self) -> tuple[Pause, ...]:
        """Those that have ended, and over which lots may still have to be carried."""
        return tuple(pause for pause in self.history if pause.ended and not pause.is_moved)

    def holds(self, moment: datetime) -> bool:
        """Whether all lots are paused at `moment`."""
        return holds(self.history, moment)

    def require_none(self, moment: datetime) -> None:
        """Raises Paused."""
        if self.holds(moment):
            raise Paused

    def begin(self, key: str, now: datetime) -> Pauses:
        """With one more pause; the same where this decision has begun it. Raises PauseStands, StillMoving."""
        last = self.last
        if last and self.begun_by == key:
            return self
        if self.running:
            raise PauseStands(paused=True)
        if len(self.history) >= KEPT and not self.history[0].is_moved:
            raise StillMoving
        began = now + TAKES_EFFECT
        if last and last.ended:
            began = max(began, last.ended)
        fresh = Pause(last.number + 1 if last else 1, began)
        return Pauses((*self.history[-KEPT + 1 :], fresh), begun_by=key, version=self.version + 1)

    def end(self, key: str, now: datetime) -> Pauses:
        """With the last pause ended; the same where this decision has ended it. Raises PauseStands."""
        running = self.running
        if running is None and self.last and self.ended_by == key:
            return self
        if running is None:
            raise PauseStands(paused=False)
        ended = replace(running, ended=max(now + TAKES_EFFECT, running.began))
        history = (*self.history[:-1], ended)
        return Pauses(history, begun_by=self.begun_by, ended_by=key, version=self.version + 1)

    def stepped(self, moved: int, now: datetime) -> Pauses:
        """With so many more lots carried over."""
        return replace(self, moved=self.moved + moved, stepped_at=now, version=self.version + 1)

    def all_moved(self, number: int, now: datetime) -> Pauses:
        """With all lots carried over the pauses up to `number`."""
        history = tuple(replace(each, is_moved=True) if each.number <= number else each for each in self.history)
        return replace(self, history=history, stepped_at=now, version=self.version + 1)

    def has_stalled(self, now: datetime) -> bool:
        """Whether lots are to be moved and nobody does it."""
        if not self.unmoved:
            return False
        latest = self.unmoved[-1].ended
        assert latest is not None
        return now - max(latest, self.stepped_at or latest) > STALLED


def holds(history: Iterable[Pause], moment: datetime) -> bool:
    return any(pause.holds(moment) for pause in history)


def clock(history: Iterable[Pause], starts_at: datetime, now: datetime) -> datetime:
    """What the times of a lot are compared with: in a pause the moment at which it came to stand still."""
    for pause in history:
        if pause.holds(now):
            return pause.ended or max(pause.began, min(now, starts_at))
    return now
