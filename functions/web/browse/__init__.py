"""The list of live lots: search, filters, order."""

from web.browse import home
from web.kernel.routing import Router

router = Router()
for _part in (home,):
    router.include(_part.router)
