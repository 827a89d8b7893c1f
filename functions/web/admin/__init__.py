"""The panel of operators (spec, section 9). Nobody else finds it."""

from web.admin import log, overview, remaking
from web.kernel.routing import Router

router = Router()
for _part in (overview, log, remaking):
    router.include(_part.desk.router)
