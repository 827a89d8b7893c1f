"""Writes the bid logs of ended lots, each once, as files: fed by the log queue, also with messages of its own."""

from __future__ import annotations

import json
from typing import Any

from starbid import observability
from starbid.bootstrap import app

SERVICE = "log_keeper"
SPARE_MS = 45_000
"""With less time left no further part is begun: reading, hashing and handing in 12 000 bids takes some seconds."""


def lambda_handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """A batch of messages `{"log": "<auction id>", "step": ""}`; a step is the name of the progress to go on from.

    Answers those that have to come again. What nobody can read is logged and forgotten.
    """
    failed = [record for record in event["Records"] if not _is_done(record, context)]
    return {"batchItemFailures": [{"itemIdentifier": record["messageId"]} for record in failed]}


def _is_done(record: dict[str, Any], context: Any) -> bool:
    try:
        content = json.loads(record["body"])
        auction_id, step = str(content["log"]), str(content["step"])
    except (ValueError, TypeError, KeyError):
        observability.passed_over(SERVICE, "this message cannot be read and is forgotten: %s", record["messageId"])
        return True
    try:
        app().log_writing.write(auction_id, step, lambda: context.get_remaining_time_in_millis() > SPARE_MS)
    except Exception:
        observability.failed(SERVICE, "the log of lot %s could not be written; it comes again", auction_id)
        return False
    return True
