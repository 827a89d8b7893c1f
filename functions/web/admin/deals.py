"""Deals and disputes in the panel."""

from __future__ import annotations

from starbid.domain.roles import Right
from starbid.i18n import Language
from starbid.services.desk.attention import TO_READ, waiting
from web.admin import attention
from web.admin.attention import Need
from web.admin.desk import Desk
from web.kernel.http import Request

desk = Desk()


@attention.source("disputes", Right.SEE)
def disputes(request: Request, words: Language) -> Need:
    found = request.app.dealing.open_disputes(TO_READ)
    since = waiting(deal.disputed_at or deal.sold_at for deal in found)
    return Need(words._("Disputes"), "/admin/deals?state=disputed", since)
