"""The page of a lot, its price box, and what people do there."""

from web.kernel.routing import Router
from web.lot import (
    addressing,
    bidding,
    dealing,
    files,
    finishing,
    muting,
    page,
    reporting,
    sharing,
    talking,
    verifying,
    watching,
)

router = Router()
for _part in (
    page,
    bidding,
    finishing,
    dealing,
    files,
    addressing,
    muting,
    reporting,
    sharing,
    talking,
    verifying,
    watching,
):
    router.include(_part.router)
