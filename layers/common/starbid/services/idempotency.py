"""Requests that may come twice. The answer is remembered in the transaction of the deed itself."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from starbid.domain.assistant.errors import Busy
from starbid.domain.errors import Conflict, KeyReused, StarbidError, TooOften
from starbid.domain.intents import Memory
from starbid.domain.pause import Paused
from starbid.services.ports import ConditionFailed, Contended, IdempotencyRecord, Unit, Units
from starbid.services.retrying import Stale, with_retries

T = TypeVar("T")
T_contra = TypeVar("T_contra", contravariant=True)
Answer = dict[str, Any]
Retell = Callable[[str, int], Answer]
"""The answer to a bid or purchase that others decided, from the lot's id and its number in the log."""

_PLACE = "place"


@dataclass(frozen=True)
class MakeRecord(Generic[T_contra]):
    """Makes the memory of an outcome; called before the commit that writes both. `tell` words the answer to it."""

    memory: Memory
    tell: Callable[[T_contra], Answer]

    def __call__(self, outcome: T_contra) -> IdempotencyRecord:
        return record_of(self.memory, self.tell(outcome))


def record_of(memory: Memory, answer: Answer) -> IdempotencyRecord:
    return IdempotencyRecord(memory.key, memory.fingerprint, answer)


def record_of_place(memory: Memory, auction_id: str, number: int) -> IdempotencyRecord:
    """The memory of a bid or purchase that was decided by somebody who cannot word its answer."""
    return record_of(memory, {_PLACE: [auction_id, number]})


class AlreadyDone(Exception):
    """A request of the same key was faster; its answer is in the record."""


def require_unknown(refused: ConditionFailed) -> None:
    """Raises AlreadyDone where a unit was refused because its memory is there."""
    if refused.blames("idempotency"):
        raise AlreadyDone


def recorded(unit: Unit, outcome: T, make_record: MakeRecord[T] | None) -> T:
    """Write the unit, with the memory of its outcome where there is to be one. Raises Stale, AlreadyDone."""
    if make_record:
        unit.record(make_record(outcome))
    try:
        unit.commit()
    except ConditionFailed as refused:
        require_unknown(refused)
        raise Stale from refused
    return outcome


def fingerprint(*parts: str | bytes) -> str:
    """A hash of a request's method, path and body."""
    digest = hashlib.sha256()
    for part in parts:
        data = part.encode() if isinstance(part, str) else part
        digest.update(len(data).to_bytes(8, "big") + data)
    return digest.hexdigest()


def once(
    store: Units,
    memory: Memory,
    work: Callable[[Memory], Answer],
    refuse: Callable[[StarbidError], Answer],
    retell: Retell | None = None,
) -> Answer:
    """The answer to a request, the same for the same key. Raises KeyReused where its fingerprint differs.

    `work` puts the `record_of` its answer into the transaction of what it does and returns the answer; `refuse` words a
    refusal, which is remembered too (it changed nothing, so a transaction of its own is enough); Conflict, Busy,
    TooOften and Paused are not, as the same request is to be sent again: they are raised, unless it was done meanwhile.
    `retell`: where others may decide what was asked for.
    """
    known = store.idempotency_record(memory.key)
    if known is None:
        try:
            return work(memory)
        except AlreadyDone:
            known = store.idempotency_record(memory.key)
        except (Conflict, Busy, TooOften, Paused):  # it may be in its own way: it came twice, and one was done
            known = store.idempotency_record(memory.key)
            if known is None:
                raise
        except StarbidError as refusal:
            known = remember(store, record_of(memory, refuse(refusal)))
    if known is None:
        raise Contended
    if known.fingerprint != memory.fingerprint:
        raise KeyReused
    if retell and _PLACE in known.result:
        return retell(*known.result[_PLACE])
    return known.result


def remember(store: Units, record: IdempotencyRecord) -> IdempotencyRecord:
    """What is remembered: one that was faster, where there is one. For what changed nothing, or would change nothing
    more a second time: a transaction of its own is enough. Raises Conflict.
    """

    def attempt(_: int) -> IdempotencyRecord:
        unit = store.unit()
        unit.record(record)
        try:
            unit.commit()
        except ConditionFailed:
            return store.idempotency_record(record.key) or record
        return record

    return with_retries(attempt)
