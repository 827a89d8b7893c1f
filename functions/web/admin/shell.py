"""What all pages of the panel have around them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from starbid.domain.audit_trail import Operator
from starbid.domain.roles import Right
from starbid.i18n import Language
from web.admin.desk import new_key
from web.kernel.http import Request, Response
from web.shared.context import page_words, show


@dataclass(frozen=True)
class Place:
    """An entry of the panel's menu."""

    path: str
    name: str
    is_here: bool


def panel(request: Request, operator: Operator, template: str, status: int = 200, **values: Any) -> Response:
    """A page of the panel. `may(right)` and `key()` (of a form that counts once) are there in the template."""
    words = page_words(request)

    def may(right: str) -> bool:
        return operator.role.has(Right[right])

    places = _places(request.path, words)
    return show(request, template, status, operator=operator, places=places, may=may, key=new_key, **values)


def _places(path: str, words: Language) -> tuple[Place, ...]:
    _ = words._
    named = (
        ("/admin", _("Overview")),
        ("/admin/users", _("People")),
        ("/admin/lots", _("Lots")),
        ("/admin/reports", _("Reports")),
        ("/admin/deals", _("Deals")),
        ("/admin/tickets", _("Tickets")),
        ("/admin/payments", _("Payments")),
        ("/admin/payouts", _("Payouts")),
        ("/admin/refunds", _("Refunds")),
        ("/admin/reconciliation", _("Reconciliation")),
        ("/admin/exports", _("Exports")),
        ("/admin/log", _("Log")),
        ("/admin/audit", _("Audit log")),
        ("/admin/broadcasts", _("Broadcasts")),
        ("/admin/dead-letters", _("Dead letters")),
    )
    return tuple(Place(place, name, _is_here(place, path)) for place, name in named)


def _is_here(place: str, path: str) -> bool:
    return path == place or (place != "/admin" and path.startswith(f"{place}/"))
