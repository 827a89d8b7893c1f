"""Work that one process at a time does, and that is done once where what it did is kept in mind."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from enum import Enum, auto

from starbid.services.ports import Claims


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


def _turn(claims: Claims, key: str, lease: int, keep: int, now: datetime, pauses: Sequence[float]) -> Turn:
    for pause in (*pauses, None):
        if claims.claim(key, lease, now):
            return Turn.MINE
        if keep > lease and claims.finished(key):
            return Turn.DONE
        if pause is not None:
            time.sleep(pause)
    return Turn.BUSY
