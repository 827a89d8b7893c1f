"""Waking functions later: EventBridge Scheduler for far ends, a delayed SQS message for near ones."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from starbid import observability
from starbid.config import Settings
from starbid.storage.clients import client
from starbid.storage.rows import ms


class AwsScheduler:
    """Implements `ports.Scheduler`. A failure here is swallowed: the lot or deal stands, and the sweep covers it."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def close_at(self, auction_id: str, at: datetime) -> None:
        self._schedule(f"close-{auction_id}", at, self._settings.closer_arn, {"auction_id": auction_id})

    def close_in(self, auction_id: str, seconds: int) -> None:
        body = json.dumps({"auction_id": auction_id})
        queue = self._settings.closer_queue_url
        self._try(lambda: client("sqs").send_message(QueueUrl=queue, MessageBody=body, DelaySeconds=seconds))

    def settle_deal_at(self, auction_id: str, at: datetime) -> None:
        name = f"deal-{auction_id}-{ms(at)}"
        self._schedule(name, at, self._settings.payments_arn, {"job": "deal", "auction_id": auction_id})

    def _schedule(self, name: str, at: datetime, target: str, event: dict[str, str]) -> None:
        """Make the schedule, or move the one of this name. It knows whole seconds only: never before `at`."""
        at = (at + timedelta(microseconds=999_999)).replace(microsecond=0)
        request = {
            "Name": name,
            "GroupName": self._settings.schedule_group,
            "ScheduleExpression": f"at({at:%Y-%m-%dT%H:%M:%S})",
            "ScheduleExpressionTimezone": "UTC",
            "FlexibleTimeWindow": {"Mode": "OFF"},
            "ActionAfterCompletion": "DELETE",
            "Target": self._target(target, event),
        }

        def make() -> None:
            try:
                client("scheduler").create_schedule(**request)
            except ClientError as error:
                if error.response["Error"]["Code"] != "ConflictException":
                    raise
                client("scheduler").update_schedule(**request)

        self._try(make)

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
            call()
        except (ClientError, BotoCoreError):
            observability.logger("starbid").exception("could not schedule; the sweep will do it")
