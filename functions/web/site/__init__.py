"""Texts, files, and the health of the site."""

from web.kernel.routing import Router
from web.site import files, first_steps, health, help_pages, texts, well_known

router = Router()
for _part in (files, first_steps, health, help_pages, texts, well_known):
    router.include(_part.router)
