"""Sessions that are over before their time. A session is a signed cookie, kept nowhere; what has ended is kept.

Sessions that took each other's place in a browser, of one person, share an id, and end together: logging in again ends
nothing, and a browser that was left is one entry.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

LIFETIME = timedelta(days=30)
MOST_LOGOUTS = 300
"""Logouts that are kept one by one, about 11 kB of the person's row: beyond that, all sessions that began before the
oldest of them are over.
"""
CLOCK_SKEW = timedelta(seconds=5)
"""How far apart the clocks of two of our servers may be."""
_TICK = timedelta(milliseconds=1)
"""Moments are whole milliseconds: no session lies between two of them."""


@dataclass(frozen=True, slots=True)
class EndedSessions:
    """Which sessions of a person are over: those issued before `until`, and those logged out of, by id.

    `logouts` has the latest moment at which any session of that id may have been issued: 30 days after it, all of them
    are over without the entry. Entries from before 2026-12-01 have the nonce of one session instead of an id.
    """

    until: datetime | None = None
    logouts: Mapping[str, datetime] = field(default_factory=dict)

    def covers(self, session_id: str, nonce: str, issued_at: datetime) -> bool:
        if session_id in self.logouts or nonce in self.logouts:
            return True
        return self.until is not None and issued_at < self.until

    def with_logout(self, session_id: str, now: datetime) -> EndedSessions:
        """All sessions of that id, which none begins with from now on."""
        if session_id in self.logouts:
            return self
        known = [*self.logouts.items(), (session_id, self._latest(now))]
        kept = sorted((entry for entry in known if now < entry[1] + LIFETIME), key=lambda entry: entry[1])
        folded, kept = kept[:-MOST_LOGOUTS], kept[-MOST_LOGOUTS:]
        until = max((at + _TICK for _, at in folded), default=None)
        ends = [moment for moment in (self.until, until) if moment]
        return EndedSessions(max(ends, default=None), dict(kept))

    def with_all(self, now: datetime) -> EndedSessions:
        """All that have begun before."""
        until = self._latest(now) + _TICK
        return EndedSessions(until, {name: at for name, at in self.logouts.items() if at >= until})

    def next_at(self, now: datetime) -> datetime:
        """The moment that a session begun now carries: never one that is over, whatever the clocks say."""
        return max(now, self.until) if self.until else now

    def _latest(self, now: datetime) -> datetime:
        """What a session begun by now may carry, by any clock of ours: one that is ahead dates it later than this one's
        now, and after an end of all it is dated as late as that.
        """
        return max(now + CLOCK_SKEW, self.until or now)
