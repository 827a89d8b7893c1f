"""Work that one process at a time does, and that is done once where what it did is kept in mind."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from enum import Enum, auto

from starbid.services.ports import Claims, Heard, Receipts

LEASE_SECONDS = 60
"""For telling somebody something: longer than the sender lives."""
BUSY_SECONDS = 5
"""What somebody else is at is looked at again so much later."""
KEEP_SECONDS = 14 * 86_400
"""As long as a queue may bring a message again."""


class Turn(Enum):
    """Whose work it is: MINE to do now, somebody else is BUSY with it, or it is DONE."""

    MINE = auto()
    BUSY = auto()
    DONE = auto()


@contextmanager
def claimed(
    claims: Claims, key: str, lease: int, keep: int, now: datetime, pauses: Sequence[float] = ()
) -> Iterator[Turn]:
    """Claim the work named `key`; the body does it where the turn is MINE, and must leave it alone otherwise.

    A body that raises gives the claim back. One that dies leaves it, and the next turn comes after `lease` seconds.
    Otherwise the work stays DONE for `keep` seconds from `now` on; `keep=0` gives the claim back, for work that may be
    done again. A `keep` no longer than the lease costs no second write: the claim stands for it, and says BUSY.

    A last write that fails does not undo the work: its error is raised, and the claim stays until its lease is over.

    `pauses` are seconds between looks at work that somebody else is at, which mostly takes a moment only.
    """
    turn = _turn(claims, key, lease, keep, now, pauses)
    if turn is not Turn.MINE:
        yield turn
        return
    try:
        yield turn
    except Exception as failure:
        try:
            claims.forget(key)
        except Exception as lost:
            failure.add_note(f"the claim {key} stays until it lapses: {lost!r}")
        raise
    if keep == 0:
        claims.forget(key)
    elif keep > lease:
        claims.finish(key, keep, now)


@contextmanager
def received(
    receipts: Receipts,
    key: str,
    lease: int,
    keep: int,
    at: datetime,
    now: datetime,
    pauses: Sequence[float] = (),
    heard: Heard | None = None,
) -> Iterator[tuple[Turn, datetime]]:
    """The same for what came at `at` and may come again: the turn, and when it first came to somebody whose turn it
    was, whatever became of that one. `heard`: what it is, kept with it once it is done.
    """
    receipt = _Receipt(receipts, keep, at, heard)
    with claimed(receipt, key, lease, keep, now, pauses) as turn:
        yield turn, receipt.first


class _Receipt:
    """Claims of one delivery. `first` is when what is delivered came first, once a claim was taken."""

    def __init__(self, receipts: Receipts, keep: int, at: datetime, heard: Heard | None) -> None:
        self._receipts, self._keep, self._at, self._heard = receipts, keep, at, heard
        self._now = self.first = at

    def claim(self, key: str, seconds: int, now: datetime) -> bool:
        self._now = now
        first = self._receipts.receive(key, seconds, self._keep, self._at, now)
        if first is None:
            return False
        known = first > now - timedelta(seconds=self._keep)  # older: left over from another one that had its number
        self.first = first if known else self._at
        return True

    def finish(self, key: str, seconds: int, now: datetime) -> None:
        if self._heard:
            self._receipts.finish_heard(key, seconds, now, self._heard, self.first)
        else:
            self._receipts.finish(key, seconds, now)

    def finished(self, key: str) -> bool:
        return self._receipts.finished(key)

    def forget(self, key: str) -> None:
        self._receipts.give_back(key, self._now)


def _turn(claims: Claims, key: str, lease: int, keep: int, now: datetime, pauses: Sequence[float]) -> Turn:
    for pause in (*pauses, None):
        if claims.claim(key, lease, now):
            return Turn.MINE
        if keep > lease and claims.finished(key):
            return Turn.DONE
        if pause is not None:
            time.sleep(pause)
    return Turn.BUSY
