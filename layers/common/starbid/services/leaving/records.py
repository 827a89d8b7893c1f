"""A wish to leave as a record of the desk: one a person, in the list `leaving` by its day until it is over."""

from __future__ import annotations

from datetime import datetime

from starbid.domain.leaving import Leaving, Stage
from starbid.services.ports import DeskRow

GROUP = LIST = "leaving"


def row_of(leaving: Leaving) -> DeskRow:
    facts = {
        "asked_at": leaving.asked_at.isoformat(),
        "due_at": leaving.due_at.isoformat(),
        "stage": leaving.stage.value,
        "given_up": dict(leaving.given_up),
        "erased": sorted(leaving.erased),
    }
    listed = None if leaving.is_over else (LIST, leaving.due_at)
    return DeskRow(GROUP, str(leaving.user_id), facts, leaving.version, listed)


def leaving_of(row: DeskRow) -> Leaving:
    facts = row.facts
    return Leaving(
        user_id=int(row.member),
        asked_at=datetime.fromisoformat(facts["asked_at"]),
        due_at=datetime.fromisoformat(facts["due_at"]),
        stage=Stage(facts["stage"]),
        given_up={code: int(amount) for code, amount in facts["given_up"].items()},
        erased=frozenset(facts["erased"]),
        version=row.version,
    )
