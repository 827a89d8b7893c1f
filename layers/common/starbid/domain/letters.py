"""Dead letters: work that was given up after all its tries, and waits for an operator.

A body may hold private texts or hidden bids: nobody is shown it. What is told of it are its kind and the ids of what it
is about.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from starbid.domain.errors import StarbidError

KEPT = timedelta(days=30)
_ID = re.compile(r"[A-Za-z0-9#:_-]{1,64}")
_WORD = re.compile(r"[A-Za-z][A-Za-z0-9_.-]{0,63}")
_ABOUT = ("auction_id", "cards", "posts", "post", "show", "found", "bill", "user_id", "question_id")
_OF_PAYMENTS = frozenset({"deal", "bill", "sweep", "reconcile"})
_OF_CLOSER = frozenset({"drain", "remind", "start"})


class LetterQueue(StrEnum):
    """Where it was given up, by what the queue is for. `jobs`: schedules and functions that were called by them."""

    CLOSER = "closer"
    NOTICES = "notices"
    CARDS = "cards"
    LOGS = "logs"
    DESK = "desk"
    QUESTIONS = "questions"
    JOBS = "jobs"


class LetterState(StrEnum):
    """`sending`: an operator sends it again, and it may have left by now."""

    OPEN = "open"
    SENDING = "sending"
    SENT = "sent"
    DROPPED = "dropped"


class LetterDecided(StarbidError, code="letter_decided"):
    """Somebody has sent or dropped it; `state` says which."""

    def __init__(self, state: LetterState) -> None:
        super().__init__(f"it is {state}", state=state.value)
        self.state = state


class NotSendable(StarbidError, code="not_sendable"):
    """Nobody knows any more whom it was for. It can be dropped."""


@dataclass(frozen=True, slots=True)
class Letter:
    """`id` is the message's. `kind`, `about` and `error` are what may be shown; `body` is empty once it is decided.

    `attempts` is 0 where the queue did not tell.
    """

    id: str
    queue: LetterQueue
    kind: str
    about: str
    error: str
    attempts: int
    sent_at: datetime
    found_at: datetime
    body: str = field(default="", repr=False)
    state: LetterState = LetterState.OPEN
    version: int = 1


def read_letter(
    letter_id: str, queue: LetterQueue, body: str, attributes: Mapping[str, str], sent_at: datetime, now: datetime
) -> Letter:
    """A message of a dead-letter queue. Jobs come as the record of a failed call, or as a schedule's own event with its
    error in the `attributes`.
    """
    told = _parsed(body)
    record = told if "requestPayload" in told else {}
    payload = _object(record.get("requestPayload")) if record else told
    context = _object(record.get("requestContext"))
    return Letter(
        id=letter_id,
        queue=queue,
        kind=_kind(queue, payload),
        about=_about(payload),
        error=_error(record, attributes),
        attempts=_whole(context.get("approximateInvokeCount")) or _whole(attributes.get("RETRY_ATTEMPTS")),
        sent_at=sent_at,
        found_at=now,
        body=json.dumps(payload) if record else body,
    )


def sending(letter: Letter) -> Letter:
    """An operator sends it again; twice is once. Raises LetterDecided, NotSendable."""
    if letter.state is LetterState.SENDING:
        return letter
    _require_open(letter)
    if letter.queue is LetterQueue.JOBS and job_of(letter) is None:
        raise NotSendable
    return replace(letter, state=LetterState.SENDING, version=letter.version + 1)


def sent(letter: Letter) -> Letter:
    """It has left."""
    return replace(letter, state=LetterState.SENT, body="", version=letter.version + 1)


def dropped(letter: Letter) -> Letter:
    """Nobody does it any more. Raises LetterDecided."""
    _require_open(letter)
    return replace(letter, state=LetterState.DROPPED, body="", version=letter.version + 1)


class Job(StrEnum):
    """Whose work a letter of `jobs` is."""

    PAYMENTS = "payments"
    CLOSER = "closer"


def job_of(letter: Letter) -> Job | None:
    """Who does what the body says; None for what is nobody's."""
    body = _parsed(letter.body)
    job = body.get("job")
    if job in _OF_PAYMENTS:
        return Job.PAYMENTS
    if job in _OF_CLOSER or (job is None and (body.get("auction_id") or body.get("sweep"))):
        return Job.CLOSER
    return None


def _require_open(letter: Letter) -> None:
    if letter.state is not LetterState.OPEN:
        raise LetterDecided(letter.state)


def _kind(queue: LetterQueue, payload: Mapping[str, Any]) -> str:
    event = _object(payload.get("event"))
    for told in (payload.get("kind"), payload.get("job"), event.get("type"), event.get("kind")):
        if isinstance(told, str) and _WORD.fullmatch(told):
            return told
    for named in ("cards", "found"):
        if named in payload:
            return named
    return "sweep" if payload.get("sweep") else queue.value


def _about(payload: Mapping[str, Any]) -> str:
    """Ids alone: whatever else stands in a body may be private."""
    found = ((name, payload.get(name)) for name in _ABOUT)
    shown = (f"{name} {told}" for name, told in found if isinstance(told, str | int) and _ID.fullmatch(str(told)))
    return ", ".join(shown)


def _error(record: Mapping[str, Any], attributes: Mapping[str, str]) -> str:
    """Its name; never its words, which may quote what was private."""
    context, answer = _object(record.get("requestContext")), _object(record.get("responsePayload"))
    for told in (answer.get("errorType"), attributes.get("ERROR_CODE"), context.get("condition")):
        if isinstance(told, str) and _WORD.fullmatch(told):
            return told
    return ""


def _parsed(body: str) -> Mapping[str, Any]:
    try:
        return _object(json.loads(body))
    except ValueError:
        return {}


def _object(told: object) -> Mapping[str, Any]:
    return told if isinstance(told, dict) else {}


def _whole(told: object) -> int:
    return int(told) if isinstance(told, str | int) and str(told).isdecimal() else 0
