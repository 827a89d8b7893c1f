"""The list of live lots: search, filters, order; saved searches; what was seen."""

from web.browse import home, saved, seen, suggestions
from web.kernel.routing import Router

router = Router()
for _part in (home, saved, seen, suggestions):
    router.include(_part.router)
