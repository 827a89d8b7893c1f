"""Waking functions later: EventBridge Scheduler for far ends, a delayed SQS message for near ones."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from starbid import observability
from starbid.config import Settings
from starbid.services.ports import Unavailable
from starbid.storage.clients import client
from starbid.storage.errors import Absent, CallRefused, Unmet, aws_errors
from starbid.storage.rows import ms

LAST_LOOK = timedelta(minutes=3)
"""After the end of a bill: the look that finds it over comes within a minute, and Scheduler may be a minute late."""

AHEAD = timedelta(seconds=30)
"""A schedule for a moment that has passed by the time it is made is refused."""


class AwsScheduler:
    """Implements `ports.Scheduler`. Where a sweep covers it, a failure is swallowed: the lot or deal stands, and
    what waits on a lot is decided with the next bid, at its end at the latest.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def close_at(self, auction_id: str, at: datetime) -> None:
        request = self._request(f"close-{auction_id}", at, self._settings.closer_arn, {"auction_id": auction_id})
        self._try(lambda: _make(request))

    def close_in(self, auction_id: str, seconds: int) -> None:
        self._send({"auction_id": auction_id}, seconds)

    def drain_in(self, auction_id: str, seconds: int) -> None:
        self._send({"job": "drain", "auction_id": auction_id}, seconds)

    def advance_deal_at(self, auction_id: str, at: datetime) -> None:
        name, event = f"deal-{auction_id}-{ms(at)}", {"job": "deal", "auction_id": auction_id}
        request = self._request(name, at, self._settings.payments_arn, event)
        self._try(lambda: _make(request))

    def look_at_bill(self, bill_id: str, until: datetime) -> None:
        request = self._request(f"bill-{bill_id}", until, self._settings.payments_arn, {"job": "bill", "bill": bill_id})
        request |= {"ScheduleExpression": "rate(1 minute)", "EndDate": until + LAST_LOOK}
        self._try(lambda: _make(request))

    def forget_bill(self, bill_id: str) -> None:
        def delete() -> None:
            with suppress(Absent), aws_errors():
                client("scheduler").delete_schedule(Name=f"bill-{bill_id}", GroupName=self._settings.schedule_group)

        self._try(delete)

    def compare_at(self, at: datetime) -> None:
        request = self._request("compare-now", at + AHEAD, self._settings.payments_arn, {"job": "reconcile"})
        self._try(lambda: _make(request))

    def do_again(self, name: str, job: str, at: datetime, *, is_payment: bool) -> None:
        target = self._settings.payments_arn if is_payment else self._settings.closer_arn
        request = self._request(f"again-{name}", at + AHEAD, target, json.loads(job))
        with suppress(Unmet), aws_errors():
            client("scheduler").create_schedule(**request)

    def remind_at(self, auction_id: str, at: datetime) -> None:
        self._tell_watchers("remind", auction_id, at)

    def tell_start_at(self, auction_id: str, at: datetime) -> None:
        self._tell_watchers("start", auction_id, at)

    def wake_at(self, user_id: int, at: datetime) -> None:
        name, event = f"quiet-{user_id}-{ms(at)}", {"job": "quiet-over", "user_id": str(user_id)}
        request = self._request(name, at + AHEAD, self._settings.payments_arn, event)
        with suppress(Unmet), aws_errors():
            client("scheduler").create_schedule(**request)

    def _send(self, said: dict[str, str], seconds: int) -> None:
        body, queue = json.dumps(said), self._settings.closer_queue_url
        self._try(lambda: client("sqs").send_message(QueueUrl=queue, MessageBody=body, DelaySeconds=seconds))

    def _tell_watchers(self, job: str, auction_id: str, at: datetime) -> None:
        """One schedule for all who watch. Its name has the moment: one that is there is right as it is."""
        name, event = f"{job}-{auction_id}-{ms(at)}", {"job": job, "auction_id": auction_id}
        request = self._request(name, at, self._settings.closer_arn, event)
        with suppress(Unmet), aws_errors():
            client("scheduler").create_schedule(**request)

    def _request(self, name: str, at: datetime, target: str, event: dict[str, str]) -> dict[str, Any]:
        """A schedule. It knows whole seconds only: never before `at`."""
        at = (at + timedelta(microseconds=999_999)).replace(microsecond=0)
        return {
            "Name": name,
            "GroupName": self._settings.schedule_group,
            "ScheduleExpression": f"at({at:%Y-%m-%dT%H:%M:%S})",
            "ScheduleExpressionTimezone": "UTC",
            "FlexibleTimeWindow": {"Mode": "OFF"},
            "ActionAfterCompletion": "DELETE",
            "Target": self._target(target, event),
        }

    def _target(self, arn: str, event: dict[str, str]) -> dict[str, Any]:
        target: dict[str, Any] = {
            "Arn": arn,
            "RoleArn": self._settings.schedule_role_arn,
            "Input": json.dumps(event),
            "RetryPolicy": {"MaximumRetryAttempts": 5, "MaximumEventAgeInSeconds": 3600},
        }
        if self._settings.schedule_dlq_arn:
            target["DeadLetterConfig"] = {"Arn": self._settings.schedule_dlq_arn}
        return target

    def _try(self, call: Callable[[], Any]) -> None:
        try:
            with aws_errors():
                call()
        except (CallRefused, Unavailable):
            observability.logger("starbid").exception("could not schedule; the sweep will do it")


def _make(request: dict[str, Any]) -> None:
    """Make the schedule, or move the one of this name."""
    try:
        with aws_errors():
            client("scheduler").create_schedule(**request)
    except Unmet:
        client("scheduler").update_schedule(**request)
