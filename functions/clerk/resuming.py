"""After a pause: moves the lots that it stopped, page by page (`services.desk.carrying`)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from clerk.jobs import HasTime, UnknownJob, job
from starbid.bootstrap import app
from starbid.services.desk.carrying import place_of


@job("resume")
def resume(body: Mapping[str, Any], has_time: HasTime) -> None:
    """`{"job": "resume"}` begins, and a body with a place goes on from there."""
    carrying = app().carrying
    try:
        place = place_of(body) or carrying.begin()
    except ValueError:
        raise UnknownJob from None
    while place:
        place = carrying.step(place, app().now())
        if place and not has_time():
            carrying.ask(place)
            return
