"""The wallet, buying Stars, and the subscription."""

from __future__ import annotations

import secrets
from typing import Any

from starbid.domain.errors import Blocked, InsufficientFunds, Invalid, StarbidError
from starbid.domain.limits import Deed
from starbid.domain.money import DEFAULT_CURRENCY, XTR, stars
from starbid.domain.typed_numbers import TypedAmount, typed_whole
from starbid.domain.wallet import with_default
from starbid.services.ports import Contended
from starbid.wording import field_fault, renewal
from web.kernel.exceptions import NoSuchPage
from web.kernel.http import Request, Response, html, local_path, path_with, redirect
from web.kernel.routing import Router
from web.shared.context import page_context, page_words, show, with_note
from web.shared.refusals import as_refusal, message_of, status_of
from web.shared.rendering import render
from web.wallet.view import balances, coming, holds, line, offset_of, spent

router = Router()
SHOWN_MOVEMENTS = 20
PRESETS = (50, 100, 250, 500, 1000, 2500)


@router.get("/wallet")
def wallet(request: Request) -> Response:
    """`currency` chooses whose movements are listed, `cursor` goes on in them. A debt is settled from what is there."""
    person, words, store = request.visitor.require_person(), page_words(request), request.app.store
    found = with_default(store.wallets(person.id), person.id)
    wallets = request.app.debts.offset_all(found, request.now)
    currency = request.query.get("currency", DEFAULT_CURRENCY)
    if currency not in {one.currency for one in wallets}:
        currency = DEFAULT_CURRENCY
    cursor = request.query.get("cursor") or None
    statement = request.app.statements.of(person.id, currency, request.now, limit=SHOWN_MOVEMENTS, cursor=cursor)
    more_url = path_with("/wallet", currency=currency, cursor=statement.cursor) if statement.cursor else None
    return show(
        request,
        "wallet/wallet.html",
        balances=balances(wallets, statement, person.id),
        offset=offset_of(found, wallets),
        holds=holds(request.app.browsing.bids_of(person.id, request.now).items),
        coming=coming(statement, request.app.settings.business.deal_times, words),
        spent=spent(statement),
        is_whole=statement.is_whole,
        movements=[line(moved, words) for moved in statement.movements],
        more_url=more_url,
    )


@router.get("/buy_stars")
def buy_stars(request: Request) -> Response:
    """`amount` may be filled in, `next` is where to go on to."""
    request.visitor.require_person()
    return _buy_form(request, request.query.get("amount", ""), request.query.get("next"))


@router.post("/buy_stars")
def order_stars(request: Request) -> Response:
    """Makes an invoice; the page leads to Telegram and watches for the payment."""
    user_id, words = request.visitor.require_user(), page_words(request)
    typed, target = request.form.get("amount", ""), request.form.get("next")
    try:
        amount = TypedAmount("amount", typed).minor_units(XTR)
        request.app.limits.require(Deed.INVOICE, user_id, request.now)
        order, payload = request.app.paying.order_stars(user_id, amount, request.now)
    except Invalid as error:
        return _buy_form(request, typed, target, field_fault(error, words), 422)
    except Blocked as error:
        return _buy_form(request, typed, target, message_of(error, words), status_of(error))
    _ = words._
    title = words.ngettext("{n} Star", "{n} Stars", amount)
    about = _("For your Starbid wallet. Stars you do not spend can be refunded as bought.")
    link = request.app.gateways[order.provider].invoice_link(order, title, about, payload)
    shown: dict[str, Any] = {"order_id": order.id, "amount": order.amount, "state": "open", "next": _next_of(target)}
    return show(request, "wallet/pay.html", link=link, **shown)


@router.get("/buy_stars/<order_id>")
def order_state(request: Request, order_id: str) -> Response:
    """Whether the payment has arrived: a part for htmx, a page without it."""
    user_id, words = request.visitor.require_user(), page_words(request)
    state = request.app.paying.order_state(order_id, user_id)
    amount = typed_whole(request.query.get("amount", ""))
    if state is None or amount is None:
        raise NoSuchPage
    target = _next_of(request.query.get("next"))
    shown: dict[str, Any] = {"order_id": order_id, "amount": stars(amount), "state": state, "next": target}
    if request.headers.get("hx-request"):
        page = page_context(request, words)
        return html(render("wallet/order_state.html", words, page=page, link=None, **shown))
    return show(request, "wallet/pay.html", link=None, **shown)


def _buy_form(request: Request, typed: str, target: str | None, fault: str = "", status: int = 200) -> Response:
    return show(
        request,
        "wallet/buy_stars.html",
        status,
        typed=typed.strip()[:40],
        fault=fault,
        next=_next_of(target),
        presets=[stars(amount) for amount in PRESETS],
        most=request.app.settings.business.largest_purchase,
    )


def _next_of(target: str | None) -> str:
    return local_path(target, "/wallet")


@router.get("/subscribe")
def subscription(request: Request) -> Response:
    request.visitor.require_person()
    return _subscription(request)


@router.post("/subscribe")
def subscribe(request: Request) -> Response:
    """`request_id` is paid once, however often the button is pressed."""
    user_id = request.visitor.require_user()
    request_id = request.form.get("request_id", "")[:64] or secrets.token_hex(16)
    try:
        request.app.people.subscribe(user_id, request_id, request.now)
    except (StarbidError, Contended) as error:
        return _subscription(request, error)
    return with_note(redirect(local_path(request.form.get("next"), "/subscribe")), "subscribed")


def _subscription(request: Request, error: Exception | None = None) -> Response:
    person, words = request.visitor.require_person(), page_words(request)
    price = request.app.settings.business.subscription
    wallet = request.app.store.wallet(person.id, price.currency, consistent=True).after_offset()
    told = as_refusal(error) if error else None
    return show(
        request,
        "wallet/subscribe.html",
        status_of(told) if told else 200,
        price=price,
        until=person.subscribed_until if person.may_sell(request.now) else None,
        renewal=renewal(person, words, request.now),
        missing=wallet.missing(price),
        request_id=secrets.token_hex(16),
        refusal="" if told is None or isinstance(told, InsufficientFunds) else message_of(told, words),
        fee=request.app.settings.business.fee_percent,
        next=local_path(request.form.get("next") if error else request.query.get("next"), "/subscribe"),
    )
