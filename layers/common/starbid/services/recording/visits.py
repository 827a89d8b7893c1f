"""Logins, and what failed."""

from __future__ import annotations

from starbid.domain.event_log import LogEntry, LogKind
from starbid.domain.events import LoggedIn, RequestFailed
from starbid.services.recording.registry import entry, logged, logs, name

name(LogKind.ERROR, "web", "webhook")


def _failed(event: RequestFailed) -> tuple[LogEntry, ...]:
    details = {"route": event.route, "error": event.error}
    return (entry(event, LogKind.ERROR, event.place, event.user_id, {k: v for k, v in details.items() if v}),)


logs(LoggedIn, LogKind.LOGIN, "began", facts=("how",))
logged(RequestFailed, _failed)
