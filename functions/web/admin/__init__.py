"""The panel of operators (spec, section 9). Nobody else finds it."""

from web.admin import overview, pausing
from web.kernel.routing import Router

router = Router()
for _part in (overview, pausing):
    router.include(_part.desk.router)
