"""The panel of operators (spec, section 9). Nobody else finds it."""

from web.admin import overview, remaking
from web.kernel.routing import Router

router = Router()
for _part in (overview, remaking):
    router.include(_part.desk.router)
