from collections.abc import Callable
from dataclasses import fields
from typing import Any

import pytest

from starbid.domain.events import AnyEvent
from tests.support.factories import ANNA, SELLER, xtr
from tests.support.fakes import START

_SAMPLES = {
    "category": "books",
    "id": "event1",
    "at": START,
    "auction_id": "lot1",
    "seller_id": SELLER,
    "until": START,
    "ends_at": START,
    "reason": "",
    "by": "time",
    "purpose": "stars",
    "best_bid": xtr(90),
    "number": 2,
    "count": 1,
    "reporters": (ANNA,),
    "keys": ("first_bid",),
    "due_at": START,
    "obstacles": ("lots", "debts"),
}


@pytest.fixture
def some_event() -> Callable[[type[AnyEvent]], AnyEvent]:
    """Makes an event of a kind, with people and amounts of some sort."""

    def make(kind: type[AnyEvent]) -> AnyEvent:
        values: dict[str, Any] = {}
        for field in fields(kind):
            fallback = ANNA if field.name.endswith("_id") else xtr(100)
            values[field.name] = _SAMPLES.get(field.name, fallback)
        return kind(**values)

    return make
