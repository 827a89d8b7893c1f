"""Reporting a message of the other side: `dm:rp:<lot>:<number>` asks what is wrong, `…:<fault>` says it."""

from __future__ import annotations

from starbid.domain.talks import Fault
from starbid.i18n import capital
from starbid.talk_words import fault_name, report_line
from starbid.telegram import keyboards
from starbid.telegram.html import inner_quotes
from starbid.telegram.keyboards import Button
from webhook import callback_data
from webhook.conversation import Conversation
from webhook.screens.about_lot import deal_of, view_of


def report(chat: Conversation, auction_id: str, rest: list[str]) -> None:
    if len(rest) == 1:
        _ask(chat, auction_id, callback_data.number(rest[0]))
        return
    number, fault = callback_data.parts(rest, 2)
    if fault not in tuple(Fault):
        raise callback_data.Garbled
    _report(chat, auction_id, callback_data.number(number), fault)


def _ask(chat: Conversation, auction_id: str, number: int) -> None:
    chat.app.talking.reportable(chat.person.id, auction_id, number, chat.now)
    text = chat.words._(
        "What is wrong with this message? An operator gets to read it, and no other one. The other side does not learn "
        "of it."
    )
    choices = [(Button(_label(chat, fault), f"dm:rp:{auction_id}:{number}:{fault}"),) for fault in Fault]
    chat.show(text, *choices, (keyboards.lot(chat.words._("Open the deal"), auction_id),))


def _report(chat: Conversation, auction_id: str, number: int, fault: str) -> None:
    view, words = view_of(chat, auction_id), chat.words
    deal_of(view)

    def said(why: Fault) -> str:
        return report_line(number, inner_quotes(view.lot.card.title, words), auction_id, why, words)

    chat.app.talking.report(chat.person.id, auction_id, number, fault, chat.now, said)
    chat.acted = True
    text = words._("Thank you. An operator reads this message; the answer comes here, from support.")
    chat.conclude(text, (keyboards.lot(words._("Open the deal"), auction_id),))


def _label(chat: Conversation, fault: Fault) -> str:
    return capital(fault_name(fault, chat.words))
