"""The outside help desk is told of a ticket: one try a message."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from clerk.jobs import HasTime, UnknownJob, job
from starbid.bootstrap import app
from starbid.services.desk.help_desk import JOB


@job(JOB)
def tell(body: Mapping[str, Any], _has_time: HasTime) -> None:
    """`id`, `type`, `ticket_id`, `number`, `at`, `tries`."""
    if not app().settings.support_webhook_url:  # taken away meanwhile
        return
    try:
        app().help_desk.tell({name: value for name, value in body.items() if name != "job"}, app().now())
    except (KeyError, TypeError) as fault:
        raise UnknownJob from fault
