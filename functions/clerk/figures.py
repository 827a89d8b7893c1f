"""The dashboard's figures: what is done every hour, and making them again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from clerk.jobs import HasTime, UnknownJob, job
from starbid import observability
from starbid.bootstrap import app
from starbid.services.ports import TryLater

SERVICE = "clerk"


@job("figures")
def every_hour(_body: Mapping[str, Any], _has_time: HasTime) -> None:
    """Telegram may be out of order: the next hour looks again, and the days are kept all the same."""
    now = app().now()
    packed = app().housekeeping.pack(now)
    observability.logger(SERVICE).info("days kept as a whole: %s", packed)
    try:
        app().housekeeping.look_at_balance(now)
    except TryLater:
        observability.logger(SERVICE).warning("the bot's balance could not be looked at")


@job("rollups")
def make_again(body: Mapping[str, Any], has_time: HasTime) -> None:
    """`{"job": "rollups", "day": 20420, "last": 20430}`: UTC days by number, one after the other."""
    day, last = body.get("day"), body.get("last")
    if not isinstance(day, int) or not isinstance(last, int):
        raise UnknownJob
    while day <= last:
        corrected = app().remaking.step(day, app().now())
        if corrected:
            observability.logger(SERVICE).warning("figures of day %s corrected in %s places", day, corrected)
        day += 1
        if day <= last and not has_time():
            app().remaking.go_on(day, last)
            return
