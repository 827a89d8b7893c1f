"""When a request arrived (spec, section 3, "Who."): when the gateway took it, however late its function woke."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

LONGEST_WAIT = timedelta(seconds=30)
"""An HTTP API gives up after that: an older request did not come from it just now, be it a sample or an event that was
kept. Nobody may bid into the past with one.
"""
CLOCKS_APART = timedelta(seconds=5)
"""More than AWS's clocks ever differ by, and no more than the end of all sessions allows for."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MS = timedelta(milliseconds=1)


def arrived_at(event: Mapping[str, Any], now: datetime) -> datetime:
    """The `requestContext.timeEpoch` of an HTTP API's event (ms since 1970 UTC), which is the gateway's clock.

    `now`, the function's, where the event has none, or one that is more than LONGEST_WAIT before `now` or more than
    CLOCKS_APART after it. Such a request arrives now: to move it to the nearest limit would still date it wrongly.
    """
    told = (event.get("requestContext") or {}).get("timeEpoch")
    earliest, latest = (now - LONGEST_WAIT - _EPOCH) / _MS, (now + CLOCKS_APART - _EPOCH) / _MS
    if type(told) is not int or not earliest <= told <= latest:
        return now
    return _EPOCH + told * _MS
