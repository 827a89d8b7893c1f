"""Reporting a lot in the chat: `rp:<lot>` asks what is wrong, `rp:<lot>:<reason>` says it. What operators see of it."""

from __future__ import annotations

from dataclasses import dataclass

from starbid.domain.reports import TEXT_LENGTH, AlreadyReported, ReportReason
from starbid.domain.roles import Right
from starbid.i18n import capital
from starbid.report_words import reason_name
from starbid.telegram import keyboards
from starbid.telegram.html import title
from starbid.telegram.keyboards import Button
from starbid.telegram.updates import Said
from webhook import asking, callback_data
from webhook.conversation import Conversation
from webhook.questions import Question
from webhook.registry import screens
from webhook.screens import admin
from webhook.screens.about_lot import open_button, view_of
from webhook.screens.admin import Section

SHOWN = 8


@dataclass(frozen=True)
class AskReport(Question):
    """What is wrong, in words?"""

    name = "report"
    lot: str

    @property
    def again(self) -> str:
        return f"rp:{self.lot}:{ReportReason.OTHER}"


@admin.section(Right.SUPPORT)
def reported(chat: Conversation) -> Section:
    found = len(chat.app.reports.queue(chat.now, SHOWN + 1).items)
    line = chat.words._("Reported lots: {n}.", n=admin.number(found, SHOWN))
    return Section(line, keyboards.site(chat.words._("Reports"), "/admin/reports", chat.app.settings))


@screens.press("rp")
def press(chat: Conversation, args: list[str]) -> None:
    """`<lot>`, or `<lot>:<reason>`."""
    if len(args) == 1:
        _ask_reason(chat, args[0])
        return
    auction_id, reason = callback_data.parts(args, 2)
    if reason not in tuple(ReportReason):
        raise callback_data.Garbled
    if reason == ReportReason.OTHER:
        _ask_words(chat, auction_id)
    else:
        _report(chat, auction_id, reason)


@screens.answer(AskReport)
def answer_report(chat: Conversation, question: AskReport, said: Said) -> None:
    _report(chat, question.lot, ReportReason.OTHER, said.text)


def _ask_reason(chat: Conversation, auction_id: str) -> None:
    view = view_of(chat, auction_id)
    text = chat.words._(
        "What is wrong with “{title}”? An operator looks at it; the seller does not learn who reported it.",
        title=title(view.lot.card.title, chat.words),
    )
    lot_id = view.lot.auction.id
    choices = [(Button(_label(chat, reason), f"rp:{lot_id}:{reason}"),) for reason in ReportReason]
    chat.show(text, *choices, (open_button(chat, view),))


def _ask_words(chat: Conversation, auction_id: str) -> None:
    view = view_of(chat, auction_id)
    text = chat.words._(
        "Describe in one message what is wrong with “{title}”, up to {most} characters. To cancel: /cancel",
        title=title(view.lot.card.title, chat.words),
        most=TEXT_LENGTH,
    )
    asking.ask(chat, AskReport(view.lot.auction.id), text)


def _report(chat: Conversation, auction_id: str, reason: str, text: str = "") -> None:
    """One that was made before a crash counts as made now."""
    view = view_of(chat, auction_id)
    try:
        chat.app.reports.report(chat.person.id, view.lot.auction.id, reason, chat.now, text)
    except AlreadyReported:
        chat.toast(chat.words._("You have already reported this lot."), alert=True)
        return
    chat.acted = True
    told = chat.words._("Thank you. An operator looks at the lot, and I will tell you the outcome.")
    chat.conclude(told, (open_button(chat, view),))


def _label(chat: Conversation, reason: ReportReason) -> str:
    return capital(reason_name(reason, chat.words))
