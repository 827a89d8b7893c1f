"""Reads the stream of the event log, and counts towards people's achievements what it tells.

An operator's `{"job": "catch-up", "since": "2026-05-01T00:00:00+00:00"}` counts what the log holds from then on, a
portion at each call, and tells nobody; it answers where the next one is to go on. It ends at `"until"`, which is before
all that the stream may still bring, unless it is given.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from starbid import observability
from starbid.bootstrap import app
from starbid.domain.event_log import LogEntry
from starbid.services.retrying import UNREADABLE
from starbid.storage.errors import CallRefused
from starbid.storage.event_log import entry_in
from starbid.storage.stream_records import Record, is_new, sequence_number

SERVICE = "achiever"
CATCH_UP = "catch-up"
ON_ITS_WAY: Final = timedelta(hours=12)
"""A record is tried for six hours on the way to the log, and again on the way here (template.yaml). What is counted
silently before it comes would never be told.
"""


def lambda_handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """A batch of stream records, counted together: one write for each person at most. Answers the first record that
    an outage kept from being counted: it and the rest come again, which changes nothing of what was counted.

    What cannot be read (the row, or the lot or the person that it is about) is logged and passed over, as it would keep
    all later ones waiting. It stays in its table, and catching up meets it again.
    """
    if event.get("job") == CATCH_UP:
        return _catch_up(event)
    told = [(record, entry) for record in event["Records"] if (entry := _read(record))]
    done = _count([entry for _, entry in told], tell=True)
    return {"batchItemFailures": [{"itemIdentifier": sequence_number(record)} for record, _ in told[done : done + 1]]}


def _catch_up(job: Mapping[str, str]) -> dict[str, Any]:
    until = datetime.fromisoformat(job["until"]) if "until" in job else app().now() - ON_ITS_WAY
    portion, following = app().achieving.portion(datetime.fromisoformat(job["since"]), until)
    done = _count(portion, tell=False)
    reached = portion[done].at if done < len(portion) else following
    return {"since": reached.isoformat() if reached else None}


def _count(entries: Sequence[LogEntry], *, tell: bool) -> int:
    """How many of them, from the first on, are done with: all, where no outage stops it.

    If they cannot be counted together, each is alone, so that only the one that fails is left out.
    """
    try:
        app().achieving.count(entries, tell=tell)
    except Exception:
        return _one_by_one(entries, tell)
    return len(entries)


def _one_by_one(entries: Sequence[LogEntry], tell: bool) -> int:
    for place, entry in enumerate(entries):
        try:
            app().achieving.count((entry,), tell=tell)
        except (*UNREADABLE, CallRefused):
            observability.passed_over(SERVICE, "an entry cannot be counted and is passed over", entry=entry.id)
        except Exception:
            observability.failed(SERVICE, "an entry could not be counted; it comes again")
            return place
    return len(entries)


def _read(record: Record) -> LogEntry | None:
    """None for a row that is gone, or that nobody can read."""
    try:
        return entry_in(record) if is_new(record) else None
    except Exception:
        keys = record.get("dynamodb", {}).get("Keys")
        observability.passed_over(SERVICE, "a row cannot be read and is passed over", keys=keys)
        return None
