"""The same with several lots: chosen in the list, confirmed on a page that names them, each done once."""

from __future__ import annotations

import re
from collections.abc import Callable

from starbid.domain.audit_trail import Decision, Operator
from starbid.domain.errors import Invalid, NotFound, StarbidError
from starbid.domain.lots import CATEGORIES
from starbid.domain.roles import Right
from starbid.services.desk.lot_acts import MOST_AT_ONCE
from starbid.services.desk.lot_acts import Refused as RefusedLot
from web.admin.acting import NOTHING, Refused, refused
from web.admin.desk import Desk, decision
from web.admin.lots import lot_view as view
from web.admin.shell import panel
from web.kernel.http import Request, Response, redirect
from web.shared.context import page_words, with_note
from web.shared.refusals import as_refusal, message_of

desk = Desk()
_LOT_ID = re.compile("[a-z0-9]{1,20}")
ACTS = ("hide", "show", "move")


@desk.post("/admin/lots/bulk", Right.SUPPORT, page="/admin/lots")
def bulk(request: Request, operator: Operator) -> Response:
    """`act`: hide, show or move (`category`); `lots`: ids. Without a `reason` it asks for one, and to confirm."""
    name, ids = request.form.get("act", ""), _ids(request)
    if name not in ACTS:
        raise Invalid("act", "choice")
    if not ids or "reason" not in request.form:
        return _confirm(request, operator, name, ids, NOTHING if ids else Refused(name, status=422))
    try:
        if name == "move" and request.form.get("category") not in CATEGORIES:
            raise Invalid("category", "choice")
        failed = request.app.lot_acts.each(_act(request, name), decision(request, operator), ids)
    except StarbidError as error:
        if request.wants_json:
            raise
        return _confirm(request, operator, name, ids, refused(request, name, error))
    if failed:
        return _failed(request, operator, name, failed)
    return with_note(redirect("/admin/lots"), "lots-done")


def _act(request: Request, name: str) -> Callable[[Decision, str], object]:
    acts = request.app.lot_acts
    if name == "move":
        return lambda decided, auction_id: acts.move(decided, auction_id, request.form["category"])
    return acts.hide if name == "hide" else acts.show


def _ids(request: Request) -> list[str]:
    return [each for each in dict.fromkeys(request.form.all("lots")) if _LOT_ID.fullmatch(each)]


def _confirm(
    request: Request,
    operator: Operator,
    name: str,
    ids: list[str],
    refusal: Refused,
    faults: dict[str, str] | None = None,
) -> Response:
    words = page_words(request)
    lots = request.app.store.lots(ids[:MOST_AT_ONCE]) if ids else {}
    people = request.app.store.people({lot.card.seller_id for lot in lots.values()}) if lots else {}
    rows = [view.lot_row(lots[each], people, words, request.now) for each in ids if each in lots]
    return panel(
        request,
        operator,
        "admin/lots/bulk.html",
        refusal.status,
        act=name,
        rows=rows,
        faults=faults or {},
        categories=view.categories(words),
        refused=refusal,
    )


def _failed(request: Request, operator: Operator, name: str, failed: list[RefusedLot]) -> Response:
    """Those that are left, with what was in the way of each; the others are done."""
    words = page_words(request)
    told = {each.auction_id: as_refusal(each.error) for each in failed}
    faults = {auction_id: message_of(error, words) for auction_id, error in told.items()}
    form = request.form
    gone = all(isinstance(error, NotFound) for error in told.values())
    refusal = Refused(name, form.get("reason", ""), form.get("category", ""), status=404 if gone else 409)
    return _confirm(request, operator, name, list(faults), refusal, faults)
