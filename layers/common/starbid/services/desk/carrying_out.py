"""Decisions about one person, carried out exactly once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from starbid.domain.audit_trail import Decision
from starbid.domain.errors import StarbidError
from starbid.domain.people import Person
from starbid.services.ports import ConditionFailed, IdempotencyRecord, Store, Unit
from starbid.services.retrying import Stale, with_retries


class NoSuchPerson(StarbidError, code="not_found"):
    """There is nobody of this id."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a decision changed, for its entry in the audit trail."""

    before: str = ""
    after: str = ""


Write = Callable[[Unit, Person], Told | None]
"""Puts what was decided about the person, as they are now, into the unit. Answers None where it is so already: then
nothing is written, so of two operators who want the same one has done it. Raises what the state refuses."""


def known(store: Store, user_id: int) -> Person:
    """Consistent. Raises NoSuchPerson."""
    person = store.person(user_id, consistent=True)
    if person is None:
        raise NoSuchPerson
    return person


def carry_out(store: Store, user_id: int, action: str, decision: Decision, write: Write) -> bool:
    """One transaction with its audit entry; False where the same decision was carried out before, whatever the state is
    by now, or where it is so already: then nothing is done.

    Raises NoSuchPerson, Conflict, and what `write` does.
    """
    done = IdempotencyRecord(f"decision:{action}:{user_id}:{decision.key}", "", {})

    def attempt(_: int) -> bool:
        if store.idempotency_record(done.key):
            return False
        person, unit = known(store, user_id), store.unit()
        told = write(unit, person)
        if told is None:
            return False
        unit.audit(decision.entry(action, user_id=user_id, before=told.before, after=told.after))
        unit.record(done)
        try:
            unit.commit()
        except ConditionFailed as refused:
            if refused.blames("audit") or refused.blames("idempotency"):
                return False
            raise Stale from refused
        return True

    return with_retries(attempt)
