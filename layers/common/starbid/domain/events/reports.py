"""What happened around reports of lots, and what operators did with lots."""

from __future__ import annotations

from dataclasses import dataclass

from starbid.domain.events.base import LotEvent


@dataclass(frozen=True, slots=True)
class LotReported(LotEvent):
    """`why` is the name of a reason, never a text; `count` are the reports that wait with it."""

    reporter_id: int
    why: str
    count: int


@dataclass(frozen=True, slots=True)
class LotReportsSettled(LotEvent):
    """An operator decided about all reports that waited: `outcome`. `reporters` made them."""

    outcome: str
    reporters: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class LotHidden(LotEvent):
    """An operator took the lot out of the lists."""

    reason: str


@dataclass(frozen=True, slots=True)
class LotShown(LotEvent):
    """An operator put a hidden lot back into the lists."""

    reason: str


@dataclass(frozen=True, slots=True)
class LotMoved(LotEvent):
    """An operator moved the lot to another category."""

    category: str
    reason: str
