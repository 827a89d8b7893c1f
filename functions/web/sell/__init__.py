"""Putting lots up and editing them; photos."""

from web.kernel.routing import Router
from web.sell import form, uploads

router = Router()
for _part in (form, uploads):
    router.include(_part.router)
