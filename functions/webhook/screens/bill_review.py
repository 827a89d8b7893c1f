"""Operators decide about bills in the chat: a section of `/admin`.

bl:list  bl:find  bl:look:<bill>  bl:again:<bill>; `credit`, `return` and `back` ask back, in capitals they are sure.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from starbid.domain.audit_trail import Decision
from starbid.domain.bills import UNPAID_ENDS, Bill, BillState, ProviderFailed, WrongBillState, paid_in_place
from starbid.domain.errors import Invalid, NotFound
from starbid.domain.payments import Provider
from starbid.domain.roles import Right
from starbid.telegram.html import escape
from starbid.telegram.keyboards import Button, Row
from starbid.telegram.updates import Said
from starbid.wording import provider_name, refusal
from webhook import asking, callback_data
from webhook.callback_data import Garbled
from webhook.conversation import Conversation
from webhook.deciding import decision
from webhook.questions import Question
from webhook.registry import screens
from webhook.screens import admin
from webhook.screens.admin import Section

SHOWN = 8
DIFFERENT, PAID = BillState.DIFFERENT, BillState.PAID
_DECIDED_IN = {"credit": DIFFERENT, "return": DIFFERENT, "back": PAID}


@dataclass(frozen=True)
class AskBill(Question):
    """Which?"""

    name = "bill"

    @property
    def again(self) -> str:
        return "bl:find"


@admin.section(Right.FINANCE)
def differing(chat: Conversation) -> Section:
    found = len(chat.app.bill_review.queue(SHOWN + 1))
    line = chat.words._("Bills that differ from what was paid: {n}.", n=admin.number(found, SHOWN))
    return Section(line, Button(chat.words._("Bills"), "bl:list"))


def press(chat: Conversation, args: list[str]) -> None:
    """Raises Garbled, for everybody who is no operator too; NotFound for an unknown bill, Conflict."""
    admin.require_operator(chat)
    match args:
        case ["list"]:
            _list(chat)
        case ["find"]:
            asking.ask(chat, AskBill(), chat.words._("Send the id of the bill: 32 letters and digits."))
        case [verb, bill_id]:
            _step(chat, verb, chat.app.bill_review.bill(callback_data.bill_id(bill_id)))
        case _:
            raise Garbled


@screens.answer(AskBill)
def answer_bill(chat: Conversation, _question: AskBill, said: Said) -> None:
    """Shows the bill of an id, as it stands at a provider or here."""
    try:
        bill = chat.app.bill_review.bill(callback_data.bill_id(said.text.strip().lower()))
    except (Garbled, NotFound):
        raise asking.AskAgain(chat.words._("There is no bill with this id. Send another one, or /cancel.")) from None
    _look(chat, bill)


def _list(chat: Conversation) -> None:
    """The oldest first."""
    _, money = chat.words._, chat.words.money
    found = chat.app.bill_review.queue(SHOWN)
    empty = _("<b>Bills</b>\nNo bill differs from what was paid.")
    lines = [_("<b>Bills</b> that differ, oldest first") if found else empty]
    rows: list[Row] = []
    for bill in found:
        facts = {"amount": money(bill.amount), "paid": escape(bill.paid), "provider": provider_name(bill.provider)}
        lines.append(_("• {provider}: {amount} asked for, {paid} paid", **facts))
        rows.append((Button(f"{provider_name(bill.provider)} · {bill.paid}", f"bl:look:{bill.id}"),))
    chat.show("\n".join(lines), *rows, (Button(_("Find a bill"), "bl:find"), admin.back_button(chat)))


def _step(chat: Conversation, verb: str, bill: Bill) -> None:
    """What is final is asked back while it is still to be decided."""
    if verb == "again":
        _ask_provider(chat, bill)
    elif _DECIDED_IN.get(verb) is bill.state and not chat.app.bill_review.is_taken_back(bill):
        _ask_back(chat, verb, bill)
    elif verb.isupper() and verb.lower() in _DECIDED_IN:
        _decide(chat, verb.lower(), bill)
    elif verb == "look" or verb in _DECIDED_IN:
        _look(chat, bill)
    else:
        raise Garbled


def _ask_provider(chat: Conversation, bill: Bill) -> None:
    try:
        bill = chat.app.bill_review.ask_again(bill.id, decision(chat))
    except ProviderFailed:
        name = provider_name(bill.provider)
        chat.toast(chat.words._("{provider} gave no answer; the log says why.", provider=name), alert=True)
        return
    _look(chat, bill)


def _ask_back(chat: Conversation, verb: str, bill: Bill) -> None:
    _, facts = chat.words._, _facts(chat, bill)
    match verb:
        case "credit":
            text = _("Credit {paid} to {name}? They asked for {amount}. This cannot be undone.", **facts)
            sure = _("Credit {paid}", **facts)
        case "return":
            text = _("Has {paid} been returned to {name} at {provider}? They will be told so now.", **facts)
            sure = _("Yes, it is returned")
        case _:
            text = _(
                "Did {provider} take {amount} back? What the wallet of {name} cannot bear becomes a debt.", **facts
            )
            sure = _("Yes, it was charged back")
    back = Button(_("Back to the bill"), f"bl:look:{bill.id}")
    chat.show(text, (Button(sure, f"bl:{verb.upper()}:{bill.id}"),), (back,))


def _decide(chat: Conversation, verb: str, bill: Bill) -> None:
    """Once; where it is decided already, the bill shows how."""
    review = chat.app.bill_review
    decide: dict[str, Callable[[str, Decision], object]] = {
        "credit": review.credit,
        "return": review.mark_returned,
        "back": review.charge_back,
    }
    try:
        decide[verb](bill.id, decision(chat))
        chat.acted = True
    except WrongBillState:
        chat.toast(chat.words._("This has been decided already."), alert=True)
    except Invalid as error:
        chat.toast(refusal(error, chat.words), alert=True)
    _look(chat, review.bill(bill.id))


def _look(chat: Conversation, bill: Bill) -> None:
    """Who was to pay what, what is known of it, and what can be done."""
    _, words = chat.words._, chat.words
    is_taken_back = chat.app.bill_review.is_taken_back(bill)
    lines = [
        f"<b>{words.money(bill.amount)}</b> · {provider_name(bill.provider)}",
        _("Person: {name}, {id}", name=_facts(chat, bill)["name"], id=bill.user_id),
        _("Made {moment}", moment=words.moment(bill.created_at)),
        _("Charged back.") if is_taken_back else _state(chat, bill),
        f"<code>{bill.id}</code>",
    ]
    if bill.ref:
        lines.append(_("At the provider: {ref}", ref=f"<code>{escape(bill.ref)}</code>"))
    rows = () if is_taken_back else _choices(chat, bill)
    chat.show("\n".join(lines), *rows, (Button(_("Bills"), "bl:list"),))


def _state(chat: Conversation, bill: Bill) -> str:
    _ = chat.words._
    match bill.state:
        case BillState.PAID:
            return _("Paid and credited.")
        case BillState.DIFFERENT:
            return _("Paid {paid} in place of it; nobody is credited.", paid=escape(bill.paid))
        case BillState.RETURNED:
            return _("Paid {paid} in place of it; returned.", paid=escape(bill.paid))
        case BillState.REJECTED:
            return _("Declined or cancelled.")
        case BillState.EXPIRED:
            return _("Expired unpaid.")
        case BillState.FAILED:
            return _("Not made: the provider failed.")
        case _:
            return _("Open until {moment}.", moment=chat.words.moment(bill.expires_at))


def _choices(chat: Conversation, bill: Bill) -> tuple[Row, ...]:
    _, facts = chat.words._, _facts(chat, bill)
    returned = Button(_("Mark as returned"), f"bl:return:{bill.id}")
    match bill.state:
        case BillState.DIFFERENT if paid_in_place(bill):
            return (Button(_("Credit {paid}", **facts), f"bl:credit:{bill.id}"),), (returned,)
        case BillState.DIFFERENT:
            return ((returned,),)
        case BillState.PAID:
            return ((Button(_("It was charged back"), f"bl:back:{bill.id}"),),)
        case _ if bill.provider is not Provider.TELEGRAM and (bill.is_open or bill.state in UNPAID_ENDS):
            return ((Button(_("Ask the provider again"), f"bl:again:{bill.id}"),),)
        case _:
            return ()


def _facts(chat: Conversation, bill: Bill) -> dict[str, str]:
    """For sentences, as HTML."""
    person, paid = chat.app.store.person(bill.user_id), paid_in_place(bill)
    return {
        "name": escape(person.name if person else str(bill.user_id)),
        "amount": chat.words.money(bill.amount),
        "paid": chat.words.money(paid) if paid else escape(bill.paid),
        "provider": provider_name(bill.provider),
    }
