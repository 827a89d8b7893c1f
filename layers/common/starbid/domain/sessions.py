"""Sessions that are over before their time. A session is a signed cookie, kept nowhere; what has ended is kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

LIFETIME = timedelta(days=30)
MOST_LOGOUTS = 20
"""Logouts that are kept one by one: beyond that, all as old as the oldest of them are over."""
CLOCK_SKEW = timedelta(seconds=5)
"""How far apart the clocks of two of our servers may be."""
_TICK = timedelta(milliseconds=1)
"""Moments are whole milliseconds: no session lies between two of them."""


@dataclass(frozen=True, slots=True)
class EndedSessions:
    """Which sessions of a person are over: those issued before `until`, and those logged out of, by nonce.

    `logouts` has the moment at which each of these was issued; one that is 30 days old is over without it.
    """

    until: datetime | None = None
    logouts: Mapping[str, datetime] = field(default_factory=dict)

    def covers(self, nonce: str, issued_at: datetime) -> bool:
        return nonce in self.logouts or (self.until is not None and issued_at < self.until)

    def with_logout(self, nonce: str, issued_at: datetime, now: datetime) -> EndedSessions:
        """One session more; unchanged where it is over already."""
        if self.covers(nonce, issued_at):
            return self
        known = [*self.logouts.items(), (nonce, issued_at)]
        kept = sorted((entry for entry in known if now < entry[1] + LIFETIME), key=lambda entry: entry[1])
        folded, kept = kept[:-MOST_LOGOUTS], kept[-MOST_LOGOUTS:]
        until = max((at + _TICK for _, at in folded), default=None)
        ends = [moment for moment in (self.until, until) if moment]
        return EndedSessions(max(ends, default=None), dict(kept))

    def with_all(self, now: datetime) -> EndedSessions:
        """All that have begun before, by any clock of ours: one that is ahead dates them later than this one's now, and
        after an earlier end of all they are dated as late as that.
        """
        until = max(now + CLOCK_SKEW, self.until or now) + _TICK
        return EndedSessions(until, {nonce: at for nonce, at in self.logouts.items() if at >= until})

    def next_at(self, now: datetime) -> datetime:
        """The moment that a session begun now carries: never one that is over, whatever the clocks say."""
        return max(now, self.until) if self.until else now
