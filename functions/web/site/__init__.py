"""Texts, files, and the health of the site."""

from web.kernel.routing import Router
from web.site import files, health, texts, well_known

router = Router()
for _part in (files, health, texts, well_known):
    router.include(_part.router)
