"""The wallet, buying Stars, and the subscription."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime, tzinfo

from starbid.domain.bills import Bill
from starbid.domain.errors import Blocked, InsufficientFunds, Invalid, StarbidError
from starbid.domain.money import XTR, stars
from starbid.domain.payments import Order
from starbid.domain.renewals import choice
from starbid.domain.typed_numbers import TypedAmount
from starbid.domain.unfinished import SubscribeAct, lot_of
from starbid.domain.wallet import Wallet, with_default
from starbid.field_words import field_fault
from starbid.i18n import Language
from starbid.services.ports import Contended
from starbid.services.statements import History, Statement
from starbid.top_up_words import money_stays, money_step_label, what_follows
from starbid.wording import renewal
from web.kernel.exceptions import LoginRequired, NoSuchPage
from web.kernel.http import Request, Response, html, redirect
from web.kernel.routing import Router
from web.shared.acts import fields_of
from web.shared.context import page_context, page_words, show, with_note
from web.shared.paying import ask_for, pay_page, show_invoice
from web.shared.refusals import as_refusal, message_of, status_of
from web.shared.rendering import render
from web.shared.steps import money_step
from web.wallet.activity import PERIODS, Asked, address, asked_for, periods, sorts, tabs
from web.wallet.balance_chart import BalanceCard, balance_card
from web.wallet.step import act_in, act_shown, is_settled, linked, lot_shown, step_again
from web.wallet.view import balances, coming, holds, line, main_currency, offset_of, spent, ways_in, with_offered

router = Router()
SHOWN_MOVEMENTS = 20
PRESETS = (50, 100, 250, 500, 1000, 2500)


@router.get("/wallet")
def wallet(request: Request) -> Response:
    """`currency`, `sort` and `days` choose which movements are listed, `cursor` goes on in them. A debt is settled from
    what is there.
    """
    person, words, store = request.visitor.require_person(), page_words(request), request.app.store
    used = store.wallets(person.id)
    found = with_default(used, person.id)
    wallets = request.app.debts.offset_all(found, request.now)
    currency = request.query.get("currency", "")
    if currency not in {one.currency for one in wallets}:
        currency = main_currency(used)
    asked = asked_for(request.query, currency, is_only=len(wallets) < 2)
    statement, is_first = _statement(request, person.id, asked, words.zone)
    history = statement.histories[currency]
    own = next((one for one in wallets if one.currency == currency), Wallet.empty(person.id, currency))
    business = request.app.settings.business
    open_wallets = with_offered(wallets, business, person.id)
    return show(
        request,
        "wallet/wallet.html",
        purses=wallets,
        balances=balances(open_wallets, statement, person.id),
        ways_in=ways_in(open_wallets, business, words),
        bills=_open_bills(request, person.id),
        offset=offset_of(found, wallets),
        holds=holds(request.app.browsing.bids_of(person.id, request.now).items),
        coming=coming(statement, request.app.settings.business.deal_times, words),
        spent=spent(statement),
        is_whole=statement.is_whole,
        tabs=tabs(wallets, asked, words),
        sorts=sorts(asked, words),
        periods=periods(asked, words),
        is_filtered=asked.is_filtered,
        movements=[line(moved, words) for moved in history.movements],
        more_url=address(asked, cursor=history.cursor) if history.cursor else None,
        chart=_chart(request, own, person.joined_at, asked, history, words) if is_first else None,
    )


def _statement(request: Request, person_id: int, asked: Asked, zone: tzinfo) -> tuple[Statement, bool]:
    """What is asked for, and whether it is the beginning of its list: there it begins again where a cursor is none of
    this list, or is of a day that the period has left behind.
    """
    cursor, read = request.query.get("cursor") or None, request.app.statements.of
    wanted = asked.wanted(zone, request.now)
    try:
        return read(
            person_id, [asked.currency], request.now, limit=SHOWN_MOVEMENTS, cursor=cursor, wanted=wanted
        ), cursor is None
    except Invalid:
        return read(person_id, [asked.currency], request.now, limit=SHOWN_MOVEMENTS, wanted=wanted), True


def _chart(
    request: Request, wallet: Wallet, joined_at: datetime, asked: Asked, listed: History, words: Language
) -> BalanceCard | None:
    """Nothing is read where the movements that are `listed` are all there are to know."""
    is_whole = asked.sort is None and listed.cursor is None
    moved = [movement.transfer for movement in listed.movements] if is_whole else None
    length = asked.days or PERIODS[0]
    history = request.app.balance_history.of(wallet, length, joined_at, words.zone, request.now, moved)
    return balance_card(history, wallet.currency, words)


def _open_bills(request: Request, user_id: int) -> tuple[Bill, ...]:
    """Those that wait for their money, where there can be any."""
    if not request.app.top_ups.offered:
        return ()
    return tuple(bill for bill in request.app.top_ups.bills_of(user_id).items if bill.is_open)


@router.get("/buy_stars")
def buy_stars(request: Request) -> Response:
    """`amount` may be filled in, `next` is where to go on to; the fields of an act, what is done with the money. A link
    may be anybody's: it confirms no unusual bid.
    """
    request.visitor.require_person()
    given = linked(request)
    return _buy_form(request, given, given.get("amount", ""))


def _amount_again(request: Request, error: StarbidError) -> Response:
    typed, words = request.typed.get("amount", "").strip()[:20], page_words(request)
    return _buy_form(request, request.typed, typed, message_of(error, words), status_of(error))


@router.post("/buy_stars", again=_amount_again)
def order_stars(request: Request) -> Response:
    """Makes an invoice; the page leads to Telegram and watches for the payment."""
    if request.visitor.user_id is None:
        raise LoginRequired(step_again(request, "/buy_stars"))
    user_id, words = request.visitor.require_user(), page_words(request)
    typed = request.form.get("amount", "")
    try:
        amount, act = TypedAmount("amount", typed).minor_units(XTR), act_in(request.form, XTR)
        lot = lot_of(act) if act else None
        if act and lot and is_settled(request, user_id, act):
            return redirect(f"/auction/{lot}")
        order, link = ask_for(request, user_id, amount, act)
    except (Invalid, Blocked) as error:
        if request.wants_json:
            raise
        fault = field_fault(error, words) if isinstance(error, Invalid) else message_of(error, words)
        return _buy_form(request, request.form, typed, fault, status_of(error))
    return show_invoice(request, order, link, request.page(request.form.get("next"), "/wallet"))


@router.get("/buy_stars/<order_id>")
def order_state(request: Request, order_id: str) -> Response:
    """Whether the payment has arrived: a part for htmx, with the balance and without the invoice then; a page without
    it.
    """
    user_id, words = request.visitor.require_user(), page_words(request)
    order, state = request.app.paying.order_of(order_id, user_id), request.app.paying.order_state(order_id, user_id)
    if order is None or state is None:
        raise NoSuchPage
    is_paid = state == "credited"
    back, is_direct = request.page(request.query.get("next"), "/wallet"), is_paid and _is_direct(request, order)
    pay = pay_page(order, is_paid, back, words, is_direct=is_direct)
    wallet = request.app.store.wallet(user_id, order.amount.currency, consistent=True) if is_paid else None
    if request.headers.get("hx-request"):
        page = page_context(request, words, wallet, paid_in=XTR)
        answer = html(render("wallet/order_answer.html", words, page=page, link=None, pay=pay, oob=True))
    else:
        answer = show(request, "wallet/pay.html", wallet=wallet, paid_in=XTR, link=None, pay=pay, oob=False)
    return answer.with_headers(vary="HX-Request")


def _is_direct(request: Request, order: Order) -> bool:
    """Whether the payment of an order has bought a thing; else its money is in the wallet."""
    if not order.purpose.is_direct:
        return False
    charge_id = request.app.store.first_charge(order.id)
    charge = request.app.store.charge(charge_id) if charge_id else None
    return charge is not None and charge.purpose.is_direct


def _buy_form(request: Request, given: Mapping[str, str], typed: str, fault: str = "", status: int = 200) -> Response:
    words, act = page_words(request), act_shown(given, XTR)
    return show(
        request,
        "wallet/buy_stars.html",
        status,
        paid_in=XTR,
        typed=typed.strip()[:40],
        fault=fault,
        fields={**fields_of(act), "next": request.page(given.get("next"), "/wallet")},
        heading=money_step_label(act, words),
        follows=what_follows(act, words) if act else "",
        lot=lot_shown(request, act),
        presets=[stars(amount) for amount in PRESETS],
    )


@router.get("/subscribe")
def subscription(request: Request) -> Response:
    request.visitor.require_person()
    return _subscription(request)


def _subscription_again(request: Request, error: StarbidError) -> Response:
    return _subscription(request, error)


@router.post("/subscribe", again=_subscription_again)
def subscribe(request: Request) -> Response:
    """`request_id` is paid once, however often the button is pressed."""
    user_id = request.visitor.require_user()
    request_id = request.form.get("request_id", "")[:64] or secrets.token_hex(16)
    try:
        request.app.people.subscribe(user_id, request_id, request.now)
    except (StarbidError, Contended) as error:
        return _subscription(request, error)
    return _subscribed(request)


@router.post("/subscribe/renewal/<act>", page="/subscribe")
def change_renewal(request: Request, act: str) -> Response:
    """`stop`: Telegram renews it no more; `allow`: the person may turn it on again in Telegram."""
    user_id = request.visitor.require_user()
    if act == "stop":
        request.app.renewing.stop(user_id)
        return with_note(redirect("/subscribe"), "renewal-stopped")
    if act != "allow":
        raise NoSuchPage
    _, is_there = request.app.renewing.allow(user_id)
    return with_note(redirect("/subscribe"), "renewal-allowed" if is_there else "renewal-over")


@router.post("/subscribe/finish")
def finish_subscribing(request: Request) -> Response:
    """`order`: the one whose money the subscription waited for. Done once, be it here or by the bot."""
    user_id, order_id = request.visitor.require_user(), request.form.get("order", "")[:32]
    act = request.app.paying.act_of(order_id, user_id)
    if not isinstance(act, SubscribeAct):
        raise NoSuchPage
    try:
        request.app.finishing.finish(order_id, user_id, request.now)
    except (StarbidError, Contended) as error:
        return _subscription(request, error, money_stays(act, error, page_words(request)))
    return _subscribed(request)


def _subscribed(request: Request) -> Response:
    return with_note(redirect(request.page(request.form.get("next"), "/subscribe")), "subscribed")


def _subscription(request: Request, error: Exception | None = None, tail: str = "") -> Response:
    person, words = request.visitor.require_person(), page_words(request)
    price = request.app.settings.business.subscription
    wallet = request.app.store.wallet(person.id, price.currency, consistent=True).after_offset()
    told = as_refusal(error) if error else None
    if told and request.wants_json:
        raise told
    missing, request_id = wallet.missing(price), secrets.token_hex(16)
    may_sell = person.may_sell(request.now)
    act = SubscribeAct(request_id, extends=may_sell)
    onward = request.page((request.typed if error else request.query).get("next"), "/subscribe")
    return show(
        request,
        "wallet/subscribe.html",
        status_of(told) if told else 200,
        price=price,
        until=person.subscribed_until if may_sell else None,
        renewal=renewal(person, words, request.now),
        choice=choice(person.renewals, may_sell=may_sell),
        missing=missing,
        step=money_step(missing, act, onward, words) if missing else None,
        request_id=request_id,
        refusal=_refusal_of(told, words, tail),
        fee=request.app.settings.business.fee_percent,
        next=onward,
    )


def _refusal_of(told: StarbidError | None, words: Language, tail: str) -> str:
    """Money that is missing has a place of its own on the page."""
    return "" if told is None or isinstance(told, InsufficientFunds) else f"{message_of(told, words)} {tail}".strip()
