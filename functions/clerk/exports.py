"""A step of making an export: `{"job": "export", "id": "…"}`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from clerk.jobs import HasTime, UnknownJob, job
from starbid.bootstrap import app


@job("export")
def export(body: Mapping[str, Any], has_time: HasTime) -> None:
    export_id = body.get("id")
    if not isinstance(export_id, str):
        raise UnknownJob
    app().export_making.make(export_id, has_time)
