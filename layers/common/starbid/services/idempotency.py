"""Requests that may come twice. The answer is remembered in the transaction of the deed itself."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any, TypeVar

from starbid.domain.errors import Conflict, KeyReused, StarbidError, TooOften
from starbid.services.ports import ConditionFailed, Contended, IdempotencyRecord, Units

T = TypeVar("T")
MakeRecord = Callable[[T], IdempotencyRecord]
"""Makes the memory of an outcome; called before the commit that writes both."""

Answer = dict[str, Any]


class AlreadyDone(Exception):
    """A request of the same key was faster; its answer is in the record."""


def require_unknown(refused: ConditionFailed) -> None:
    """Raises AlreadyDone where a unit was refused because its memory is there."""
    if refused.blames("idempotency"):
        raise AlreadyDone


def fingerprint(*parts: str | bytes) -> str:
    """A hash of a request's method, path and body."""
    digest = hashlib.sha256()
    for part in parts:
        data = part.encode() if isinstance(part, str) else part
        digest.update(len(data).to_bytes(8, "big") + data)
    return digest.hexdigest()


def once(
    store: Units,
    key: str,
    mark: str,
    work: Callable[[Callable[[Answer], IdempotencyRecord]], Answer],
    refuse: Callable[[StarbidError], Answer],
) -> Answer:
    """The answer to a request, the same for the same `key`. Raises KeyReused where its fingerprint `mark` differs.

    `work` puts `memory(answer)` into the transaction of what it does and returns the answer; `refuse` words a
    refusal, which is remembered too (it changed nothing, so a transaction of its own is enough); Conflict and TooOften
    are not, as the same request is to be sent again.
    """
    known = store.idempotency_record(key)
    if known is None:
        try:
            return work(lambda answer: IdempotencyRecord(key, mark, answer))
        except AlreadyDone:
            known = store.idempotency_record(key)
        except (Conflict, TooOften):
            raise
        except StarbidError as refusal:
            answer = refuse(refusal)
            return _remember(store, IdempotencyRecord(key, mark, answer))
    if known is None:
        raise Contended
    return _replay(known, mark)


def _remember(store: Units, record: IdempotencyRecord) -> Answer:
    unit = store.unit()
    unit.record(record)
    try:
        unit.commit()
    except ConditionFailed:
        known = store.idempotency_record(record.key)
        return _replay(known, record.fingerprint) if known else record.result
    return record.result


def _replay(known: IdempotencyRecord, mark: str) -> Answer:
    if known.fingerprint != mark:
        raise KeyReused
    return known.result
