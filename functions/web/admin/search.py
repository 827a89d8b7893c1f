"""The search box of the panel."""

from __future__ import annotations

from urllib.parse import quote

from starbid.domain.audit_trail import Operator
from starbid.domain.roles import Right
from starbid.services.desk.finding import LONGEST_QUERY
from starbid.services.desk.searching import Found, Hit
from web.admin.desk import Desk
from web.admin.shell import panel
from web.kernel.http import Request, Response, redirect
from web.shared.context import page_words

desk = Desk()


@desk.get("/admin/search", Right.SEE)
def search(request: Request, operator: Operator) -> Response:
    """`q`: an id of anything, a user name, words of a name or of a title. A single exact hit is gone to at once."""
    text, words = request.query.get("q", "").strip(), page_words(request)
    found = request.app.searching.find(text, request.now)
    exact = [hit for hit in found if hit.is_exact]
    if len(exact) == 1:
        return redirect(address(exact[0]))
    _ = words._
    groups = {
        Hit.PERSON: _("People"),
        Hit.LOT: _("Lots"),
        Hit.DEAL: _("Deals"),
        Hit.CHARGE: _("Payments"),
        Hit.BILL: _("Bills"),
        Hit.PAYOUT: _("Payouts"),
        Hit.TICKET: _("Tickets"),
    }
    return panel(
        request,
        operator,
        "admin/search.html",
        text=text[:LONGEST_QUERY],
        is_too_long=len(text) > LONGEST_QUERY,
        groups=[(name, [(address(hit), hit) for hit in found if hit.hit is kind]) for kind, name in groups.items()],
        any_found=bool(found),
    )


def address(found: Found) -> str:
    """The page of what was found."""
    places = {
        Hit.PERSON: "users",
        Hit.LOT: "lots",
        Hit.DEAL: "deals",
        Hit.CHARGE: "payments",
        Hit.BILL: "payments",
        Hit.PAYOUT: "payouts",
        Hit.TICKET: "tickets",
    }
    return f"/admin/{places[found.hit]}/{quote(found.id, safe='')}"
