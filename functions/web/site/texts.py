"""Terms, privacy and support."""

from __future__ import annotations

from starbid.domain.payments import LEAST_STARS_PAYOUT
from web.kernel.http import Request, Response
from web.kernel.routing import Router
from web.shared.context import show

router = Router()


@router.get("/terms")
def terms(request: Request) -> Response:
    return show(request, "site/terms.html", business=request.app.settings.business, least_payout=LEAST_STARS_PAYOUT)


@router.get("/privacy")
def privacy(request: Request) -> Response:
    return show(request, "site/privacy.html")


@router.get("/support")
def support(request: Request) -> Response:
    return show(request, "site/support.html")
