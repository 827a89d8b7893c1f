"""A person's own pages, and what others see of a seller."""

from web.account import browsers, calendar, email, leaving, mine, own_file, sessions, settings, watchlist
from web.kernel.routing import Router

router = Router()
for _part in (browsers, calendar, email, leaving, mine, own_file, sessions, settings, watchlist):
    router.include(_part.router)
