"""The streams as far as achievements: what the event log is told, and what is counted from it."""

from __future__ import annotations

from starbid.domain.auction import Bid
from starbid.domain.event_log import LogEntry
from starbid.domain.events import AchievementsEarned, AnyEvent
from starbid.services.recording import Recorded, of_bid

from .fakes import FakeApp


def logged(app: FakeApp, *rows: Bid | AnyEvent) -> list[LogEntry]:
    """What these rows, or else those since the last call, tell the event log; it stands in it."""
    told = [
        Recorded((of_bid(row),)) if isinstance(row, Bid) else Recorded(event=row)
        for row in rows or app.store.take_stream()
    ]
    before = set(app.event_log.entries)
    app.recording.record(told, app.now())
    return [entry for place, entry in app.event_log.entries.items() if place not in before]


def earned_now(app: FakeApp) -> dict[int, list[str]]:
    """What people have earned by all that happened since the last call, as it is told: a list for each event."""
    app.achieving.count(logged(app))
    told = [row for row in app.store.take_stream() if isinstance(row, AchievementsEarned)]
    assert len({event.user_id for event in told}) == len(told), "one piece of news for each person"
    return {event.user_id: list(event.keys) for event in told}


def earned(app: FakeApp, who: int) -> set[str]:
    return {key.value for key in app.achievements.of(who).earned}
