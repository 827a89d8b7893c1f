"""Pausing and resuming, as an owner does it, on an App of any store with a clock of its own."""

from __future__ import annotations

from datetime import timedelta
from itertools import count
from typing import Any

from starbid.domain.audit_trail import Decision, Operator, decided
from starbid.domain.pause import TAKES_EFFECT
from starbid.domain.roles import Role
from starbid.services.desk.carrying import place_of

OWNER = Operator(900, Role.OWNER, "192.0.2.1")
_keys = count(1)


def decision(app: Any, key: str = "", *, by: Operator = OWNER, reason: str = "prices are wrong") -> Decision:
    return decided(by, reason, key or f"key{next(_keys)}", app.now())


def pause(app: Any) -> None:
    """And wait until it holds."""
    app.pausing.pause(decision(app))
    app.clock.forward(seconds=TAKES_EFFECT.total_seconds())


def resume(app: Any) -> None:
    """And wait until it is over. No row is moved by that."""
    app.pausing.resume(decision(app))
    app.clock.forward(seconds=TAKES_EFFECT.total_seconds())


def pause_for(app: Any, length: timedelta) -> None:
    """All of it, without the moving."""
    pause(app)
    app.clock.forward(seconds=(length - TAKES_EFFECT).total_seconds())
    resume(app)


def carry(app: Any, steps: int = 10_000) -> int:
    """What the clerk does with its messages, until there are none; answers the steps that it took."""
    taken = 0
    while app.desk_work.asked and taken < steps:
        name, facts, _ = app.desk_work.asked.pop(0)
        assert name == "resume"
        place = place_of(facts) or app.carrying.begin()
        while place:
            place, taken = app.carrying.step(place, app.now()), taken + 1
    return taken
