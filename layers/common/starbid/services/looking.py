"""What operators look at of what is private to two people: on record before it is shown."""

from __future__ import annotations

from contextlib import suppress

from starbid.domain.audit_trail import Decision
from starbid.services.ports import Store
from starbid.services.retrying import Repeated, committed


def put_on_record(store: Store, decision: Decision, action: str, auction_id: str, what: str) -> None:
    """A look at a lot's deal; one request that comes again is one look. Raises Contended."""
    unit = store.unit()
    unit.audit(decision.entry(action, subject=f"lot/{auction_id}", after=what))
    with suppress(Repeated):
        committed(unit, None)
