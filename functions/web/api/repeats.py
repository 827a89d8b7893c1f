"""POSTs of the API: answered once per `Idempotency-Key`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from starbid.domain.errors import Invalid, KeyReused, StarbidError
from starbid.domain.intents import Memory
from starbid.services.idempotency import Answer, MakeRecord, Retell, fingerprint, once, record_of, remember
from web.kernel.http import Request, Response, to_json
from web.shared.refusals import error_body, status_of

LONGEST_KEY = 255
HEADER = "Idempotency-Key"
T = TypeVar("T")
Work = Callable[[Memory | None], Answer]
"""Does what was asked for. With a Memory, it puts the record of its answer into the transaction of the deed."""


def created(body: dict[str, Any]) -> Answer:
    return {"status": 201, "body": body}


def done(body: dict[str, Any]) -> Answer:
    return {"status": 200, "body": body}


def answer_once(request: Request, user_id: int, work: Work, retell: Retell | None = None) -> Answer:
    """The answer to a POST, as `created` or `done` make it: the same for the same person, key and body. `retell` words
    it where others decided what was asked for.

    Raises KeyReused, Invalid, and without a key whatever `work` raises.
    """
    key = request.headers.get(HEADER.lower())
    if key is None:
        return work(None)
    if not 1 <= len(key) <= LONGEST_KEY:
        raise Invalid(HEADER, "length", least=1, most=LONGEST_KEY)

    def refuse(refusal: StarbidError) -> Answer:
        return {"status": status_of(refusal), "body": error_body(refusal, request.words)}

    return once(request.app.store, Memory(memory_key(user_id, key), mark_of(request)), work, refuse, retell)


def act_once(
    request: Request,
    user_id: int,
    act: Callable[[MakeRecord[T] | None], T],
    tell: Callable[[T], Answer],
    retell: Retell | None = None,
) -> Response:
    """The answer to an act, told of its outcome; with an `Idempotency-Key` remembered in the act's own transaction."""

    def work(memory: Memory | None) -> Answer:
        return tell(act(MakeRecord(memory, tell) if memory else None))

    return respond(answer_once(request, user_id, work, retell))


def told_once(request: Request, user_id: int, work: Callable[[], Answer]) -> Response:
    """The answer to `work`, which may be done twice, as the second time changes nothing that anybody sees: with an
    `Idempotency-Key` remembered after it.
    """

    def done_first(memory: Memory | None) -> Answer:
        answer = work()
        if memory is None:
            return answer
        known = remember(request.app.store, record_of(memory, answer))
        if known.fingerprint != memory.fingerprint:
            raise KeyReused
        return known.result

    return respond(answer_once(request, user_id, done_first))


def respond(answer: Answer) -> Response:
    return to_json(answer["body"], int(answer["status"]))


def memory_key(user_id: int, key: str) -> str:
    return f"api:{user_id}:{key}"


def mark_of(request: Request) -> str:
    return fingerprint(request.method, request.path, request.body)


def request_id(request: Request) -> str:
    """Names what a request makes: the same for a repeat, unique without a key."""
    import secrets

    key = request.headers.get(HEADER.lower())
    return f"api:{key}:{mark_of(request)}" if key is not None else f"api:{secrets.token_hex(16)}"
