"""The JSON API under /api/v1 (spec, section 5)."""

from web.routing import Router

router = Router()
