"""Long work of the operator's side: a message of the desk queue is one step of it, and a step may put the next one on.

A schedule may call it too, with the same body.
"""

from __future__ import annotations

import json
from typing import Any

from clerk import (  # noqa: F401  they register their jobs
    broadcasting,
    exports,
    figures,
    help_desk,
    leaving,
    people,
    resuming,
)
from clerk.jobs import UnknownJob, run
from starbid import observability

SERVICE = "clerk"


def lambda_handler(event: dict[str, Any], context: Any) -> dict[str, Any] | None:
    """A batch of messages `{"job": "<name>", …}`, or one such body. Answers those that have to come again.

    What nobody can read is logged and forgotten.
    """
    if "Records" not in event:
        run(event, context)
        return None
    failed = [record for record in event["Records"] if not _is_done(record, context)]
    return {"batchItemFailures": [{"itemIdentifier": record["messageId"]} for record in failed]}


def _is_done(record: dict[str, Any], context: Any) -> bool:
    try:
        run(json.loads(record["body"]), context)
    except (UnknownJob, ValueError):
        observability.passed_over(SERVICE, "this message cannot be read and is forgotten: %s", record["messageId"])
    except Exception:
        observability.failed(SERVICE, "work could not be done; it comes again: %s", record["messageId"])
        return False
    return True
