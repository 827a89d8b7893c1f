"""Packs of answers: from the wallet, or by an invoice in Telegram."""

from __future__ import annotations

import secrets

from starbid.assistant_standing import answers_left
from starbid.domain.errors import Invalid, PriceMoved, StarbidError
from starbid.domain.typed_numbers import typed_whole
from starbid.services.ports import Contended
from web.assistant.asking import request_id_of
from web.assistant.offers import offers_of
from web.kernel.http import Request, Response, redirect
from web.kernel.routing import Router
from web.shared.context import page_words, show, with_note
from web.shared.paying import ask_for_pack, show_invoice
from web.shared.refusals import as_refusal, message_of, status_of, with_patience

router = Router()
PAGE = "/assistant/packs"


@router.get(PAGE)
def packs(request: Request) -> Response:
    """`next`: where to go on to."""
    request.visitor.require_person()
    return _packs(request)


def _again(request: Request, error: StarbidError) -> Response:
    return _packs(request, error)


@router.post(PAGE, again=_again)
def buy(request: Request) -> Response:
    """`pack`: how many answers; `how`: `wallet`, paid once for each `request_id`, or `telegram`, an invoice. `price`:
    the one that was seen; another one is asked about first.
    """
    user_id, form = request.visitor.require_user(), request.form
    onward = request.page(form.get("next"), "/assistant")
    try:
        number, how = typed_whole(form.get("pack", "")[:20]), form.get("how")
        if number is None or how not in ("wallet", "telegram"):
            raise Invalid("pack", "choice")
        offer, seen = request.app.settings.business.assistant.pack_of(number), form.get("price")
        if offer and seen and seen != str(offer.stars):
            raise PriceMoved(offer.price)
        if how == "telegram":
            order, link = ask_for_pack(request, user_id, number, page_words(request))
            return show_invoice(request, order, link, onward)
        request.app.buying.buy(user_id, number, f"web-{number}-{request_id_of(request)}", request.now)
    except (StarbidError, Contended) as error:
        return _packs(request, error)
    return with_note(redirect(onward), f"ai-pack-{number}")


def _packs(request: Request, error: Exception | None = None) -> Response:
    person, words, business = request.visitor.require_person(), page_words(request), request.app.settings.business
    told = as_refusal(error) if error else None
    if told and request.wants_json:
        raise told
    wallet = request.app.store.wallet(person.id, business.subscription.currency, consistent=True).after_offset()
    page = show(
        request,
        "assistant/packs.html",
        status_of(told) if told else 200,
        wallet=wallet,
        refusal=message_of(told, words) if told else "",
        left=answers_left(request.app.asking.standing(person, request.now), business.assistant, words),
        offers=offers_of(business.assistant, words),
        onward=request.page((request.typed if error else request.query).get("next"), "/assistant"),
        key=secrets.token_hex(16),
        oob=False,
    )
    return with_patience(page, told) if told else page
