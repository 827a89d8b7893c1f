"""What a lot of the demo is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@dataclass(frozen=True, slots=True)
class DemoLot:
    """A lot that was put up `ago` and ends `left` from now. `bids` are (person, maximum), spread over its life.

    `picture` names a drawing, and the lot. `starts_in` is for one that has not started. `bought_by` bought it at once
    and received `delivery`. `is_physical`: sold for the money that bills bring in, otherwise for Stars; amounts are in
    its minor units.
    """

    picture: str
    seller: str
    title: str
    text: str
    category: str
    start_price: int
    left: timedelta
    ago: timedelta = DAY
    bids: tuple[tuple[str, int], ...] = ()
    terms: Mapping[str, int | str] = field(default_factory=dict)
    starts_in: timedelta | None = None
    bought_by: str | None = None
    delivery: str = ""
    is_physical: bool = False
