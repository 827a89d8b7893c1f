"""What a person may not do for a while, by an operator's decision; a block bars more, and has no end (spec, section 9).

Existing lots, bids and deals go on. What is asked for while it lasts is refused with Restricted, after a block and
before a debt (spec, section 3, "Who").
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from starbid.domain.errors import StarbidError

FOREVER = datetime(9999, 1, 1, tzinfo=UTC)
"""The end of a restriction that lasts until an operator lifts it."""


class Limit(StrEnum):
    """What can be barred by itself."""

    BIDS = "bids"
    """Bids and purchases."""
    LOTS = "lots"
    """Publishing and relisting."""
    ASSISTANT = "assistant"


class Restricted(StarbidError, code="restricted"):
    """An operator has barred the person from this until then (FOREVER: until an operator lifts it)."""

    def __init__(self, limit: Limit, until: datetime) -> None:
        end = None if until == FOREVER else until.isoformat()
        super().__init__(f"no {limit} until {end}", what=limit.value, until=end)
        self.limit, self.until = limit, until


@dataclass(frozen=True, slots=True)
class Restrictions:
    """All that somebody is barred from, in the order of Limit, with one end. NONE bars nothing."""

    limits: tuple[Limit, ...] = ()
    until: datetime | None = None

    def end_of(self, limit: Limit) -> datetime | None:
        """None where it is not barred; the end may have passed."""
        return self.until if limit in self.limits else None

    def are_on(self, now: datetime) -> bool:
        """Whether anything is barred at `now`."""
        return self.until is not None and now < self.until

    def require(self, limit: Limit, now: datetime) -> None:
        """Raises Restricted."""
        require_free(limit, self.end_of(limit), now)


NONE = Restrictions()


def require_free(limit: Limit, until: datetime | None, now: datetime) -> None:
    """Raises Restricted before `until`: at that moment it is over."""
    if until is not None and now < until:
        raise Restricted(limit, until)


def restrictions_of(limits: set[Limit], until: datetime | None) -> Restrictions:
    """Barring nothing is NONE; without an end it lasts until it is lifted."""
    if not limits:
        return NONE
    return Restrictions(tuple(limit for limit in Limit if limit in limits), until or FOREVER)
