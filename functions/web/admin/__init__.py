"""The panel of operators (spec, section 9). Nobody else finds it."""

from web.admin import overview, people, search, views
from web.kernel.routing import Router

router = Router()
for _part in (overview, people, search, views):
    router.include(_part.desk.router)
