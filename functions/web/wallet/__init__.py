"""Money: the wallet, topping it up, the subscription, payouts."""

from web.kernel.routing import Router
from web.wallet import bill, pages, payouts, topping_up

router = Router()
for _part in (pages, topping_up, bill, payouts):
    router.include(_part.router)
