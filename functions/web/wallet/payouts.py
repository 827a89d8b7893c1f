"""Payouts: what can be paid out, asking for it, and what became of it. Blocked people may come here too."""

from __future__ import annotations

import secrets
from collections.abc import Mapping

from starbid.domain.errors import Invalid, StarbidError
from starbid.domain.limits import Deed
from starbid.domain.money import CURRENCIES, DEFAULT_CURRENCY
from starbid.domain.payout_errors import NotPayable
from starbid.domain.payouts import DETAILS_LENGTH, Wish, leaves_as_gift, read_wish
from starbid.domain.typed_numbers import TypedAmount
from starbid.domain.wallet import with_default
from starbid.field_words import field_fault
from starbid.i18n import Language
from starbid.services.ports import Contended
from web.kernel.http import Request, Response, path_with, redirect
from web.kernel.routing import Router
from web.shared.amounts import typed
from web.shared.context import page_words, show, with_note
from web.shared.names import currency_name
from web.shared.refusals import as_refusal, message_of, status_of
from web.wallet.payout_view import gifts, line, what_for

router = Router()
SHOWN = 20
_FIELDS = ("currency", "amount", "method", "details")
_LONGEST = 2 * DETAILS_LENGTH
_UNKEPT = "private, no-store"
"""No browser keeps where the money goes."""


@router.get("/wallet/payout")
def payouts(request: Request) -> Response:
    """`currency` chooses the wallet, `cursor` goes on in the list."""
    request.visitor.require_person()
    return _page(request, request.query)


def _again(request: Request, error: StarbidError) -> Response:
    return _page(request, request.typed, error)


@router.post("/wallet/payout", again=_again)
def ask(request: Request) -> Response:
    """With `review` what was typed is shown once more, to be confirmed; without it the money leaves the wallet.
    `request_id` is one payout, however often the button is pressed.
    """
    user_id, form = request.visitor.require_user(), request.form
    try:
        wish = _wish(form)
        if "review" in form:
            return _review(request, user_id, wish)
        request.app.limits.require(Deed.PAYOUT, user_id, request.now)
        request_id = form.get("request_id", "")[:64] or secrets.token_hex(16)
        request.app.payouts.request(user_id, wish, request_id, request.now)
    except (StarbidError, Contended) as error:
        return _page(request, form, error)
    return with_note(redirect(path_with("/wallet/payout", currency=wish.amount.currency)), "payout-asked")


@router.post("/wallet/payout/<payout_id>/cancel")
def cancel(request: Request, payout_id: str) -> Response:
    """Until an operator has approved it."""
    payout = request.app.payouts.cancel(request.visitor.require_user(), payout_id, request.now)
    return with_note(redirect(path_with("/wallet/payout", currency=payout.amount.currency)), "payout-cancelled")


def _wish(form: Mapping[str, str]) -> Wish:
    """Raises Invalid."""
    currency, amount = form.get("currency", DEFAULT_CURRENCY), TypedAmount("amount", form.get("amount", ""))
    method, details = (form.get(name, "")[:_LONGEST] for name in ("method", "details"))
    if currency not in CURRENCIES:
        raise Invalid("currency", "choice")
    return read_wish(currency, amount.minor_units(currency), method, details)


def _review(request: Request, user_id: int, wish: Wish) -> Response:
    """Raises NotPayable."""
    payable = request.app.payouts.payable(user_id, wish.amount.currency, request.now)
    if wish.amount > payable.now:
        raise NotPayable(payable.now)
    fields = {
        "currency": wish.amount.currency,
        "amount": typed(wish.amount),
        "method": wish.method.value,
        "details": wish.details,
        "request_id": secrets.token_hex(16),
    }
    what = what_for(wish, page_words(request))
    back = path_with("/wallet/payout", currency=wish.amount.currency)
    page = show(request, "wallet/payout_review.html", wish=wish, what=what, fields=fields, back=back)
    return page.with_headers(cache_control=_UNKEPT)


def _page(request: Request, given: Mapping[str, str], error: Exception | None = None) -> Response:
    """`given`: what was typed, or the query."""
    user_id, words = request.visitor.require_user(), page_words(request)
    told = as_refusal(error) if error else None
    if told and request.wants_json:
        raise told
    wallets = with_default(request.app.store.wallets(user_id), user_id)
    codes = [wallet.currency for wallet in wallets]
    currency = given["currency"] if given.get("currency") in codes else codes[0]
    payable = request.app.payouts.payable(user_id, currency, request.now)
    cursor = request.query.get("cursor") or None
    page = request.app.payouts.all_of(user_id, limit=SHOWN, cursor=cursor)
    more = path_with("/wallet/payout", currency=currency, cursor=page.cursor) if page.cursor else None
    note, faults = _faults(told, bool(payable.now) and not leaves_as_gift(currency), words)
    shown = show(
        request,
        "wallet/payout.html",
        status_of(told) if told else 200,
        tabs=[(code, currency_name(code, words)) for code in codes],
        currency=currency,
        payable=payable,
        hold_days=request.app.settings.business.payout_hold_days,
        gifts=gifts(currency, payable, words),
        typed={name: given.get(name, "")[:_LONGEST] for name in _FIELDS},
        note=note,
        faults={"amount": "", "details": ""} | faults,
        payouts=[line(payout, words) for payout in page.items],
        more_url=more,
    )
    return shown.with_headers(cache_control=_UNKEPT)


def _faults(told: StarbidError | None, has_fields: bool, words: Language) -> tuple[str, dict[str, str]]:
    """What is said above the page, and what beside a field, where it has that."""
    match told:
        case None:
            return "", {}
        case Invalid(field=field) if has_fields and field in ("amount", "details"):
            return "", {field: field_fault(told, words)}
        case NotPayable() if has_fields:
            return "", {"amount": message_of(told, words)}
        case Invalid():
            return field_fault(told, words), {}
        case _:
            return message_of(told, words), {}
