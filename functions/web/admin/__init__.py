"""The panel of operators (spec, section 9). Nobody else finds it."""

from web.admin import dead_letters, deals, overview
from web.admin.money import payments, payouts, reconciliation
from web.kernel.routing import Router

router = Router()
for _part in (dead_letters, deals, overview, payments, payouts, reconciliation):
    router.include(_part.desk.router)
