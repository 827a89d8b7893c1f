"""Which secrets Telegram's updates may carry.

Two hold while the secret is changed: the first is the one that Telegram was told, the second will be told to it or was
before. A process reads them at its start. It looks again before it refuses an update, before it takes one by the
second, and once an hour, so that nobody has to restart it.
"""

from __future__ import annotations

import hmac
import time
from collections.abc import Callable

from starbid import observability
from starbid.config import WEBHOOK_SECRET

LOOK_SECONDS = 10
"""At most one look in so many seconds: a stranger with wrong headers must not make us read without end."""
LIFE_SECONDS = 3600
"""After so many seconds a process asks whether what it knows still holds."""


class Undecided(Exception):
    """The secret is not known here, and what is stored could not be read: it may be the new one."""


class WebhookSecrets:
    """Those of one process. `look` reads what is stored, and may raise anything; None where nothing is stored but what
    the process was given. `clock` in seconds: the wall clock, because another may stand still in a frozen process.
    """

    def __init__(
        self,
        known: tuple[str, ...],
        look: Callable[[], tuple[str, ...]] | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._known, self._look, self._clock = known, look, clock
        self._next_look = 0.0  # `known` may have been read long before the first update
        self._good_until = clock() + LIFE_SECONDS
        self._is_current = True

    def accepts(self, given: str) -> bool:
        """Whether an update with this header comes from Telegram. Raises Undecided."""
        if not WEBHOOK_SECRET.fullmatch(given):
            return False
        if _same(given, self._known[0]) and self._clock() < self._good_until:
            return True
        self._look_again()
        if any(_same(given, secret) for secret in self._known):
            return True
        if not self._is_current:
            raise Undecided
        return False

    def _look_again(self) -> None:
        if self._look is None or (now := self._clock()) < self._next_look:
            return
        self._next_look = now + LOOK_SECONDS
        try:
            self._known = self._look()
        except Exception:
            self._is_current = False
            observability.logger("starbid").warning("the webhook's stored secret could not be read", exc_info=True)
        else:
            self._is_current, self._good_until = True, now + LIFE_SECONDS


def _same(given: str, secret: str) -> bool:
    return hmac.compare_digest(given.encode(), secret.encode())
