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
    related,
    reporting,
    sharing,
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
    related,
    reporting,
    sharing,
    verifying,
    watching,
):
    router.include(_part.router)
