"""Answers the questions of the AI helper, one message of its queue each; a sweep finds those whose worker died."""

from __future__ import annotations

import json
from typing import Any

from starbid import observability
from starbid.bootstrap import app
from starbid.domain.assistant.question import Failure
from starbid.services.assistant.writing import Outcome

SERVICE = "assistant"
TOKENS = "AssistantTokens"
_OURS = frozenset({Failure.UNREACHABLE, Failure.EMPTY, Failure.DIED, Failure.RESTING})
"""What an operator should hear of where it lasts."""


def lambda_handler(event: dict[str, Any], context: object) -> dict[str, Any] | None:
    """A message of the queue: `{"user_id": n, "question_id": "…"}`, or `{"user_id": n, "clear": true}` to delete what
    somebody has cleared. Or `{"sweep": true}`, once a minute.

    What nobody can read is logged and forgotten. What fails is counted, and the sweep calls for it again: a message
    that came again would hold up the person's next question until then. A sweep that fails is tried again in a minute.
    """
    del context
    if "Records" not in event:
        _sweep(event)
        return None
    for record in event["Records"]:
        _do(record)
    return {"batchItemFailures": []}


def _sweep(event: dict[str, Any]) -> None:
    if event.get("sweep") is not True:
        observability.passed_over(SERVICE, "this is neither a batch nor a sweep: %.200r", event)
        return
    try:
        app().answering.sweep(app().now())
    except Exception:
        observability.failed(SERVICE, "the sweep could not call again; the next tries again")


def _do(record: dict[str, Any]) -> None:
    try:
        _work(_read(record["body"]), record["messageId"])
    except Exception:
        observability.failed(
            SERVICE, "a question could not be answered; the sweep calls again: %s", record["messageId"]
        )


def _read(body: str) -> object:
    try:
        return json.loads(body)
    except ValueError:
        return None


def _work(request: object, message_id: str) -> None:
    match request:
        case {"user_id": int(user_id), "clear": True}:
            app().answering.clear(user_id)
        case {"user_id": int(user_id), "question_id": str(question_id)} if question_id:
            _note(app().answering.answer(user_id, question_id))
        case _:
            observability.passed_over(SERVICE, "this message cannot be read and is forgotten: %s", message_id)


def _note(outcome: Outcome | None) -> None:
    """For the alarms: what it took, and what failed. Not a word of what was asked or answered."""
    if outcome is None:
        return
    if outcome.tokens:
        observability.count(SERVICE, TOKENS, outcome.tokens)
    if outcome.failure in _OURS:
        observability.failed(SERVICE, "no answer: %s %s", outcome.failure, outcome.trouble)
