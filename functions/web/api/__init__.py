"""The JSON API under /api/v1 (spec, section 5)."""

from web.api.acts import router as acts
from web.api.lots import router as lots
from web.api.me import router as me
from web.api.openapi import router as openapi
from web.api.tokens import router as tokens
from web.routing import Router

PREFIX = "/api/v1"
router = Router()
for _part in (lots, acts, me, tokens, openapi):
    router.include(_part, PREFIX)
