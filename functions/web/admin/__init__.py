"""The panel of operators (spec, section 9). Nobody else finds it."""

from web.admin import audit, exports, overview
from web.kernel.routing import Router

router = Router()
for _part in (audit, exports, overview):
    router.include(_part.desk.router)
