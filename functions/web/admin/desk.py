"""Routes of the panel: who has no role finds nothing here (the gate in `web.admin` asks `operator_of` of all that is
below /admin, whatever the method), who has too small a one is told so, and only then the form's token is looked at.

@desk.get("/admin/users", Right.SEE)
def users(request: Request, operator: Operator) -> Response: ...
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from starbid.domain.audit_trail import Decision, Operator, decided
from starbid.domain.roles import Right, require_right
from web.kernel.csrf import require_form_token
from web.kernel.exceptions import NoSuchPage
from web.kernel.http import Request, Response
from web.kernel.routing import Router

Handler = Callable[..., Response]
"""Takes the request, the operator, and the variables of the path."""


@dataclass(frozen=True)
class Needs:
    """What a route tells of itself: the right that it takes."""

    right: Right


class Desk:
    """The routes of a module of the panel."""

    def __init__(self) -> None:
        self.router = Router()

    def get(self, path: str, right: Right, *, page: str = "") -> Callable[[Handler], Handler]:
        def register(handler: Handler) -> Handler:
            self.router.get(path, about=Needs(right), page=page)(_admitting(handler, right))
            return handler

        return register

    def post(self, path: str, right: Right, *, page: str = "") -> Callable[[Handler], Handler]:
        """`page`: the page that its form stands on, where that is not the nearest above."""

        def register(handler: Handler) -> Handler:
            admit = _admitting(handler, right, with_token=True)
            self.router.post(path, csrf=False, about=Needs(right), page=page)(admit)
            return handler

        return register


def _admitting(handler: Handler, right: Right, *, with_token: bool = False) -> Handler:
    def admitted(request: Request, **variables: Any) -> Response:
        operator = operator_of(request)
        if with_token:
            require_form_token(request)
        require_right(operator.role, right)
        return handler(request, operator, **variables).with_headers(cache_control="private, no-store")

    return admitted


def operator_of(request: Request) -> Operator:
    """Who asks. Raises NoSuchPage for all others, logged in or not."""
    person = request.visitor.person
    role = request.app.operators.role_of(person) if person else None
    if person is None or role is None:
        raise NoSuchPage
    return Operator(person.id, role, request.source_ip)


def decision(request: Request, operator: Operator, *, needs_reason: bool = True) -> Decision:
    """What the form decides: its `reason`, and its `request_id`, by which one form counts once. Raises Invalid."""
    form = request.form
    key = form.get("request_id") or secrets.token_hex(16)
    return decided(operator, form.get("reason", ""), key, request.now, needs_reason=needs_reason)


def new_key() -> str:
    """For the `request_id` of a form that is shown."""
    return secrets.token_hex(16)
