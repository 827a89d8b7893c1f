"""A person's own pages, and what others see of a seller."""

from web.account import achievements, browsers, email, mine, profile, settings, watchlist
from web.kernel.routing import Router

router = Router()
for _part in (achievements, browsers, email, mine, profile, settings, watchlist):
    router.include(_part.router)
