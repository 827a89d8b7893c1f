"""Payments in the panel: lists of charges and bills, and the page of each one."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from datetime import timedelta
from typing import Any

from starbid.domain.audit_trail import Operator
from starbid.domain.bills import UNPAID_ENDS, Bill, BillState, paid_in_place
from starbid.domain.errors import NotFound
from starbid.domain.payments import Charge, ChargeState, Provider
from starbid.domain.payouts import Payout
from starbid.domain.people import Person
from starbid.domain.roles import Right
from starbid.domain.wallet import with_default
from starbid.i18n import Language
from starbid.receipt_words import paid_by, purpose
from starbid.services.desk.attention import TO_READ, waiting
from starbid.services.ports import TryLater
from web.admin import attention
from web.admin.acting import NOTHING, Refused, carry_out
from web.admin.attention import Need
from web.admin.desk import Desk, decision
from web.admin.money import payments_view as view
from web.admin.shell import panel
from web.kernel.exceptions import NoSuchPage
from web.kernel.http import Request, Response, path_with, redirect
from web.shared.context import page_words

desk = Desk()
SHOWN = 50
A_MOMENT = timedelta(minutes=1)
"""A request counts by its arrival: what came in since belongs to the list."""
DIFFER, UNFINISHED = "differ", "unfinished"


@attention.source("bills", Right.SEE)
def differing_bills(request: Request, words: Language) -> Need:
    found = request.app.bill_review.queue(TO_READ)
    since = waiting(bill.ended_at or bill.created_at for bill in found)
    return Need(words._("Bills that differ from what was paid"), f"/admin/payments?state={DIFFER}", since)


@desk.get("/admin/payments", Right.SEE)
def payments(request: Request, operator: Operator) -> Response:
    """`q`: the id of a charge or bill, or of a person; `user_id`: all of a person, `balances=1` proves their wallets;
    `state`: `differ` or `unfinished`, or a state of the person's charges; `cursor` goes on in the list.
    """
    query, user_id = (request.query.get(name, "").strip() for name in ("q", "user_id"))
    state = request.query.get("state", "")
    if query:
        return _found(request, operator, query)
    if user_id:
        return _of_person(request, operator, user_id)
    if state not in (DIFFER, UNFINISHED):
        return _newest(request, operator)
    return _list(request, operator, _waiting(request, state), state=state)


@desk.get("/admin/payments/<payment_id>", Right.SEE)
def payment(request: Request, operator: Operator, payment_id: str) -> Response:
    """`listed=1` asks Telegram what it lists of a charge."""
    return _page(request, operator, payment_id, NOTHING)


@desk.post("/admin/payments/<payment_id>/refund", Right.FINANCE)
def refund(request: Request, operator: Operator, payment_id: str) -> Response:
    return _act(
        request,
        operator,
        payment_id,
        "refund",
        lambda: request.app.charge_review.refund(payment_id, decision(request, operator)),
        done="refunded",
        later="refund-under-way",
        told=view.not_refunded,
    )


@desk.post("/admin/payments/<payment_id>/grant", Right.FINANCE)
def grant(request: Request, operator: Operator, payment_id: str) -> Response:
    """The pack of answers that was paid for and not granted."""

    def act() -> None:
        charge = request.app.charge_review.find(payment_id)
        if not isinstance(charge, Charge) or not charge.order_id:
            raise NotFound
        request.app.buying.complete(charge.order_id, decision(request, operator))

    return _act(request, operator, payment_id, "grant", act, done="pack-granted")


@desk.post("/admin/payments/<payment_id>/ask", Right.FINANCE)
def ask(request: Request, operator: Operator, payment_id: str) -> Response:
    """Ask the provider of a bill."""
    return _act(
        request,
        operator,
        payment_id,
        "ask",
        lambda: request.app.bill_review.ask_again(payment_id, decision(request, operator)),
        done="bill-asked",
    )


@desk.post("/admin/payments/<payment_id>/credit", Right.FINANCE)
def credit(request: Request, operator: Operator, payment_id: str) -> Response:
    return _act(
        request,
        operator,
        payment_id,
        "credit",
        lambda: request.app.bill_review.credit(payment_id, decision(request, operator)),
        done="bill-credited",
        stands=(BillState.PAID,),
    )


@desk.post("/admin/payments/<payment_id>/returned", Right.FINANCE)
def returned(request: Request, operator: Operator, payment_id: str) -> Response:
    return _act(
        request,
        operator,
        payment_id,
        "returned",
        lambda: request.app.bill_review.mark_returned(payment_id, decision(request, operator)),
        done="bill-returned",
        stands=(BillState.RETURNED,),
    )


@desk.post("/admin/payments/<payment_id>/charged-back", Right.FINANCE)
def charged_back(request: Request, operator: Operator, payment_id: str) -> Response:
    return _act(
        request,
        operator,
        payment_id,
        "back",
        lambda: request.app.bill_review.charge_back(payment_id, decision(request, operator)),
        done="charged-back",
    )


def _act(request: Request, operator: Operator, payment_id: str, name: str, act: Any, **more: Any) -> Response:
    return carry_out(
        request,
        act,
        name=name,
        back=view.payment_url(payment_id),
        again=lambda refused: _page(request, operator, payment_id, refused),
        **more,
    )


def _found(request: Request, operator: Operator, query: str) -> Response:
    with suppress(NotFound):
        return redirect(view.payment_url(_known(request, query[:200])))
    with suppress(NoSuchPage):
        if request.app.store.person(view.person_id(query)):
            return redirect(path_with("/admin/payments", user_id=query))
    return _list(request, operator, [], q=query)


def _known(request: Request, payment_id: str) -> str:
    found = request.app.charge_review.find(payment_id)
    return found.id


def _waiting(request: Request, state: str) -> list[view.PaymentRow]:
    """The oldest first."""
    if state == DIFFER:
        found: list[Charge | Bill] = list(request.app.bill_review.queue(SHOWN))
    else:
        found = list(request.app.charge_review.unfinished(request.now, SHOWN))
    return view.rows(found, _people(request, found), page_words(request))


def _newest(request: Request, operator: Operator) -> Response:
    """Charges and payouts of all people by time; bills are in no such list before they are paid."""
    cursor = request.query.get("cursor") or None
    page = request.app.store.payments_by_time(None, request.now + A_MOMENT, limit=SHOWN, cursor=cursor)
    rows = view.rows(page.items, _people(request, page.items), page_words(request))
    next_url = path_with("/admin/payments", cursor=page.cursor) if page.cursor else ""
    return _list(request, operator, rows, next_url=next_url)


def _of_person(request: Request, operator: Operator, typed: str) -> Response:
    user_id, words, store = view.person_id(typed), page_words(request), request.app.store
    person, state = store.person(user_id), request.query.get("state", "")
    if person is None:
        raise NoSuchPage
    charges = [one for one in store.charges_of(user_id) if not state or one.state == state]
    bills = store.bills_of(user_id, limit=SHOWN, cursor=request.query.get("cursor") or None)
    more = {"user_id": typed, "cursor": bills.cursor} if bills.cursor else None
    people = {user_id: person}
    return panel(
        request,
        operator,
        "admin/payments_of_person.html",
        person=person,
        state=state,
        wallets=with_default(store.wallets(user_id), user_id),
        charges=view.rows(charges, people, words),
        bills=view.rows(bills.items, people, words),
        proofs=request.app.proving.of(user_id) if request.query.get("balances") else (),
        next_url=path_with("/admin/payments", **more) if more else "",
    )


def _list(
    request: Request, operator: Operator, rows: list[view.PaymentRow], state: str = "", q: str = "", next_url: str = ""
) -> Response:
    is_first = not (q or state or request.query.get("cursor"))
    return panel(
        request,
        operator,
        "admin/payments.html",
        404 if q else 200,
        rows=rows,
        state=state,
        typed=q,
        shows_bot_stars=is_first,
        bot_stars=request.app.own_stars.of_bot() if is_first else None,
        is_later_page=bool(request.query.get("cursor")),
        next_url=next_url,
    )


def _page(request: Request, operator: Operator, payment_id: str, refused: Refused) -> Response:
    found = request.app.charge_review.find(payment_id)
    if isinstance(found, Bill):
        return _bill_page(request, operator, found, refused)
    return _charge_page(request, operator, found, refused)


def _charge_page(request: Request, operator: Operator, charge: Charge, refused: Refused) -> Response:
    words, review = page_words(request), request.app.charge_review
    story = review.story(charge, request.now)
    listed, listed_fault = None, ""
    if request.query.get("listed") and charge.provider is Provider.STARS:
        try:
            listed = view.listed_rows(review.listed(charge), words)
        except TryLater:
            listed_fault = words._("Telegram gave no answer. Try again in a moment.")
    return panel(
        request,
        operator,
        "admin/charge.html",
        refused.status,
        charge=charge,
        person=request.app.store.person(charge.user_id),
        provider=paid_by(charge.provider, words),
        purpose=purpose(charge.purpose, words),
        state=view.charge_state(charge.state, words),
        why_not=view.why_not(story.obstacle, charge, words) if story.obstacle else "",
        may_refund=story.obstacle is None or charge.state is ChargeState.REFUNDING,
        transfers=view.transfer_rows(story.transfers, words),
        bill=story.bill,
        ungranted=request.app.buying.ungranted(charge),
        url=view.payment_url(charge.id),
        listed=listed,
        listed_fault=listed_fault,
        refused=refused,
    )


def _bill_page(request: Request, operator: Operator, bill: Bill, refused: Refused) -> Response:
    words = page_words(request)
    is_taken_back = request.app.bill_review.is_taken_back(bill)
    charge = request.app.store.charge(bill.charge_id) if bill.charge_id else None
    transfers = request.app.charge_review.story(charge, request.now).transfers if charge else ()
    paid = paid_in_place(bill) if bill.state is BillState.DIFFERENT else None
    is_asked = bill.provider is not Provider.TELEGRAM and (bill.is_open or bill.state in UNPAID_ENDS)
    return panel(
        request,
        operator,
        "admin/bill.html",
        refused.status,
        bill=bill,
        person=request.app.store.person(bill.user_id),
        provider=paid_by(bill.provider, words),
        state=view.bill_state(bill, words),
        is_taken_back=is_taken_back,
        is_asked=is_asked,
        paid=paid,
        differs=bill.state is BillState.DIFFERENT,
        may_charge_back=bill.state is BillState.PAID and not is_taken_back,
        transfers=view.transfer_rows(transfers, words),
        url=view.payment_url(bill.id),
        refused=refused,
    )


def _people(request: Request, found: Iterable[Charge | Bill | Payout]) -> dict[int, Person]:
    return request.app.store.people({one.user_id for one in found})
