"""Deletes accounts whose day has come.

`{"job": "leavers"}` looks for them, `{"job": "leave", "user_id": …}` does it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from clerk.jobs import HasTime, UnknownJob, job
from starbid.bootstrap import app
from starbid.services.leaving.carrying_out import JOB


@job("leavers")
def look(_body: Mapping[str, Any], _has_time: HasTime) -> None:
    app().leaving_work.look()


@job(JOB)
def leave(body: Mapping[str, Any], has_time: HasTime) -> None:
    user_id = body.get("user_id")
    if not isinstance(user_id, int):
        raise UnknownJob
    app().leaving_work.carry_out(user_id, has_time)
