"""The panel of operators (spec, section 9). Nobody else finds it."""

from web.admin import (
    audit,
    broadcasts,
    dead_letters,
    exports,
    log,
    overview,
    pausing,
    people,
    remaking,
    search,
    tickets,
    views,
)
from web.admin.desk import operator_of
from web.admin.lots import bulk, deals, lots, messages, reports
from web.admin.money import payments, payouts, reconciliation, refunds
from web.kernel.routing import Router

router = Router()
router.gate("/admin", operator_of)
for _part in (
    *(overview, pausing, remaking, search, views, people, log, lots, bulk, reports, deals, messages, tickets),
    *(payments, payouts, refunds, reconciliation, broadcasts, exports, audit, dead_letters),
):
    router.include(_part.desk.router)
