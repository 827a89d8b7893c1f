"""Takes messages from the queues of notices and of cards, and tells them to people."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from starbid import observability
from starbid.bootstrap import app
from starbid.domain.channels import Channel
from starbid.services.living import reach
from starbid.services.notices.lateness import is_given_up
from starbid.services.ports import Crowded, NextInLine, Notice, OutOfOrder, TryLater
from starbid.storage.queues import cards_from, found_from, notice_from, post_from, posts_from, rest_from, show_from

SERVICE = "sender"
LONGEST_PAUSE = 900
"""Seconds between two tries of a message that keeps failing: 2, 4, 8 ... up to this. The queue gives up after hours."""
LASTING = 6
"""A message that is told to wait so often has waited for a minute at least, and floods are over by then."""
SPARE_MS = 25_000
"""A message is not begun with less time left than a slow answer of Telegram takes, or of a browser's push service."""


@dataclass(frozen=True, slots=True)
class _Task:
    """What a message asks for. Of those with one subject the one of the newest state does all of it."""

    deed: Callable[[], None]
    subject: str
    state: int = 0


def lambda_handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """A batch of messages: a notice each, with its `channel` where that is not the chat; `{"cards": "<auction id>",
    "version": n}`, or, for the moment when the price of a lot falls and for cards that a turn has left, `{"cards":
    "<auction id>", "at": milliseconds since 1970}`; `{"posts": "<auction id>", "version": n}` the same for posts in
    groups and channels, without a version for those that are old by now; `{"show": "<auction id>", "place": "...",
    "after": "..."}` for a new lot and showcases of a place, `{"post": "<auction id>", "chat": n}` for one of them;
    `{"event": {...}, "bidders_below": n, "watchers_after": null}` for an event that concerns many; `{"found":
    "<auction id>", "place": "...", "after": "..."}` for a new lot and saved searches that it may fit.

    Answers those that have to come again; when, was set by then. Of messages about one subject only the newest is
    kept: it is done, or comes again for all of them.
    """
    tasks = [(record, _task(record["body"], _sent_at(record))) for record in event["Records"]]
    newest: dict[str, int] = {}
    for _, task in tasks:
        if task:
            newest[task.subject] = max(task.state, newest.get(task.subject, 0))
    kept = [(record, task) for record, task in tasks if task is None or task.state == newest[task.subject]]
    failed = [record for record, task in kept if not _is_done(record, task, context)]
    return {"batchItemFailures": [{"itemIdentifier": record["messageId"]} for record in failed]}


def _is_done(record: dict[str, Any], task: _Task | None, context: Any) -> bool:
    """Whether the queue may forget the message. What nobody can read is logged and forgotten."""
    if context.get_remaining_time_in_millis() < SPARE_MS:
        return _again(record, 1)
    if task is None:
        observability.passed_over(SERVICE, "this message cannot be read and is forgotten: %s", record["messageId"])
        return True
    try:
        task.deed()
    except TryLater as later:
        if isinstance(later, OutOfOrder) or (_receives(record) >= LASTING and not isinstance(later, Crowded)):
            observability.failed(SERVICE, "told to wait %d s; this is no busy minute", later.seconds)
        else:
            observability.logger(SERVICE).info("told to wait %d s", later.seconds)
        return _again(record, _pause_of(later, record))
    except Exception:
        observability.failed(SERVICE, "a message could not be told; it comes again")
        return _again(record, _pause(record))
    return True


def _task(body: str, sent_at: float | None) -> _Task | None:
    """None for a message that cannot be read. `sent_at`: seconds since 1970."""
    try:
        content = json.loads(body)
        if "cards" in content:
            auction_id, due, version = cards_from(content)
            subject = body if version is None else f"cards#{auction_id}"
            return _Task(partial(_redraw, auction_id, due, version), subject, version or 0)
        if task := _posts_task(content, body):
            return task
        if "found" in content:
            auction_id, place, after = found_from(content)
            return _Task(lambda: app().announcing.step(auction_id, place, after, app().now()), body)
        if "event" in content:
            event, audience = rest_from(content)
            return _Task(lambda: app().fan_out.rest(event, audience), body)
        return _telling(*notice_from(content), sent_at)
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError):
        return None


def _telling(notice: Notice, channel: Channel, sent_at: float | None) -> _Task:
    subject, state = reach(notice)
    place = subject if channel is Channel.CHAT else f"{channel}#{subject}"
    return _Task(partial(_tell, notice, channel, sent_at), place, state)


def _tell(notice: Notice, channel: Channel, sent_at: float | None) -> None:
    """`sent_at` is by the queue's clock, which no local run moves."""
    if sent_at is not None and is_given_up(notice, timedelta(seconds=time.time() - sent_at)):
        observability.logger(SERVICE).info("too late to be told, %s", notice.id)
    elif channel is Channel.CHAT:
        app().sending.send(notice, app().now())
    else:
        app().further_telling.tell(notice, channel, app().now())


def _redraw(auction_id: str, due: datetime | None, version: int | None) -> None:
    app().cards.redraw(auction_id, app().now(), due, version)


def _posts_task(content: dict[str, Any], body: str) -> _Task | None:
    """What is to be done in groups and channels; None for a message about anything else."""
    if "posts" in content:
        auction_id, version = posts_from(content)
        subject = body if version is None else f"posts#{auction_id}"
        return _Task(lambda: app().posting.redraw(auction_id, app().now(), version), subject, version or 0)
    if "show" in content:
        lot_id, place, after = show_from(content)
        return _Task(lambda: app().posting.step(lot_id, place, after, app().now()), body)
    if "post" in content:
        lot_id, chat_id = post_from(content)
        return _Task(lambda: app().posting.post(lot_id, chat_id, app().now()), body)
    return None


def _again(record: dict[str, Any], seconds: int) -> bool:
    """Let the message come again in `seconds`; where that cannot be set, when the queue shows it by itself."""
    try:
        queue = record["eventSourceARN"].rpartition(":")[2]
        app().outgoing.postpone(record["receiptHandle"], seconds, queue)
    except Exception:
        observability.logger(SERVICE).exception("a message could not be postponed")
    return False


def _pause_of(later: TryLater, record: dict[str, Any]) -> int:
    """Those that wait for others come again at random, further apart each time, or they would meet again; who is next
    comes in time.
    """
    if isinstance(later, NextInLine):
        return later.seconds
    if isinstance(later, Crowded):
        return later.seconds + random.randrange(_pause(record))
    return max(later.seconds, _pause(record))


def _pause(record: dict[str, Any]) -> int:
    return pause_after(_receives(record))


def _receives(record: dict[str, Any]) -> int:
    return int(record.get("attributes", {}).get("ApproximateReceiveCount", 1))


def _sent_at(record: dict[str, Any]) -> float | None:
    """When the message was put on the queue; None where that is not told."""
    told = record.get("attributes", {}).get("SentTimestamp")
    return int(told) / 1000 if told else None


def pause_after(receives: int) -> int:
    """Seconds until a message that was shown so often, and failed each time, is shown again."""
    return int(min(2**receives, LONGEST_PAUSE))
