"""Changes the webhook's secret while updates come in; none of them is refused for it.

At every moment the webhook accepts the secret that Telegram sends. Two may be stored: the first is the one that
Telegram was told last as far as we know, the second is accepted too. So each step may be the last one, and the next
run begins with what it finds.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from starbid.telegram.webhook_secrets import LOOK_SECONDS

SPREAD_SECONDS = LOOK_SECONDS + 20
"""After that every process may look again at what is stored, and Parameter Store shows it everywhere."""
IN_FLIGHT_SECONDS = 90
"""So long an update may be on its way with the secret of before."""


class Kept(Protocol):
    """Where the secrets are stored."""

    def read(self) -> tuple[str, ...]:
        """Those that are stored, one or two."""

    def write(self, kept: tuple[str, ...]) -> None:
        """In the place of those that were stored."""


class RotationStoppedError(Exception):
    """It went no further; the message says why. All updates are accepted as before."""


@dataclass(frozen=True, slots=True)
class Outside:
    """`tell`: Telegram is to send this secret. `accepts`: whether the webhook takes an update that carries it.
    `sleep` takes seconds, `say` a line of progress.
    """

    tell: Callable[[str], object]
    accepts: Callable[[str], bool]
    sleep: Callable[[float], object]
    say: Callable[[str], object]


def rotate(kept: Kept, outside: Outside, make: Callable[[], str] = lambda: secrets.token_urlsafe(32)) -> None:
    """Raises RotationStoppedError, and what `kept` and `outside` raise; it may be run again after each."""
    used, *other = kept.read()
    if other:
        _finish(used, kept, outside)
    new = make()
    outside.say("storing a new secret, which the webhook accepts from now on")
    kept.write((used, new))
    outside.say(f"waiting {SPREAD_SECONDS} s until every process can know it")
    outside.sleep(SPREAD_SECONDS)
    if not outside.accepts(new):
        raise RotationStoppedError(
            "the webhook does not accept the new secret, so Telegram goes on with the old one: is this stack's version "
            "older than the change of secrets? Nothing is lost; run it again after a deployment"
        )
    outside.say("telling Telegram")
    outside.tell(new)
    kept.write((new, used))
    _drop_other(new, kept, outside)


def _finish(used: str, kept: Kept, outside: Outside) -> None:
    """A run was interrupted, and Telegram may send either: both are accepted until it surely sends the first."""
    outside.say("an earlier change was not finished: telling Telegram the secret that was stored first")
    outside.tell(used)
    _drop_other(used, kept, outside)


def _drop_other(used: str, kept: Kept, outside: Outside) -> None:
    outside.say(f"waiting {IN_FLIGHT_SECONDS} s for updates that are on their way with the other one")
    outside.sleep(IN_FLIGHT_SECONDS)
    kept.write((used,))
