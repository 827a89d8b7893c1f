"""Tickets. What operators do with one is told by their own record; what was written is told by nothing."""

from __future__ import annotations

from starbid.domain.event_log import LogEntry, LogKind
from starbid.domain.events import TicketAnswered, TicketClosed, TicketMessaged, TicketOpened, TicketReopened
from starbid.services.recording.registry import entry, logged, logs, name, unlogged

name(LogKind.TICKET, "solved")


def _closed(event: TicketClosed) -> tuple[LogEntry, ...]:
    if event.operator_id is not None:
        return ()
    return (entry(event, LogKind.TICKET, "solved", event.user_id, {}),)


logs(TicketOpened, LogKind.TICKET, "opened")
logs(TicketMessaged, LogKind.TICKET, "messaged", facts=("number",))
logged(TicketClosed, _closed)
unlogged(TicketAnswered, TicketReopened)
