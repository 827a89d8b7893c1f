"""Goes on with a broadcast: `{"job": "broadcast", "broadcast": "<id>"}`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from clerk.jobs import HasTime, UnknownJob, job
from starbid.bootstrap import app
from starbid.services.desk.broadcasting import JOB


@job(JOB)
def broadcast(body: Mapping[str, Any], has_time: HasTime) -> None:
    broadcast_id = body.get("broadcast")
    if not isinstance(broadcast_id, str):
        raise UnknownJob
    app().broadcasting.work(broadcast_id, has_time)
