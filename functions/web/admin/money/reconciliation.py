"""How far the comparison with Telegram has come, and what differs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from starbid.difference_words import fault_words
from starbid.domain.audit_trail import Operator
from starbid.domain.roles import Right
from starbid.i18n import Language
from starbid.services.billing.differences import DifferenceState, Found
from starbid.services.desk.attention import TO_READ, waiting
from starbid.services.ports import TryLater
from web.admin import attention
from web.admin.acting import NOTHING, Refused, carry_out
from web.admin.attention import Need
from web.admin.desk import Desk, decision
from web.admin.money.payments_view import payment_url
from web.admin.shell import panel
from web.kernel.http import Request, Response, path_with, redirect
from web.shared.context import page_words, with_note

desk = Desk()
PATH = "/admin/reconciliation"


@dataclass(frozen=True)
class DifferenceRow:
    """A line of the list. `charge_url` is empty where no charge is named."""

    id: str
    at: datetime
    fault: str
    number: int
    charge_id: str
    charge_url: str
    reason: str
    by: int | None
    is_bookable: bool
    is_settling: bool


@dataclass(frozen=True)
class OtherRow:
    """Stars that moved and are no payments: counted, in nanostars."""

    name: str
    count: int
    stars: float


@attention.source("reconciliation", Right.SEE)
def open_differences(request: Request, words: Language) -> Need:
    page = request.app.differences.listed(DifferenceState.OPEN, request.now, limit=TO_READ)
    return Need(words._("Differences to Telegram"), PATH, waiting(found.at for found in page.items))


@desk.get(PATH, Right.SEE)
def reconciliation(request: Request, operator: Operator) -> Response:
    """`state`: `open`, `explained`, `settled` or `mended`; `cursor` goes on in the list."""
    return _page(request, operator, NOTHING)


@desk.post(f"{PATH}/compare", Right.FINANCE)
def compare(request: Request, operator: Operator) -> Response:
    return carry_out(
        request,
        lambda: request.app.differences.compare_now(decision(request, operator)),
        name="compare",
        back=PATH,
        again=lambda refused: _page(request, operator, refused),
        done="comparing",
    )


@desk.post(f"{PATH}/<difference_id>/explain", Right.FINANCE, page=PATH)
def explain(request: Request, operator: Operator, difference_id: str) -> Response:
    return carry_out(
        request,
        lambda: request.app.differences.explain(difference_id, decision(request, operator)),
        name=difference_id,
        back=PATH,
        again=lambda refused: _page(request, operator, refused),
        done="difference-explained",
    )


@desk.post(f"{PATH}/<difference_id>/settle", Right.FINANCE, page=PATH)
def settle(request: Request, operator: Operator, difference_id: str) -> Response:
    """Book it as Telegram lists it. Telegram is asked before anything is on record."""
    try:
        return carry_out(
            request,
            lambda: request.app.difference_booking.settle(difference_id, decision(request, operator)),
            name=f"settle-{difference_id}",
            back=PATH,
            again=lambda refused: _page(request, operator, refused),
            done="difference-settled",
        )
    except TryLater:
        return with_note(redirect(PATH), "difference-later")


def _page(request: Request, operator: Operator, refused: Refused) -> Response:
    words, chosen, now = page_words(request), request.query.get("state", ""), request.now
    state = DifferenceState(chosen) if chosen in set(DifferenceState) else DifferenceState.OPEN
    page = request.app.differences.listed(state, now, cursor=request.query.get("cursor") or None)
    place = request.app.reconciled_places.find(now)
    return panel(
        request,
        operator,
        "admin/reconciliation.html",
        refused.status,
        place=place,
        bot_stars=request.app.own_stars.of_bot(),
        is_late=request.app.reconciling.is_late(now),
        others=[OtherRow(name, count, moved / 10**9) for name, (count, moved) in place.others.items()] if place else [],
        rows=[_row(found, words) for found in page.items],
        state=state.value,
        next_url=path_with(PATH, state=state.value, cursor=page.cursor) if page.cursor else "",
        refused=refused,
    )


def _row(found: Found, words: Language) -> DifferenceRow:
    charge_id = found.difference.charge_id
    url = payment_url(charge_id) if found.difference.fault in ("amount", "refund") and charge_id else ""
    if charge_id and found.state is DifferenceState.SETTLED:
        url = payment_url(charge_id)
    fault = fault_words(found.difference.fault, found.difference.kind, words)
    is_settling = found.state is DifferenceState.SETTLING
    told = found.difference.number, charge_id, url, found.reason, found.by
    return DifferenceRow(found.id, found.at, fault, *told, found.is_bookable, is_settling)
