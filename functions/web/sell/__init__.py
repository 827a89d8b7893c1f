"""Putting lots up and editing them; photos."""

from web.kernel.routing import Router
from web.sell import drafting, form, paid, uploads

router = Router()
for _part in (form, drafting, paid, uploads):
    router.include(_part.router)
