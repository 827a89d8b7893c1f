"""The page of a bill: where it is paid, how it stands, and what follows once the money is there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from starbid.bill_words import how_it_stands
from starbid.domain.bills import Bill, BillState, ProviderFailed, paid_in_place
from starbid.domain.errors import Conflict, NotFound, StarbidError
from starbid.domain.money import Money
from starbid.domain.payments import Provider
from starbid.domain.unfinished import Act
from starbid.domain.wallet import Wallet
from starbid.i18n import Language
from starbid.services.ports import Contended
from starbid.wording import provider_name
from web.kernel.caching import is_known
from web.kernel.exceptions import NoSuchPage
from web.kernel.http import HTML, Request, Response, path_with, redirect
from web.kernel.routing import Router
from web.shared import amounts
from web.shared.acts import fields_of
from web.shared.context import UNPAID, page_context, page_words, show, with_note
from web.shared.first_steps import remembering
from web.shared.paying import PayPage, pay_page
from web.shared.refusals import as_refusal, message_of, status_of
from web.shared.rendering import render
from web.shared.steps import Note
from web.wallet.qr import qr_code
from web.wallet.topping_up import PAGE, bill_page, onward_of

router = Router()
_LOOKS = {BillState.REJECTED: ("", "close"), BillState.EXPIRED: ("warn", "clock"), BillState.RETURNED: ("", "info")}


@dataclass(frozen=True)
class BillView:
    """How a bill stands, for its owner. `tag` changes with whatever is shown of it.

    `pay_url` is empty where nothing is to be paid. `note`: what became of it; `again`: where to top up once more;
    `may_come`: its money may still. `arrived`: what was paid. `trouble`: what is said where the provider does not
    answer.
    """

    id: str
    provider: str
    in_telegram: bool
    pay_url: str
    is_open: bool
    is_made: bool
    until: datetime
    trouble: str
    note: Note | None
    again: str
    may_come: bool
    arrived: Money
    tag: str


@router.get("/topup/<bill_id>")
def show_bill(request: Request, bill_id: str) -> Response:
    """A page as it was last heard of; a part of it for htmx asks the provider, as often as that may be asked. 304 while
    nothing has changed.
    """
    user_id = request.visitor.require_user()
    if request.headers.get("hx-request"):
        answer = _part(request, *_asked(request, bill_id, user_id))
    else:
        answer = _page(request, _own(request, bill_id, user_id))
    return answer.with_headers(vary="HX-Request")


def _bill_again(request: Request, error: StarbidError, bill_id: str) -> Response:
    bill = _own(request, bill_id, request.visitor.require_user())
    return _page(request, bill, message_of(error, page_words(request)), status_of(error))


@router.post("/topup/<bill_id>/check", again=_bill_again)
def check(request: Request, bill_id: str) -> Response:
    """Asks the provider now; where nothing has come of it yet, the page says so."""
    user_id = request.visitor.require_user()
    try:
        bill = request.app.top_ups.check(bill_id, user_id, request.now)
    except (NotFound, ProviderFailed, Conflict, Contended) as error:
        return _refused(request, bill_id, user_id, error)
    back = _back_to(request, bill)
    return with_note(back, UNPAID) if bill.is_open else back


@router.post("/topup/<bill_id>/cancel", again=_bill_again)
def cancel(request: Request, bill_id: str) -> Response:
    """What was paid before counts all the same: then the page says that it has arrived."""
    user_id = request.visitor.require_user()
    try:
        bill = request.app.top_ups.cancel(bill_id, user_id, request.now)
    except (NotFound, Conflict, Contended) as error:
        return _refused(request, bill_id, user_id, error)
    return _back_to(request, bill)


def _own(request: Request, bill_id: str, user_id: int) -> Bill:
    """Raises NoSuchPage, for the bill of another person too."""
    try:
        return request.app.top_ups.bill(bill_id, user_id)
    except NotFound:
        raise NoSuchPage from None


def _asked(request: Request, bill_id: str, user_id: int) -> tuple[Bill, str]:
    """The bill as its provider has it, and what is said where that cannot be told at the moment."""
    try:
        return request.app.top_ups.check(bill_id, user_id, request.now), ""
    except (ProviderFailed, Conflict, Contended) as error:
        told, words = as_refusal(error), page_words(request)
        trouble = message_of(told, words) if isinstance(told, ProviderFailed) else ""
        return _own(request, bill_id, user_id), trouble
    except NotFound:
        raise NoSuchPage from None


def _refused(request: Request, bill_id: str, user_id: int, error: Exception) -> Response:
    bill, told, words = _own(request, bill_id, user_id), as_refusal(error), page_words(request)
    if request.wants_json:
        raise told
    text = message_of(told, words)
    if isinstance(told, Conflict):
        text = words._("The payment is just being booked. Look again in a moment.")
    return _page(request, bill, text, status_of(told))


def _back_to(request: Request, bill: Bill) -> Response:
    act = request.app.paying.act_of(bill.id, bill.user_id)
    return redirect(bill_page(request, bill, act, request.form.get("next")))


def _page(request: Request, bill: Bill, refusal: str = "", status: int = 200) -> Response:
    words = page_words(request)
    pay, view, wallet = _seen(request, bill, words)
    code = qr_code(view.pay_url, words._("The way to pay, as a QR code")) if view.pay_url else None
    return show(
        request, "wallet/bill.html", status, purses=(wallet,) if wallet else (), paid_in=bill.amount.currency, pay=pay,
        bill=view, available=wallet and wallet.available, code=code, refusal=refusal, oob=False,
    )  # fmt: skip


def _part(request: Request, bill: Bill, trouble: str) -> Response:
    words = page_words(request)
    pay, view, wallet = _seen(request, bill, words, trouble)
    headers = {"cache-control": "private, no-store", "etag": view.tag}
    if is_known(request, view.tag):
        return Response("", 304, headers=headers)
    purses, available = (wallet,) if wallet else (), wallet and wallet.available
    page = page_context(request, words, purses=purses, paid_in=bill.amount.currency)
    values = {"page": page, "pay": pay, "bill": view, "available": available, "code": None, "oob": True}
    answer = Response(render("wallet/bill_answer.html", words, **values), 200, HTML, headers)
    return remembering(request, answer, page.me, purses)


def _seen(request: Request, bill: Bill, words: Language, trouble: str = "") -> tuple[PayPage, BillView, Wallet | None]:
    """What both show: the order of the bill's money, the bill, and the wallet once it is there."""
    order = request.app.paying.order_of(bill.id, bill.user_id)
    assert order is not None, "a bill and its order are made in one transaction"
    is_paid = bill.state is BillState.PAID
    act = order.unfinished.act if order.unfinished else None
    given = request.query if request.is_read else request.typed
    pay = pay_page(order, is_paid, request.page(given.get("next"), onward_of(act)), words)
    view = _view(bill, act, pay, words, trouble)
    wallet = request.app.store.wallet(bill.user_id, view.arrived.currency, consistent=True) if is_paid else None
    return pay, view, wallet.after_offset() if wallet else None


