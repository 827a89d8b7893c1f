"""Money: the wallet, topping it up, the subscription, payouts, receipts and refunds."""

from web.kernel.routing import Router
from web.wallet import bill, pages, payouts, receipts, topping_up

router = Router()
for _part in (pages, topping_up, bill, payouts, receipts):
    router.include(_part.router)
