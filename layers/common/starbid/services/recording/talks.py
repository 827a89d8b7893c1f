"""What the two sides of a deal write to each other: that there was a message, by whom. What was written is told by
nothing.
"""

from __future__ import annotations

from starbid.domain.event_log import LogEntry, LogKind
from starbid.domain.events import TalkMessaged, TalkReported
from starbid.services.recording.registry import entry, logged, name

name(LogKind.DEAL, "messaged")
name(LogKind.REPORT, "message")


def _messaged(event: TalkMessaged) -> tuple[LogEntry, ...]:
    who = event.buyer_id if event.by_buyer else event.seller_id
    return (entry(event, LogKind.DEAL, "messaged", who, {"number": event.number, "photo": 1 if event.photo else 0}),)


def _reported(event: TalkReported) -> tuple[LogEntry, ...]:
    who = event.seller_id if event.by_buyer else event.buyer_id
    return (entry(event, LogKind.REPORT, "message", who, {"number": event.number, "why": event.why}),)


logged(TalkMessaged, _messaged)
logged(TalkReported, _reported)
