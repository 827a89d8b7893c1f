"""Keeps what a batch of a stream tells."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from starbid.domain.event_log import LogEntry
from starbid.domain.events import AnyEvent, LotEvent
from starbid.services.ports import EventLog, Store
from starbid.services.recording.registry import LotFacts, needs_lot, of_event

LOTS_AT_ONCE = 30
"""A lot is up to three items of a batch of a hundred."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """What a row of a stream tells: entries as they are, or an event whose entries may need to know its lot."""

    entries: tuple[LogEntry, ...] = ()
    event: AnyEvent | None = None


class Recording:
    """Safe to repeat: an entry is known by what it is about."""

    def __init__(self, store: Store, log: EventLog) -> None:
        self._store, self._log = store, log

    def record(self, told: Iterable[Recorded], now: datetime) -> None:
        """Raises Contended, Unavailable, LookupError for an event that is not registered."""
        told = list(told)
        lots = self._lots([each.event for each in told if each.event and needs_lot(each.event)])
        entries = list[LogEntry]()
        for each in told:
            entries += each.entries
            if each.event:
                entries += of_event(each.event, lots.get(getattr(each.event, "auction_id", "")))
        self._log.keep(entries, now)

    def _lots(self, events: Sequence[AnyEvent]) -> Mapping[str, LotFacts]:
        """What the lots of these events are, as far as they are there."""
        ids = list(dict.fromkeys(event.auction_id for event in events if isinstance(event, LotEvent)))
        found: dict[str, LotFacts] = {}
        for first in range(0, len(ids), LOTS_AT_ONCE):
            batch = self._store.batch()
            asked = {lot_id: batch.lot(lot_id, consistent=True) for lot_id in ids[first : first + LOTS_AT_ONCE]}
            batch.fetch()
            for lot_id, answer in asked.items():
                if lot := answer.value:
                    found[lot_id] = LotFacts(lot.auction.terms.kind, lot.card.category, lot.card.goods)
        return found
