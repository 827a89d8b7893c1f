"""The page of a lot, its price box, and what people do there."""

from web.kernel.routing import Router
from web.lot import (
    addressing,
    bidding,
    calendar_file,
    dealing,
    files,
    finishing,
    muting,
    page,
    related,
    reporting,
    sharing,
    talking,
    verifying,
    watching,
)

router = Router()
for _part in (
    page,
    calendar_file,
    bidding,
    finishing,
    dealing,
    files,
    addressing,
    muting,
    related,
    reporting,
    sharing,
    talking,
    verifying,
    watching,
):
    router.include(_part.router)
