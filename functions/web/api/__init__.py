"""The JSON API under /api/v1 (spec, section 5)."""

from web.api import acts, lots, me, openapi, tokens
from web.kernel.routing import Router

router = Router()
for _part in (lots, acts, me, tokens, openapi):
    router.include(_part.router, "/api/v1")
