"""The list of live lots: search, filters, order; saved searches; what was seen; a feed."""

from web.browse import feed, home, saved, seen, suggestions
from web.kernel.routing import Router

router = Router()
for _part in (feed, home, saved, seen, suggestions):
    router.include(_part.router)
