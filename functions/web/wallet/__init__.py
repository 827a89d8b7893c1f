"""Money: the wallet, topping it up, the subscription."""

from web.kernel.routing import Router
from web.wallet import bill, pages, topping_up

router = Router()
for _part in (pages, topping_up, bill):
    router.include(_part.router)
