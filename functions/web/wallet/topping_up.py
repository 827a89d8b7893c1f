"""The form that asks for money of a fiat currency, and makes the bill for it (spec, section 7, "The way of a bill")."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from starbid.domain.bills import Bill, BillOpen, BillState, BillTerms, ProviderFailed
from starbid.domain.errors import Blocked, Conflict, Invalid, NotFound, StarbidError
from starbid.domain.limits import Deed
from starbid.domain.money import CURRENCIES, Money
from starbid.domain.typed_numbers import TypedAmount, typed_amount
from starbid.domain.unfinished import Act, lot_of
from starbid.field_words import field_fault
from starbid.services.ports import Contended
from starbid.top_up_words import money_step_label, what_follows
from starbid.wording import provider_name
from web.kernel.exceptions import LoginRequired, NoSuchPage
from web.kernel.http import Request, Response, path_with, redirect
from web.kernel.routing import Router
from web.shared import amounts
from web.shared.acts import fields_of
from web.shared.context import page_words, show
from web.shared.providers import chosen_provider
from web.shared.refusals import as_refusal, message_of, status_of
from web.wallet.step import act_in, act_shown, is_settled, linked, lot_shown, step_again

router = Router()
PAGE = "/topup"
PRESETS = (100, 300, 500, 1000, 3000, 5000)
"""Whole units."""
_PAID = frozenset({BillState.PAID, BillState.DIFFERENT, BillState.RETURNED})


@dataclass(frozen=True)
class ProviderChoice:
    """A provider to choose, and the least amount that it takes, where that is more than elsewhere."""

    value: str
    label: str
    least: Money | None
    chosen: bool


@dataclass(frozen=True)
class Fault:
    """Why there is no bill: beside the field that it is about, or above the form (`field` empty)."""

    text: str = ""
    field: str = ""
    status: int = 200


@router.get("/topup")
def form(request: Request) -> Response:
    """`amount` and `provider` may be filled in, `next` is where to go on to; the fields of an act, what is done with
    the money. An amount that no bill can be of is filled in as the nearest that one can.
    """
    request.visitor.require_person()
    given, business = linked(request), request.app.settings.business
    amount = typed_amount(given.get("amount", ""), business.bills.currency)
    possible = business.purchase_of(amount) if amount else None
    return _form(request, given, amounts.typed(possible) if possible else given.get("amount", ""))


def _again(request: Request, error: StarbidError) -> Response:
    fault = Fault(message_of(error, page_words(request)), status=status_of(error))
    return _form(request, request.typed, _amount_in(request.typed), fault)


@router.post("/topup", again=_again)
def top_up(request: Request) -> Response:
    """Makes the bill, or finds the open one over the same amount; its page leads to the provider. `preset`: an amount
    that was chosen, not typed. `instead`: an open bill that is cancelled first.

    Without `provider` the only one is meant; where there are several, the form asks which.
    """
    if request.visitor.user_id is None:
        raise LoginRequired(step_again(request, PAGE))
    user_id, terms, asked = request.visitor.require_user(), request.app.settings.business.bills, request.form
    amount: Money | None = None
    try:
        amount = Money(TypedAmount("amount", _amount_in(asked)).minor_units(terms.currency), terms.currency)
        act = act_in(asked, terms.currency)
        lot = lot_of(act) if act else None
        if act and lot and is_settled(request, user_id, act):
            return redirect(f"/auction/{lot}")
        provider = chosen_provider(asked.get("provider"), terms)
        request.app.top_ups.require(amount, provider or min(terms.providers, key=terms.least))
        if provider is None:
            return _which(request)
        request.app.limits.require(Deed.INVOICE, user_id, request.now)
        paid = _cancel(request, user_id, asked.get("instead", ""))
        bill = paid or request.app.top_ups.open(user_id, amount, provider, request.now, act).bill
    except (BillOpen, Invalid, Blocked, ProviderFailed, Conflict, Contended) as error:
        return _refused(request, error, amount)
    return redirect(bill_page(request, bill, act, asked.get("next")))


def bill_page(request: Request, bill: Bill, act: Act | None, onward: str | None) -> str:
    """Where a bill is paid; `next` stands in it where it is not what follows anyway."""
    usual = onward_of(act)
    target = request.page(onward, usual)
    return path_with(f"{PAGE}/{bill.id}", next=None if target == usual else target)


def onward_of(act: Act | None) -> str:
    """Where one goes on to once the money is there, unless the page says otherwise."""
    lot = lot_of(act) if act else None
    return f"/auction/{lot}" if lot else "/wallet"


def _cancel(request: Request, user_id: int, bill_id: str) -> Bill | None:
    """Cancels the bill; answers it only where it has been paid meanwhile, and nothing else is to be paid then."""
    if not bill_id:
        return None
    try:
        bill = request.app.top_ups.cancel(bill_id, user_id, request.now)
    except NotFound:
        raise NoSuchPage from None
    return bill if bill.state in _PAID else None


def _amount_in(form: Mapping[str, str]) -> str:
    """As it is typed, or as it stands on the button of a common one, which needs a name of its own beside the field."""
    return form.get("preset") or form.get("amount", "")


def _which(request: Request) -> Response:
    """The form again, for one who has said how much and not by whom."""
    if request.wants_json:
        raise Invalid("provider", "required")
    return _form(request, request.form, _amount_in(request.form))


def _refused(request: Request, error: Exception, amount: Money | None) -> Response:
    told, words = as_refusal(error), page_words(request)
    if request.wants_json:
        raise told
    if isinstance(told, BillOpen) and amount:
        return _open_already(request, told, amount)
    text = field_fault(told, words) if isinstance(told, Invalid) else message_of(told, words)
    if isinstance(told, Conflict):
        text = words._("Your bill is being made already. Try again in a moment.")
    field = told.field if isinstance(told, Invalid) else ""
    return _form(request, request.form, _amount_in(request.form), Fault(text, field, status_of(told)))


def _open_already(request: Request, refusal: BillOpen, amount: Money) -> Response:
    """One bill at a time: pay that one, or cancel it and take the new amount."""
    bill, act = refusal.bill, act_shown(request.form, refusal.bill.amount.currency)
    onward = request.page(request.form.get("next"), onward_of(act))
    fields = {**fields_of(act), "next": onward, "provider": bill.provider.value, "instead": bill.id}
    return show(
        request,
        "wallet/bill_open.html",
        status_of(refusal),
        bill=bill,
        paid_in=bill.amount.currency,
        url=path_with(f"{PAGE}/{bill.id}", next=onward),
        fields={**fields, "amount": amounts.typed(amount)},
        amount=amount,
        act=act,
    )


def _form(request: Request, given: Mapping[str, str], typed: str, fault: Fault | None = None) -> Response:
    words, terms, fault = page_words(request), request.app.settings.business.bills, fault or Fault()
    act = act_shown(given, terms.currency)
    balance = request.app.store.wallet(request.visitor.require_person().id, terms.currency)
    presets = [Money(units * CURRENCIES[terms.currency].minor_units, terms.currency) for units in PRESETS]
    return show(
        request,
        "wallet/topup.html",
        fault.status,
        purses=(balance,),
        paid_in=terms.currency,
        typed=typed.strip()[:40],
        fault=fault,
        fields={**fields_of(act), "next": request.page(given.get("next"), onward_of(act))},
        heading=money_step_label(act, words),
        follows=what_follows(act, words, terms.currency),
        lot=lot_shown(request, act),
        providers=_choices(given.get("provider", ""), terms),
        presets=[sum_ for sum_ in presets if terms.least() <= sum_ <= terms.most],
        least=terms.least(),
        most=terms.most,
        balance=balance,
    )


def _choices(chosen: str, terms: BillTerms) -> tuple[ProviderChoice, ...]:
    named = chosen if chosen in {one.value for one in terms.providers} else next(iter(terms.providers), "")
    leasts = {one: terms.least(one) for one in terms.providers}
    return tuple(
        ProviderChoice(one.value, provider_name(one), least if least > terms.least() else None, one == named)
        for one, least in leasts.items()
    )
