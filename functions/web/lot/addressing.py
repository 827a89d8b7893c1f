"""The form in which the buyer of a physical lot says where it goes: typed, shown once more, confirmed."""

from __future__ import annotations

from dataclasses import asdict

from starbid.domain.addresses import read_address, require_address
from starbid.domain.errors import InvalidFields, NotFound, StarbidError, TooOften
from starbid.domain.limits import Deed
from starbid.field_words import field_fault
from starbid.services.ports import Contended
from web.kernel.exceptions import CsrfFailed
from web.kernel.forms import Form
from web.kernel.http import Request, Response
from web.kernel.routing import Router
from web.lot.address_view import TypedAddress, typed_fields
from web.lot.deal_view import TypedDeal
from web.lot.page import RefusedForm, look, show_lot
from web.lot.refusing import back_to, refused_deal
from web.shared.context import page_words, with_note
from web.shared.refusals import as_refusal, message_of, status_of

router = Router()


def _again(request: Request, error: StarbidError, auction_id: str) -> Response:
    return _refused(request, auction_id, error, request.typed)


@router.post("/auction/<auction_id>/address", again=_again)
def give(request: Request, auction_id: str) -> Response:
    """`name`, `address`, `phone`; without `confirmed` they are shown once more, and nothing has happened yet."""
    user_id = request.visitor.require_user()
    try:
        address = read_address(typed_fields(request.form))
        if not request.form.get("confirmed"):
            require_address(request.app.dealing.deal(auction_id), user_id, request.now)
            typed = TypedAddress(asdict(address), asks=True)
            return show_lot(request, look(request, auction_id), RefusedForm(address=typed))
        request.app.limits.require(Deed.ADDRESS, user_id, request.now)
        request.app.addressing.give(user_id, auction_id, address, request.now)
    except (StarbidError, Contended) as error:
        return _refused(request, auction_id, error, request.form)
    return with_note(back_to(auction_id), "addressed")


def _refused(request: Request, auction_id: str, error: Exception, form: Form) -> Response:
    """The form again where that helps, each fault beside its field; elsewhere the sentence where the deal stands."""
    told = as_refusal(error)
    request.visitor.require_user()
    if request.wants_json and not isinstance(told, NotFound):
        raise told
    words = page_words(request)
    match told:
        case InvalidFields(errors=errors):
            faults = {fault.field: field_fault(fault, words) for fault in errors}
            typed = TypedAddress(typed_fields(form), faults=faults)
        case CsrfFailed() | TooOften():
            typed = TypedAddress(typed_fields(form), fault=message_of(told, words))
        case _:
            return refused_deal(request, auction_id, error, TypedDeal())
    return show_lot(request, look(request, auction_id), RefusedForm(address=typed), status_of(told))
