"""Blocks, as an owner decides them."""

from __future__ import annotations

from itertools import count

from starbid.bootstrap import App
from starbid.domain.audit_trail import Decision, Operator
from starbid.domain.roles import Role

_numbers = count(1)


def block(app: App, user_id: int) -> None:
    app.moderation.block(user_id, _decision(app))


def unblock(app: App, user_id: int) -> None:
    app.moderation.unblock(user_id, _decision(app))


def _decision(app: App) -> Decision:
    return Decision(Operator(900, Role.OWNER), "for a test", f"block-{next(_numbers)}", app.now())
