"""Money: the wallet, buying Stars, the subscription, payouts."""

from web.kernel.routing import Router
from web.wallet import pages, payouts

router = Router()
for _part in (pages, payouts):
    router.include(_part.router)
