"""Requests that may come twice. The answer is remembered in the transaction of the deed itself."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any, TypeVar

from starbid.domain.errors import Conflict, KeyReused, StarbidError, TooOften
from starbid.services.ports import Contended, Memory, Refused, Store

T = TypeVar("T")
Remember = Callable[[T], Memory]
"""Makes the memory of an outcome; called before the commit that writes both."""

Answer = dict[str, Any]


class AlreadyDone(Exception):
    """A request of the same key was faster; its answer is in the memory."""


def require_unknown(refused: Refused) -> None:
    """Raises AlreadyDone where a unit was refused because its memory is there."""
    if refused.blames("memory"):
        raise AlreadyDone


def fingerprint(*parts: str | bytes) -> str:
    """A hash of a request's method, path and body."""
    digest = hashlib.sha256()
    for part in parts:
        data = part.encode() if isinstance(part, str) else part
        digest.update(len(data).to_bytes(8, "big") + data)
    return digest.hexdigest()


def once(
    store: Store,
    key: str,
    mark: str,
    work: Callable[[Callable[[Answer], Memory]], Answer],
    refuse: Callable[[StarbidError], Answer],
) -> Answer:
    """The answer to a request, the same for the same `key`. Raises KeyReused where its fingerprint `mark` differs.

    `work` puts `memory(answer)` into the transaction of what it does and returns the answer; `refuse` words a
    refusal, which is remembered too (it changed nothing, so a transaction of its own is enough); Conflict and TooOften
    are not, as the same request is to be sent again.
    """
    known = store.memory(key)
    if known is None:
        try:
            return work(lambda answer: Memory(key, mark, answer))
        except AlreadyDone:
            known = store.memory(key)
        except (Conflict, TooOften):
            raise
        except StarbidError as refusal:
            answer = refuse(refusal)
            return _remember(store, Memory(key, mark, answer))
    if known is None:
        raise Contended
    return _replay(known, mark)


def _remember(store: Store, memory: Memory) -> Answer:
    unit = store.unit()
    unit.remember(memory)
    try:
        unit.commit()
    except Refused:
        known = store.memory(memory.key)
        return _replay(known, memory.fingerprint) if known else memory.result
    return memory.result


def _replay(known: Memory, mark: str) -> Answer:
    if known.fingerprint != mark:
        raise KeyReused
    return known.result
