"""Payouts in the panel: those that wait, and the page on which one is decided about."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any

from starbid.domain.audit_trail import Decision, Operator
from starbid.domain.errors import Conflict, InDebt, StarbidError
from starbid.domain.payouts import OPEN_STATES, Payout, PayoutState
from starbid.domain.roles import Right
from starbid.i18n import Language
from starbid.payout_words import method_name, stands
from starbid.services.desk.attention import TO_READ, waiting
from starbid.services.ports import TryLater, Unavailable
from web.admin import attention
from web.admin.acting import NOTHING, Refused, carry_out
from web.admin.attention import Need
from web.admin.desk import Desk, decision
from web.admin.money import payments_view as view
from web.admin.money.payments import A_MOMENT
from web.admin.shell import panel
from web.kernel.http import Request, Response, path_with
from web.shared.context import page_words
from web.shared.refusals import message_of

desk = Desk()
SHOWN = 50
READ = 200
"""Payouts stand in one list with all payments: so many of both make a page, which may be short."""
ALL = "all"
LETS_GO = (PayoutState.APPROVED, PayoutState.SENDING, PayoutState.PAID)


@attention.source("payouts", Right.SEE)
def waiting_payouts(request: Request, words: Language) -> Need:
    found = request.app.payout_review.waiting(request.now, TO_READ)
    return Need(words._("Payouts"), "/admin/payouts", waiting(payout.created_at for payout in found))


@desk.get("/admin/payouts", Right.SEE)
def payouts(request: Request, operator: Operator) -> Response:
    """Those that wait for an operator, the oldest first; `user_id`: all of a person; `state=all`: of everybody; both
    newest first.
    """
    typed, words, store = request.query.get("user_id", "").strip(), page_words(request), request.app.store
    next_url, state, cursor = "", request.query.get("state", ""), request.query.get("cursor") or None
    if typed:
        page = store.payouts_of(view.person_id(typed), limit=SHOWN, cursor=cursor)
        found = list(page.items)
        next_url = path_with("/admin/payouts", user_id=typed, cursor=page.cursor) if page.cursor else ""
    elif state == ALL:
        payments = store.payments_by_time(None, request.now + A_MOMENT, limit=READ, cursor=cursor)
        found = [one for one in payments.items if isinstance(one, Payout)]
        next_url = path_with("/admin/payouts", state=ALL, cursor=payments.cursor) if payments.cursor else ""
    else:
        found = request.app.payout_review.waiting(request.now, SHOWN)
    people = store.people({payout.user_id for payout in found}) if found else {}
    rows = view.rows(found, people, words)
    return panel(request, operator, "admin/payouts.html", rows=rows, typed=typed, state=state, next_url=next_url)


@desk.get("/admin/payouts/<payout_id>", Right.SEE)
def payout(request: Request, operator: Operator, payout_id: str) -> Response:
    return _page(request, operator, payout_id, NOTHING)


@desk.post("/admin/payouts/<payout_id>/approve", Right.FINANCE)
def approve(request: Request, operator: Operator, payout_id: str) -> Response:
    """A gift goes at once; where Telegram does not answer, the sweep sends it."""

    def act(decided: Decision) -> Payout:
        approved = request.app.payouts.approve(payout_id, decided)
        if approved.gift:
            with suppress(TryLater, Unavailable, Conflict):
                request.app.gifts.send(approved.id, request.now)
        return approved

    return _act(request, operator, payout_id, "approve", act, done="payout-approved", stands=LETS_GO)


@desk.post("/admin/payouts/<payout_id>/begin", Right.FINANCE)
def begin(request: Request, operator: Operator, payout_id: str) -> Response:
    pays = request.app.payouts.begin
    return _act(
        request,
        operator,
        payout_id,
        "begin",
        lambda decided: pays(payout_id, decided),
        done="payout-begun",
        stands=LETS_GO[1:],
    )


@desk.post("/admin/payouts/<payout_id>/paid", Right.FINANCE)
def paid(request: Request, operator: Operator, payout_id: str) -> Response:
    marks = request.app.payouts.mark_paid
    return _act(
        request,
        operator,
        payout_id,
        "paid",
        lambda decided: marks(payout_id, decided),
        done="payout-paid",
        stands=LETS_GO[2:],
    )


@desk.post("/admin/payouts/<payout_id>/refuse", Right.FINANCE)
def refuse(request: Request, operator: Operator, payout_id: str) -> Response:
    refuses = request.app.payouts.refuse
    return _act(
        request,
        operator,
        payout_id,
        "refuse",
        lambda decided: refuses(payout_id, decided),
        done="payout-refused",
        stands=(PayoutState.REFUSED,),
    )


def _act(
    request: Request, operator: Operator, payout_id: str, name: str, act: Callable[[Decision], Payout], **more: Any
) -> Response:
    return carry_out(
        request,
        lambda: act(decision(request, operator)),
        name=name,
        back=f"/admin/payouts/{payout_id}",
        again=lambda refused: _page(request, operator, payout_id, refused),
        told=_told,
        **more,
    )


def _told(error: StarbidError, words: Language) -> str:
    if isinstance(error, InDebt):
        return words._("The person owes {owed}: the payout went back.", owed=words.money(error.owed))
    return message_of(error, words)


def _page(request: Request, operator: Operator, payout_id: str, refused: Refused) -> Response:
    """Where the money goes is shown to those who pay it."""
    review, words = request.app.payout_review.of(payout_id), page_words(request)
    payout = review.payout
    store = request.app.store
    decided_by = store.person(payout.decided_by) if payout.decided_by else None
    is_gift = payout.gift is not None
    return panel(
        request,
        operator,
        "admin/payout.html",
        refused.status,
        payout=payout,
        person=store.person(payout.user_id),
        method=method_name(payout.method, words),
        state=stands(payout, words),
        details=payout.details if operator.role.has(Right.FINANCE) else "",
        is_hidden=bool(payout.details) and not operator.role.has(Right.FINANCE),
        decided_by=decided_by.name if decided_by else payout.decided_by,
        review=review,
        is_own=payout.user_id == operator.id,
        may_approve=payout.state is PayoutState.REQUESTED,
        may_begin=payout.state is PayoutState.APPROVED and not is_gift,
        may_pay=payout.state is PayoutState.SENDING and not is_gift,
        may_refuse=payout.state in OPEN_STATES and not (is_gift and payout.state is PayoutState.SENDING),
        is_gift=is_gift,
        url=f"/admin/payouts/{payout.id}",
        refused=refused,
    )
