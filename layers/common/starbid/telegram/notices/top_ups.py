"""Notices in words about bills."""

from __future__ import annotations

from starbid import bill_words
from starbid.domain.bills import BillState
from starbid.domain.money import Money
from starbid.services.notices import top_ups
from starbid.services.notices.registry import unpack_money
from starbid.telegram import keyboards
from starbid.telegram.html import escape
from starbid.telegram.keyboards import Button, Keyboard
from starbid.telegram.notices.telling import Message, Telling, says
from starbid.wording import provider_name


@says(top_ups.BILL_ENDED)
def _ended(t: Telling) -> Message:
    return bill_words.ended_unpaid(BillState(t.facts["state"]), _amount(t), t.words), _start(t)


@says(top_ups.BILL_PUZZLING)
def _puzzling(t: Telling) -> Message:
    check = Button(t.words._("Check payment"), f"bl:check:{t.facts['bill_id']}")
    return bill_words.puzzling(_amount(t), t.words), ((check,), (keyboards.menu(t.words),))


@says(top_ups.BILL_DIFFERS)
def _differs(t: Telling) -> Message:
    return escape(bill_words.different(str(t.facts["paid"]), _amount(t), t.words)), _start(t)


@says(top_ups.BILL_RETURNED)
def _returned(t: Telling) -> Message:
    return escape(bill_words.returned(str(t.facts["paid"]), t.words)), _start(t)


@says(top_ups.BILL_TO_REVIEW)
def _to_review(t: Telling) -> Message:
    text = t.words._(
        "<b>A bill differs</b>\nAsked for {amount}, paid {paid}. Nobody has been credited.",
        amount=t.money("amount"),
        paid=escape(str(t.facts["paid"])),
    )
    look = Button(t.words._("Look at the bill"), f"bl:look:{t.facts['bill_id']}")
    return text, ((look,), (keyboards.menu(t.words),))


@says(top_ups.PROVIDER_TROUBLED)
def _troubled(t: Telling) -> Message:
    name = provider_name(str(t.facts["provider"]))
    text = t.words._("<b>{name} fails</b>\nTop-ups do not work there at the moment; the log says why.", name=name)
    return text, ((keyboards.menu(t.words),),)


@says(top_ups.LEDGER_DIFFERS)
def _ledger_differs(t: Telling) -> Message:
    text = t.words._(
        "<b>Telegram and the ledger differ</b>\nTelegram moved money that is booked otherwise here. Say why."
    )
    look = keyboards.site(t.words._("Look at the differences"), "/admin/reconciliation", t.settings)
    here = Button(t.words._("Differences to Telegram"), "dx:list")
    return text, ((look,), (here,), (keyboards.menu(t.words),))


def _start(t: Telling) -> Keyboard:
    return ((keyboards.go(t.words._("Top up"), "topup"), keyboards.menu(t.words)),)


def _amount(t: Telling) -> Money:
    return unpack_money(t.facts["amount"])
