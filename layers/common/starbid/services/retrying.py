"""Optimistic concurrency: decide, write, and decide again where others were faster."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from typing import Final, TypeVar

from starbid.domain.errors import Conflict
from starbid.services.ports import ConditionFailed, Contended, Unavailable, Unit

T = TypeVar("T")

ATTEMPTS = 4
"""One try and three retries; more would only pile up behind a hot item."""
_BASE_SECONDS = 0.02


OUTAGES: Final = (Unavailable, Contended, Conflict)
"""What passes by itself: the same is worth another try."""
UNREADABLE: Final = (LookupError, TypeError, ValueError, AttributeError)
"""A row that this version of the program cannot read: it never will. Whatever else fails may be an outage too."""


class Stale(Exception):
    """What was decided on has changed; decide again."""


class Repeated(Exception):
    """This decision of an operator has been carried out already."""


def committed(unit: Unit, result: T) -> T:
    """Write it; answers `result`. Raises Stale where a condition does not hold, Repeated for an act of an operator that
    stands in the audit trail.
    """
    try:
        unit.commit()
    except ConditionFailed as refused:
        if refused.blames("audit"):
            raise Repeated from refused
        raise Stale from refused
    return result


def with_retries(work: Callable[[int], T], sleep: Callable[[float], None] = time.sleep) -> T:
    """Call `work(attempt)` until it returns; Stale and Contended start it again. Raises Conflict at the end."""
    for attempt in range(ATTEMPTS):
        if attempt:
            sleep(random.uniform(0, _BASE_SECONDS * 2**attempt))
        try:
            return work(attempt)
        except (Stale, Contended):
            continue
    raise Conflict
