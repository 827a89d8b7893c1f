"""How the stand-in behaves: the page tells it, and it remembers until the run ends."""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace

from local.stand_in import Refusal

GOOD = "good"
TROUBLES = {
    GOOD: "It answers well",
    "slow": "Nothing for a minute, then the answer",
    "stall": "It falls silent in the middle for a minute",
    "drip": "It never comes to an end",
    "broken": "A frame that cannot be read",
    "cut": "It hangs up within a frame",
    "not-done": "It ends without [DONE]",
    "empty": "An empty answer",
    "long": "100 kB of text",
    "length": "Cut off: finish_reason is “length”",
    "filter": "Kept back: finish_reason is “content_filter”",
    "whole": "It does not stream, whatever it is asked",
    "401": "401: the key is refused",
    "429": "429, Retry-After in seconds",
    "429-date": "429, Retry-After as a date",
    "500": "500: it fails",
}
"""What one can tell it to do, and how the page words it."""
PAUSE, MOST_PAUSE = 30, 2000
"""Milliseconds."""


@dataclass(frozen=True, slots=True)
class Manner:
    """What becomes of the next answer, or of all until it is told otherwise (`lasts`). `pause` is in milliseconds,
    between two words.
    """

    trouble: str = GOOD
    lasts: bool = False
    pause: int = PAUSE


class Manners:
    """Threads may share them."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._now = Manner()

    def tell(self, manner: Manner) -> None:
        """Raises Refusal."""
        if manner.trouble not in TROUBLES:
            raise Refusal("There is no such way to misbehave.")
        with self._lock:
            self._now = manner

    def expected(self) -> Manner:
        """Of the next answer."""
        with self._lock:
            return self._now

    def take(self) -> Manner:
        """Of this answer."""
        with self._lock:
            taken = self._now
            if not taken.lasts:
                self._now = replace(taken, trouble=GOOD)
            return taken
