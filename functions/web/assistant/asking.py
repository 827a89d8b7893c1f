"""A form that asks, however often it is sent: one question."""

from __future__ import annotations

import secrets
from collections.abc import Callable

from starbid.domain.assistant.question import Question
from starbid.domain.errors import StarbidError
from starbid.domain.intents import Memory
from starbid.services.idempotency import Answer, MakeRecord, fingerprint, once
from web.kernel.http import Request

Ask = Callable[[str, MakeRecord[Question]], Question]
"""Asks under the id of a request, and has the record written with the question."""


def request_id_of(request: Request) -> str:
    return request.form.get("request_id", "")[:64] or secrets.token_hex(16)


def asked_once(request: Request, user_id: int, ask: Ask, *said: str) -> str:
    """The id of the question that the form has made. What it `said` counts with its `request_id`: other words in the
    same form are another question.

    A refusal is not remembered: the same form may be sent again once there is a way out. Raises what `ask` raises.
    """
    request_id = request_id_of(request)
    mark = fingerprint(request_id, *said)
    memory = Memory(f"site:{user_id}:{mark}", mark)

    def work(memory: Memory) -> Answer:
        return _made(ask(request_id, MakeRecord(memory, _made)))

    return str(once(request.app.store, memory, work, _refuse)["id"])


def _made(question: Question) -> Answer:
    return {"id": question.id}


def _refuse(refusal: StarbidError) -> Answer:
    raise refusal