def _view(bill: Bill, act: Act | None, pay: PayPage, words: Language, trouble: str) -> BillView:
    again = path_with(
        PAGE, amount=amounts.typed(bill.amount), provider=bill.provider.value, next=pay.back, **fields_of(act)
    )
    return BillView(
        id=bill.id,
        provider=provider_name(bill.provider),
        in_telegram=bill.provider is Provider.TELEGRAM,
        pay_url=bill.pay_url if bill.is_open and _is_web(bill.pay_url) else "",
        is_open=bill.is_open,
        is_made=bill.state is not BillState.CREATING,
        until=bill.expires_at,
        trouble=trouble,
        note=_told(bill, words),
        again=again,
        may_come=bill.look_at is not None,
        arrived=paid_in_place(bill) or bill.amount,
        tag=f'"{bill.version}{"t" if trouble else ""}"',
    )


def _is_web(address: str) -> bool:
    """A page: a provider's answer is not trusted with anything else."""
    return urlsplit(address).scheme in ("https", "http")


def _told(bill: Bill, words: Language) -> Note | None:
    """What has become of it, or what is odd about it; None where it just waits, or the money is there."""
    if bill.state is BillState.PAID or (bill.is_open and not bill.puzzled):
        return None
    title, _, text = how_it_stands(bill, words).partition("\n")
    return Note(*_LOOKS.get(bill.state, ("warn", "alert")), title, text)
