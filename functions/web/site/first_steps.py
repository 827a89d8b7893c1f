"""Puts the way of a newcomer out of sight."""

from __future__ import annotations

from web.kernel.http import Request, Response, redirect
from web.kernel.routing import Router
from web.shared.first_steps import walked

router = Router()


@router.post("/first_steps/hide", page="/")
def hide(request: Request) -> Response:
    """`next`: the page that it was hidden on."""
    return walked(request, redirect(request.page(request.form.get("next"))))
