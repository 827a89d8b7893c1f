"""The JSON API under /api/v1 (spec, section 5)."""

from web.api import acts, assistant, assistant_desk, lots, me, openapi, tokens, topups
from web.kernel.routing import Router

routes = Router()
"""Without what stands before every path."""
for _part in (lots, acts, me, topups, tokens, assistant, assistant_desk):
    routes.include(_part.router)
openapi.add_document(routes)

router = Router()
router.include(routes, "/api/v1")
