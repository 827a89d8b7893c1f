"""The page of a lot, its price box, and what people do there."""

from web.kernel.routing import Router
from web.lot import bidding, dealing, finishing, page, verifying, watching

router = Router()
for _part in (page, bidding, finishing, dealing, verifying, watching):
    router.include(_part.router)
