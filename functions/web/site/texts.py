"""Terms and privacy."""

from __future__ import annotations

from starbid.domain import talks
from starbid.domain.deals import ADDRESS_TIME, PHYSICAL_RELEASE_DAYS
from starbid.domain.payments import LEAST_STARS_PAYOUT
from web.kernel.http import Request, Response
from web.kernel.routing import Router
from web.shared.context import show

router = Router()


@router.get("/terms")
def terms(request: Request) -> Response:
    return show(
        request,
        "site/terms.html",
        business=request.app.settings.business,
        least_payout=LEAST_STARS_PAYOUT,
        address_days=ADDRESS_TIME.days,
        release_days=PHYSICAL_RELEASE_DAYS,
    )


@router.get("/privacy")
def privacy(request: Request) -> Response:
    erased = talks.erased_within(request.app.settings.business.deal_times)
    return show(
        request,
        "site/privacy.html",
        talk_days=talks.LIFE.days,
        erased_days=erased.days,
        has_email=bool(request.app.settings.email_sender),
    )
