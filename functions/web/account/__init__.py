"""A person's own pages, and what others see of a seller."""

from web.account import (
    achievements,
    browsers,
    calendar,
    email,
    leaving,
    mine,
    own_file,
    profile,
    sessions,
    settings,
    watchlist,
)
from web.kernel.routing import Router

router = Router()
for _part in (
    achievements, browsers, calendar, email, leaving, mine, own_file, profile, sessions, settings, watchlist,
):  # fmt: skip
    router.include(_part.router)
