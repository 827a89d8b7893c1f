"""Reads the stream of the event log, and counts towards people's achievements what it tells.

An operator's `{"job": "catch-up", "since": "2026-11-01T00:00:00+00:00"}` counts what the log holds from then on, a
portion at each call; it answers where the next one is to go on.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from starbid import observability
from starbid.bootstrap import app
from starbid.domain.event_log import LogEntry
from starbid.storage.errors import CallRefused
from starbid.storage.event_log import entry_in
from starbid.storage.stream_records import Record, is_new, sequence_number

SERVICE = "achiever"
CATCH_UP = "catch-up"

Told = tuple[Record, LogEntry]


def lambda_handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """A batch of stream records, counted together: one write for each person at most. Answers the first record that
    could not be counted: it and the rest come again, which changes nothing of what was counted.

    A row that cannot be read is logged and passed over. It stays in its table, and catching up meets it again.
    """
    if event.get("job") == CATCH_UP:
        reached = app().achieving.catch_up(datetime.fromisoformat(event["since"]), app().now())
        return {"since": reached.isoformat() if reached else None}
    told = [(record, entry) for record in event["Records"] if (entry := _read(record))]
    try:
        app().achieving.count(entry for _, entry in told)
    except Exception:
        return _one_by_one(told)
    return {"batchItemFailures": []}


def _one_by_one(told: list[Told]) -> dict[str, Any]:
    """Lambda divides a batch where we say that it failed. So only the record that fails holds up those behind it."""
    for record, entry in told:
        try:
            app().achieving.count((entry,))
        except CallRefused:
            observability.passed_over(SERVICE, "an entry is refused and is passed over", entry=entry.id)
        except Exception:
            observability.failed(SERVICE, "an entry could not be counted; it comes again")
            return {"batchItemFailures": [{"itemIdentifier": sequence_number(record)}]}
    return {"batchItemFailures": []}


def _read(record: Record) -> LogEntry | None:
    """None for a row that is gone, or that nobody can read."""
    try:
        return entry_in(record) if is_new(record) else None
    except Exception:
        keys = record.get("dynamodb", {}).get("Keys")
        observability.passed_over(SERVICE, "a row cannot be read and is passed over", keys=keys)
        return None
