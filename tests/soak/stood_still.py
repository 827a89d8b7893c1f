"""Whether each pause moved each lot that it stopped, once: followed from the outside, and independently of the rows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from starbid.domain.auction import Auction, Ending
from starbid.domain.pause import Pause
from tests.support.there import there

NOTHING = timedelta(0)


@dataclass(frozen=True)
class Birth:
    """The times of a lot as it was put up or edited, and the last pause that had ended by then."""

    starts_at: datetime
    scheduled_end: datetime
    number: int


@dataclass
class StoodStill:
    """Remembers all pauses of a world, of which the record keeps ten."""

    ended: dict[int, Pause] = field(default_factory=dict)
    moved: int = 0
    """How many times a lot was found to be moved by a pause."""
    _births: dict[tuple[str, int], Birth] = field(default_factory=dict)
    _seen: set[tuple[str, int]] = field(default_factory=set)

    def look(self, history: Iterable[Pause], lots: Iterable[Auction]) -> None:
        """`lots` as they are read: under the pauses."""
        self.ended |= {pause.number: pause for pause in history if pause.ended}
        for lot in lots:
            birth = Birth(lot.starts_at, lot.scheduled_end, max(self.ended, default=0))
            birth = self._births.setdefault((lot.id, lot.card_version), birth)
            if _lived_to_its_end(lot):
                expected = self._moved(lot, birth)
                assert (lot.starts_at, lot.scheduled_end) == expected, f"the pauses moved {lot} not to {expected}"

    def _moved(self, lot: Auction, birth: Birth) -> tuple[datetime, datetime]:
        """Start and end without extensions: later by the time that the lot lost, pause by pause."""
        start, end, extension = birth.starts_at, birth.scheduled_end, lot.ends_at - lot.scheduled_end
        for number, pause in sorted(self.ended.items()):
            if number <= birth.number or end + extension <= pause.began:
                continue
            assert pause.ended
            lost = max(NOTHING, pause.ended - max(pause.began, start))
            start += lost if lot.falls or start >= pause.began else NOTHING
            end += lost
            if lost and (lot.id, number) not in self._seen:
                self._seen.add((lot.id, number))
                self.moved += 1
        return start, end


def _lived_to_its_end(lot: Auction) -> bool:
    """It is open, or nobody bought or cancelled it."""
    is_over = lot.ending in (Ending.SOLD, Ending.UNSOLD) and lot.ended_at is not None
    return lot.ending is Ending.OPEN or (is_over and there(lot.ended_at) >= lot.ends_at >= lot.scheduled_end)
