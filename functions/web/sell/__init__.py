"""Putting lots up and editing them; photos."""

from web.kernel.routing import Router
from web.sell import form, looking, outlook, paid, price_path, saving, uploads

router = Router()
for _part in (form, looking, outlook, price_path, saving, paid, uploads):
    router.include(_part.router)
