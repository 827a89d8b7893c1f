"""Bids that wait in a crowd: each lines up, and decides for all where nobody else does (`combining`)."""

from __future__ import annotations

import random
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import TypeVar

from starbid.domain.errors import Conflict
from starbid.domain.intents import Intent, Memory, Outcome
from starbid.services.auctions.combining import ALL_INTENTS, DRAIN_AFTER, LOOKED_AFTER, Combining
from starbid.services.ports import Contended, Intents, Line, Pace, Scheduler, Throttled, Unavailable

T = TypeVar("T")

CROWD_LASTS = timedelta(milliseconds=50)
"""After waiting bids were decided: who comes meanwhile lines up at once, and is in nobody's way."""
LONGEST_SECONDS = 8.0
"""A bid that has no outcome by then is withdrawn, and its bidder told `conflict` (spec, section 3)."""
_FIRST_PAUSE, _LONGEST_PAUSE = 0.04, 0.2
_PATIENCE, _SLOWEST_PAUSE = 4, 1.5
"""A store that answers slowly is asked more seldom: those who only look must not keep it from the one who decides."""
_GRACE_SECONDS = 2.0
_CLOCKS_APART = timedelta(seconds=1)


def is_crowded(line: Line | None, arrived_at: datetime) -> bool:
    """Whether others wait, or did a moment ago. The lease tells it, which no bid writes: a sign in the lot's own row
    would be lost in the crowd that it is to tell of.
    """
    return line is not None and arrived_at - line.leased_until < CROWD_LASTS


class Waiting:
    """One bid's way through the line of its lot."""

    def __init__(self, intents: Intents, combining: Combining, scheduler: Scheduler, pace: Pace) -> None:
        self._intents, self._combining, self._scheduler, self._pace = intents, combining, scheduler, pace

    def deadline(self) -> float:
        """Of one who comes now, by `Pace.elapsed`."""
        return self._pace.elapsed() + LONGEST_SECONDS

    def read(self, call: Callable[[], T], until: float) -> T:
        """What `call` reads, also where so many read the same that the store is throttled for a while. Raises Throttled
        where it still is, and what `call` does.
        """
        while True:
            try:
                return call()
            except Throttled:
                if self._pace.elapsed() > until:
                    raise
            self._rest(_LONGEST_PAUSE)

    def outcome_of(self, intent: Intent, line: Line | None, until: float) -> Outcome:
        """Line up and wait; `line` is that of the lot as it was read last.

        Raises Conflict where it takes too long: the bid is withdrawn then and never counts. Unavailable where it is not
        known whether it counts.
        """
        try:
            outcome = self._wait(intent, self._line_up(intent, line, until), until)
        except Conflict:
            return self._withdraw_others_of(intent, until + _GRACE_SECONDS)
        with suppress(Contended, Unavailable):  # it would be forgotten in any case
            self._intents.drop(intent)
        return outcome

    def earlier(self, auction_id: str, memory: Memory) -> Intent | None:
        """Of a request that came before, one that still waits."""
        waiting = self._intents.waiting(auction_id, ALL_INTENTS)
        return next((intent for intent in waiting if intent.memory == memory), None)

    def _line_up(self, intent: Intent, line: Line | None, until: float) -> bool:
        """Answers whether the lease is this bidder's. Where nobody has waited yet it is taken first: it marks the line,
        and who takes it has somebody look after those who die in it.
        """
        leads = False
        if not is_crowded(line, intent.arrived_at):
            leads = self._until_taken(lambda: self._combining.take_lease(intent.auction_id, intent.id), until)
            if leads and not self._is_looked_after(line):
                self._scheduler.drain_in(intent.auction_id, int(DRAIN_AFTER.total_seconds()))
        self._until_taken(lambda: self._intents.add(intent), until)
        return leads

    def _is_looked_after(self, line: Line | None) -> bool:
        """Each look asks for the next one: with one more for each crowd of a long evening they would be thousands."""
        return line is not None and self._pace.now() - line.leased_until < LOOKED_AFTER - _CLOCKS_APART

    def _until_taken(self, call: Callable[[], T], until: float) -> T:
        """Make a call until a busy store takes it. Its answer may be lost: made once more it is the same call.

        Raises Conflict, and Unavailable where it may have been taken.
        """
        trouble: Exception = Conflict()
        while True:
            try:
                return call()
            except Contended:
                pass
            except Unavailable as lost:
                trouble = lost
            if self._pace.elapsed() > until:
                raise trouble
            self._rest(_LONGEST_PAUSE)

    def _wait(self, intent: Intent, leads: bool, until: float) -> Outcome:
        pause = _FIRST_PAUSE
        while True:
            outcome = self._lead(intent) if leads else None
            if outcome is None and self._pace.elapsed() > until:
                outcome = self._withdraw(intent, until)
            if outcome is None:
                self._rest(pause)
                began = self._pace.elapsed()
                outcome, leads = self._look(intent)  # who takes the lease here leads, be it late: others wait for it
                slowly = min(_PATIENCE * (self._pace.elapsed() - began), _SLOWEST_PAUSE)
                pause = max(min(pause * 1.5, _LONGEST_PAUSE), slowly)
            if outcome is not None:
                return outcome

    def _lead(self, intent: Intent) -> Outcome | None:
        """Decide for all, and answer what came of this one; None where it is not its turn yet, or nobody knows."""
        try:
            return self._combining.work(intent.auction_id, intent.id).get(intent.id)
        except Unavailable:
            return None

    def _look(self, intent: Intent) -> tuple[Outcome | None, bool]:
        """The outcome; without one, whether this bidder has to decide, since nobody else does."""
        try:
            outcome, line = self._intents.outcome_and_line(intent)
            is_free = outcome is None and line is not None and line.leased_until <= self._pace.now()
            return outcome, is_free and self._combining.take_lease(intent.auction_id, intent.id)
        except (Contended, Unavailable):
            return None, False

    def _withdraw(self, intent: Intent, until: float) -> Outcome | None:
        """The outcome, where it was faster; None where it is being decided at this moment."""
        try:
            outcome = self._intents.withdraw(intent)
        except (Contended, Unavailable):
            if self._pace.elapsed() > until + _GRACE_SECONDS:
                raise Unavailable from None
            return None
        if outcome is None:
            raise Conflict
        return outcome

    def _withdraw_others_of(self, intent: Intent, until: float) -> Outcome:
        """The same request may wait twice, where the function of its first try died: nor may that one count later.

        The outcome of one that was decided; raises Conflict where none was.
        """
        waiting = self._intents.waiting(intent.auction_id, ALL_INTENTS) if intent.memory else []
        outcomes = [self._withdraw_other(each, until) for each in waiting if each.memory == intent.memory]
        for outcome in outcomes:
            if outcome:
                return outcome
        raise Conflict

    def _withdraw_other(self, intent: Intent, until: float) -> Outcome | None:
        while True:
            try:
                return self._intents.withdraw(intent)
            except Contended:
                if self._pace.elapsed() > until:
                    raise Unavailable from None
                self._rest(_LONGEST_PAUSE)

    def _rest(self, pause: float) -> None:
        self._pace.sleep(random.uniform(pause / 2, pause))
