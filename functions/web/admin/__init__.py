"""The panel of operators (spec, section 9). Nobody else finds it."""

from web.admin import overview, tickets
from web.kernel.routing import Router

router = Router()
for _part in (overview, tickets):
    router.include(_part.desk.router)
