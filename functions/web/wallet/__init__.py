"""Money: the wallet, buying Stars, the subscription."""

from web.kernel.routing import Router
from web.wallet import pages

router = Router()
for _part in (pages,):
    router.include(_part.router)
