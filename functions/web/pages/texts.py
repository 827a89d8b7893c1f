"""Terms, privacy and support."""

from __future__ import annotations

from starbid.domain.payments import LEAST_STARS_PAYOUT
from web.http import Request, Response
from web.pages.context import show
from web.routing import Router

router = Router()


@router.get("/terms")
def terms(request: Request) -> Response:
    return show(request, "texts/terms.html", business=request.app.settings.business, least_payout=LEAST_STARS_PAYOUT)


@router.get("/privacy")
def privacy(request: Request) -> Response:
    return show(request, "texts/privacy.html")


@router.get("/support")
def support(request: Request) -> Response:
    return show(request, "texts/support.html")
