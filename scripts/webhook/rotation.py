"""Changes the webhook's secret while updates come in; none of them is refused for it.

At every moment the webhook accepts the secret that Telegram sends. Two may be stored: the first is the one that
Telegram was told last as far as we know, the second is accepted too. So each step may be the last one, and the next
run begins with what it finds.

Two runs may meet. Each looks at what is stored before it goes on, and stops where another has written: the last writer
goes on alone.
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
    """It went no further; the message says why. All updates are accepted."""


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
    stored = kept.read()
    if len(stored) > 1:
        stored = _finish(stored, kept, outside)
    (used,) = stored
    new = make()
    outside.say("storing a new secret, which the webhook accepts from now on")
    kept.write((used, new))
    outside.say(f"waiting {SPREAD_SECONDS} s until every process can know it")
    outside.sleep(SPREAD_SECONDS)
    accepted = outside.accepts(new)
    _require(kept, (used, new))
    if not accepted:
        raise RotationStoppedError(
            "the webhook does not accept the new secret, so Telegram goes on with the old one: is this stack's version "
            "older than the change of secrets? Nothing is lost; run it again after a deployment"
        )
    outside.say("telling Telegram")
    outside.tell(new)
    kept.write((new, used))
    _drop_other((new, used), kept, outside)


def _finish(stored: tuple[str, ...], kept: Kept, outside: Outside) -> tuple[str, ...]:
    """A run was interrupted, and Telegram may send either: both are accepted until it surely sends the first."""
    outside.say("an earlier change was not finished: telling Telegram the secret that was stored first")
    outside.tell(stored[0])
    return _drop_other(stored, kept, outside)


def _drop_other(stored: tuple[str, ...], kept: Kept, outside: Outside) -> tuple[str, ...]:
    """What is stored then. A run that read the secrets before they were written may have told the other one since, so
    Telegram is told again.
    """
    _wait(stored, kept, outside)
    outside.tell(stored[0])
    _wait(stored, kept, outside)
    kept.write(stored[:1])
    return stored[:1]


def _wait(stored: tuple[str, ...], kept: Kept, outside: Outside) -> None:
    outside.say(f"waiting {IN_FLIGHT_SECONDS} s for updates that are on their way with the other one")
    outside.sleep(IN_FLIGHT_SECONDS)
    _require(kept, stored)


def _require(kept: Kept, written: tuple[str, ...]) -> None:
    """Raises RotationStoppedError where another run has written since."""
    if kept.read() != written:
        raise RotationStoppedError(
            "the stored secret was changed by somebody else meanwhile, so this run stops. Is another change under way? "
            "When it is over, look at it with make webhook ARGS=--check"
        )
