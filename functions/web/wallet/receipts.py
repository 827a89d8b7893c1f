"""Receipts of a person's payments, and asking for one back. Blocked people may come here too."""

from __future__ import annotations

from dataclasses import dataclass

from starbid.domain.errors import Invalid, StarbidError
from starbid.domain.payments import Charge, ChargeState
from starbid.domain.refund_requests import REASON_LENGTH, mark_of
from starbid.field_words import field_fault
from starbid.i18n import Language
from starbid.receipt_words import paid_by, purpose, state
from starbid.refund_words import stands
from starbid.services.stamping import moment, stamp
from web.kernel.exceptions import NoSuchPage
from web.kernel.http import Request, Response, path_with, redirect
from web.kernel.routing import Router
from web.shared.context import page_words, show, with_note
from web.shared.refusals import as_refusal, message_of, status_of

router = Router()
PATH = "/wallet/payments"
SHOWN = 20
_LONGEST = 13


@dataclass(frozen=True)
class Line:
    """A payment in the list."""

    url: str
    charge: Charge
    what: str
    state: str


@router.get(PATH)
def payments(request: Request) -> Response:
    """Newest first; `cursor` goes on in the list."""
    user_id, words = request.visitor.require_user(), page_words(request)
    page = request.app.store.payments_of(user_id, limit=SHOWN, cursor=request.query.get("cursor") or None)
    return show(
        request,
        "wallet/payments.html",
        payments=[_line(charge, words) for charge in page.items],
        more_url=path_with(PATH, cursor=page.cursor) if page.cursor else None,
    )


@router.get(f"{PATH}/<receipt>")
def receipt(request: Request, receipt: str) -> Response:
    return _page(request, receipt)


def _again(request: Request, error: StarbidError) -> Response:
    return _page(request, request.path.split("/")[3], error)


@router.post(f"{PATH}/<receipt>/refund", again=_again)
def ask_back(request: Request, receipt: str) -> Response:
    """`reason`: an operator reads it and decides. One request for each payment, however often it is sent."""
    charge = _charge(request, receipt)
    try:
        request.app.refund_requests.ask(charge, request.form.get("reason", ""), request.now)
    except StarbidError as error:
        return _page(request, receipt, error)
    return with_note(redirect(f"{PATH}/{receipt}"), "refund-asked")


def _page(request: Request, receipt: str, error: Exception | None = None) -> Response:
    charge, words = _charge(request, receipt), page_words(request)
    told = as_refusal(error) if error else None
    if told and request.wants_json:
        raise told
    asked = request.app.refund_requests.find(charge.user_id, mark_of(charge.id), request.now)
    return show(
        request,
        "wallet/receipt.html",
        status_of(told) if told else 200,
        charge=charge,
        what=purpose(charge.purpose, words),
        provider=paid_by(charge.provider, words),
        state=state(charge, words),
        refund=stands(asked, charge, words) if asked else "",
        why_not="" if asked else _why_not(request, charge, words),
        typed=request.typed.get("reason", "")[: 2 * REASON_LENGTH] if told else "",
        fault=field_fault(told, words) if isinstance(told, Invalid) else "",
        note=message_of(told, words) if told and not isinstance(told, Invalid) else "",
        most=REASON_LENGTH,
        url=f"{PATH}/{receipt}",
    )


def _why_not(request: Request, charge: Charge, words: Language) -> str:
    """Why it cannot be asked back now; empty where it can."""
    if charge.state is not ChargeState.CREDITED:
        return state(charge, words)
    obstacle = request.app.refunding.obstacle(charge, request.now)
    return message_of(obstacle, words) if obstacle else ""


def _line(charge: Charge, words: Language) -> Line:
    url = f"{PATH}/{stamp(charge.paid_at)}-{mark_of(charge.id)}"
    return Line(url, charge, purpose(charge.purpose, words), state(charge, words))


def _charge(request: Request, receipt: str) -> Charge:
    """The person's payment of that moment and mark. Raises NoSuchPage."""
    user_id = request.visitor.require_user()
    paid, _, mark = receipt.partition("-")
    if not (paid.isascii() and paid.isdigit() and len(paid) <= _LONGEST):
        raise NoSuchPage
    charge = request.app.refund_requests.payment_at(user_id, moment(paid), mark)
    if charge is None:
        raise NoSuchPage
    return charge
