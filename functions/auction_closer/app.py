"""Closes lots: fed by one-off schedules, by delayed messages, and every minute by the sweep.

The schedules of those who watch lots come here too.
"""

from __future__ import annotations

import json
from typing import Any

from starbid import observability
from starbid.bootstrap import app

SERVICE = "closer"


def lambda_handler(event: dict[str, Any], _context: object) -> dict[str, Any] | None:
    """`{"auction_id": "…"}`, `{"sweep": true}`, or a batch of messages with bodies like the first; for those who watch
    a lot `{"job": "remind", "auction_id": "…"}` and `{"job": "start", "auction_id": "…"}`. A message with
    `{"job": "drain", "auction_id": "…"}` looks after bids that wait, and that nobody waits for.

    Messages that failed are answered as `batchItemFailures`. What nobody can read is logged and forgotten: it would be
    no better the next time. A sweep that fails is counted: the next is its next try, and a dead letter of it would only
    keep an alarm red when all is well again. Any other failure is raised, so that it is tried again.
    """
    if "Records" in event:
        return {"batchItemFailures": [_failed(record) for record in event["Records"] if not _wake_by_message(record)]}
    match event:
        case {"sweep": True}:
            _sweep()
        case {"job": "remind", "auction_id": str(auction_id)} if auction_id:
            app().watching.remind(auction_id, app().now())
        case {"job": "start", "auction_id": str(auction_id)} if auction_id:
            app().watching.tell_start(auction_id, app().now())
        case _:
            _wake(event)
    return None


def _sweep() -> None:
    try:
        app().pausing.see_to_the_moving(app().now())
        app().closing.sweep(app().now())
    except Exception:
        observability.failed(SERVICE, "the sweep could not close what was due; the next tries again")


def _wake_by_message(record: dict[str, Any]) -> bool:
    """Whether the message is done with."""
    try:
        _wake(_read(record["body"]))
    except Exception:
        observability.failed(SERVICE, "a lot could not be closed; its message comes again")
        return False
    return True


def _read(body: str) -> object:
    try:
        return json.loads(body)
    except ValueError:
        return None


def _wake(request: object) -> None:
    match request:
        case {"job": "drain", "auction_id": str(auction_id)} if auction_id:
            app().closing.drain(auction_id, app().now())
        case {"auction_id": str(auction_id)} if auction_id:
            app().closing.wake(auction_id, app().now())
        case _:
            observability.passed_over(SERVICE, "this names no lot to be closed: %.200r", request)


def _failed(record: dict[str, Any]) -> dict[str, str]:
    return {"itemIdentifier": record["messageId"]}
