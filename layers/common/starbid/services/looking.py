"""What operators look at of what is private to two people: on record before it is shown."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

from starbid.domain.audit_trail import Decision
from starbid.services.idempotency import fingerprint
from starbid.services.ports import Store
from starbid.services.retrying import Repeated, committed


def put_on_record(store: Store, decision: Decision, action: str, auction_id: str, what: str) -> None:
    """A look at a lot's deal; a request that comes again from the same operator and shows the same is one look. Raises
    Contended.
    """
    unit = store.unit()
    entry = decision.entry(action, subject=f"lot/{auction_id}", after=what)
    unit.audit(replace(entry, id=f"{entry.id}:{decision.by.id}:{fingerprint(what)[:16]}"))
    with suppress(Repeated):
        committed(unit, None)
