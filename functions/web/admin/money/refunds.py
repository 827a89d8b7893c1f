"""Refunds that people ask for, in the panel: those that wait, and the page on which one is decided about."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from starbid.domain.audit_trail import Decision, Operator
from starbid.domain.refund_requests import RefundRequest, RequestState
from starbid.domain.roles import Right
from starbid.i18n import Language
from starbid.receipt_words import paid_by, purpose
from starbid.refund_words import stands
from starbid.services.desk.attention import TO_READ, waiting
from web.admin import attention
from web.admin.acting import NOTHING, Refused, carry_out
from web.admin.attention import Need
from web.admin.desk import Desk, decision
from web.admin.money import payments_view as view
from web.admin.shell import panel
from web.kernel.http import Request, Response, path_with
from web.shared.context import page_words

desk = Desk()
PATH = "/admin/refunds"
SHOWN = 50
Decide = Callable[[int, str, Decision], RefundRequest]


@attention.source("refunds", Right.SEE)
def waiting_refunds(request: Request, words: Language) -> Need:
    found = request.app.refund_requests.waiting(request.now, TO_READ)
    return Need(words._("Refunds"), PATH, waiting(one.asked_at for one in found))


@desk.get(PATH, Right.SEE)
def refunds(request: Request, operator: Operator) -> Response:
    """Those that wait, the oldest first; `state`: `approved`, `refused` or `overtaken`, newest first, with `cursor`."""
    chosen = request.query.get("state", "")
    state = RequestState(chosen) if chosen in set(RequestState) else RequestState.OPEN
    requests, next_url = request.app.refund_requests, ""
    if state is RequestState.OPEN:
        found = tuple(requests.waiting(request.now, SHOWN))
    else:
        page = requests.decided(state, request.now, limit=SHOWN, cursor=request.query.get("cursor") or None)
        found = page.items
        next_url = path_with(PATH, state=state.value, cursor=page.cursor) if page.cursor else ""
    return panel(
        request, operator, "admin/refunds.html", rows=_rows(request, found), state=state.value, next_url=next_url
    )


@desk.get(f"{PATH}/<person_id>/<mark>", Right.SEE)
def refund(request: Request, operator: Operator, person_id: str, mark: str) -> Response:
    return _page(request, operator, person_id, mark, NOTHING)


@desk.post(f"{PATH}/<person_id>/<mark>/approve", Right.FINANCE)
def approve(request: Request, operator: Operator, person_id: str, mark: str) -> Response:
    """Where Telegram does not answer, the sweep finishes it."""
    return _act(
        request,
        operator,
        person_id,
        mark,
        "approve",
        request.app.refund_requests.approve,
        done="refunded",
        later="refund-under-way",
        stands=(RequestState.APPROVED, RequestState.OVERTAKEN),
        told=view.not_refunded,
    )


@desk.post(f"{PATH}/<person_id>/<mark>/refuse", Right.FINANCE)
def refuse(request: Request, operator: Operator, person_id: str, mark: str) -> Response:
    return _act(
        request,
        operator,
        person_id,
        mark,
        "refuse",
        request.app.refund_requests.refuse,
        done="refund-refused",
        stands=(RequestState.REFUSED,),
    )


def _act(
    request: Request, operator: Operator, person_id: str, mark: str, name: str, decide: Decide, **more: Any
) -> Response:
    payer = view.person_id(person_id)
    return carry_out(
        request,
        lambda: decide(payer, mark, decision(request, operator)),
        name=name,
        back=f"{PATH}/{person_id}/{mark}",
        again=lambda refused: _page(request, operator, person_id, mark, refused),
        **more,
    )


def _rows(request: Request, found: tuple[RefundRequest, ...]) -> list[view.PaymentRow]:
    """Each as it stands with its charge by now."""
    words, store = page_words(request), request.app.store
    if not found:
        return []
    people, charges = store.people({one.user_id for one in found}), store.charges(one.charge_id for one in found)
    return [
        view.PaymentRow(
            f"{PATH}/{one.user_id}/{one.mark}",
            one.asked_at,
            one.user_id,
            people[one.user_id].name if one.user_id in people else str(one.user_id),
            paid_by(charges[one.charge_id].provider, words),
            purpose(charges[one.charge_id].purpose, words),
            one.amount,
            stands(one, charges[one.charge_id], words),
            "",
        )
        for one in found
        if one.charge_id in charges
    ]


def _page(request: Request, operator: Operator, person_id: str, mark: str, refused: Refused) -> Response:
    payer, words, store = view.person_id(person_id), page_words(request), request.app.store
    review = request.app.refund_requests.review(payer, mark, request.now)
    asked, charge = review.request, review.charge
    decided_by = store.person(asked.decided_by) if asked.decided_by else None
    return panel(
        request,
        operator,
        "admin/refund.html",
        refused.status,
        asked=asked,
        charge=charge,
        person=store.person(payer),
        purpose=purpose(charge.purpose, words),
        state=stands(asked, charge, words),
        decided_by=decided_by.name if decided_by else asked.decided_by,
        why_not=view.why_not(review.obstacle, charge, words) if review.obstacle and asked.is_open else "",
        charge_url=view.payment_url(charge.id),
        url=f"{PATH}/{payer}/{mark}",
        refused=refused,
    )
