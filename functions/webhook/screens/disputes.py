"""The two sides of a dispute in the chat: a buyer objects, the seller answers."""

from __future__ import annotations

from dataclasses import dataclass

from starbid import deal_words
from starbid.domain.deal_errors import WrongDealState
from starbid.domain.deal_progress import progress
from starbid.domain.deals import DealState
from starbid.domain.disputes import ANSWER_LENGTH, DISPUTE_LENGTH, require_answer, require_dispute, require_withdrawal
from starbid.domain.errors import NotYours
from starbid.domain.evidence import MAX_EVIDENCE
from starbid.telegram import keyboards
from starbid.telegram.deal_buttons import help_rows
from starbid.telegram.html import MAX_TEXT, cut, escape, title
from starbid.telegram.keyboards import Row
from starbid.telegram.updates import Said
from webhook import asking, cards
from webhook.conversation import Conversation
from webhook.registry import screens
from webhook.screens import evidence
from webhook.screens.about_lot import deal_of, open_button, stands, sure_button, view_of
from webhook.screens.evidence import AskWords

QUOTED = 1600
"""Units of each side's text beside a question. The notices have them in full."""


@dataclass(frozen=True)
class AskDispute(AskWords):
    name, verb = "dispute", "dispute"


@dataclass(frozen=True)
class AskSellersSide(AskWords):
    name, verb = "answer", "answer"


def offer(chat: Conversation, auction_id: str) -> None:
    """Says what can be tried first and what a dispute does; a button asks for the words."""
    view = view_of(chat, auction_id)
    deal, words = deal_of(view), chat.words
    require_dispute(deal, chat.person.id, chat.now)
    first = deal_words.try_first(progress(deal, chat.now, chat.app.settings.business.deal_times))
    lines = [words._("Is something wrong with “{title}”?", title=title(view.lot.card.title, words))]
    lines += [f"<b>{words._('Try this first')}.</b> {words.say(first)}"] if first else []
    does = words._(
        "An operator reads what you and the seller say, and within 30 days either pays the seller or returns the "
        "money to you. Until then the money stays with Starbid, and no deadline of the deal runs on. A deal can be "
        "disputed once; you can withdraw the dispute as long as it is open, and the deal continues where it was."
    )
    lines.append(f"<b>{words._('What a dispute does')}.</b> {does}")
    sure = sure_button(chat, words._("Open a dispute"), "dispute", auction_id)
    chat.prompt("\n\n".join(lines), (sure,), (open_button(chat, view),))


def ask(chat: Conversation, auction_id: str, offered_in: int | None) -> None:
    """What is wrong? The answer opens the dispute."""
    view = view_of(chat, auction_id)
    require_dispute(deal_of(view), chat.person.id, chat.now)
    text = chat.words._(
        "What is wrong with “{title}”? Describe it in one message, up to {most} characters: that opens the dispute. "
        "You can send up to {photos} photos with it. To cancel: /cancel",
        title=title(view.lot.card.title, chat.words),
        most=chat.words.number(DISPUTE_LENGTH),
        photos=MAX_EVIDENCE,
    )
    chat.app.evidence.drop_aside(chat.person.id, auction_id, chat.now)
    asking.ask(chat, AskDispute(auction_id, offered_in or chat.pressed_on), text)


@screens.answer(AskDispute, takes_anything=True)
def answer_dispute(chat: Conversation, question: AskDispute, said: Said) -> None:
    """A dispute that was opened with these words before a crash counts as opened now."""
    ask_for = chat.words._("The photo is kept. Now describe what is wrong in one message: that opens the dispute.")
    evidence.require_words(chat, question, said, ask_for)
    try:
        with evidence.comes_again():
            chat.app.evidence.dispute_with_aside(chat.person.id, question.lot, said.text, chat.now)
    except WrongDealState as error:
        known = chat.app.store.deal(question.lot).dispute
        if error.state != DealState.DISPUTED or known != said.text.strip():
            raise
        evidence.attach(chat, question.lot)
    chat.acted = True
    text = chat.words._(
        "Your dispute is open. The money stays with Starbid until it is settled; we will tell you.\n"
        "You can withdraw it until then."
    )
    withdrawing = keyboards.step(chat.words._("Withdraw the dispute"), "withdraw", question.lot)
    _done(chat, question, text, (withdrawing,))


def withdraw(chat: Conversation, auction_id: str) -> None:
    """Asks back: a deal is disputed once."""
    view = view_of(chat, auction_id)
    require_withdrawal(deal_of(view), chat.person.id, chat.now)
    text = chat.words._(
        "Withdraw the dispute about “{title}”?\nThe deal continues from where it was. You cannot open another "
        "dispute about it.",
        title=title(view.lot.card.title, chat.words),
    )
    sure = keyboards.step(chat.words._("Yes, withdraw the dispute"), "WITHDRAW", auction_id)
    chat.prompt(text, (sure,), (open_button(chat, view),))


def sure_withdraw(chat: Conversation, auction_id: str) -> None:
    """One that was withdrawn before a crash counts as withdrawn now."""
    try:
        chat.app.dealing.withdraw(chat.person.id, auction_id, chat.now)
    except WrongDealState:
        view = view_of(chat, auction_id)
        if not view.is_buyer or view.deal is None or view.deal.dispute is None or view.deal.ended_at is not None:
            raise
    chat.acted = True
    view = view_of(chat, auction_id)
    done = chat.words._("The dispute is withdrawn. The deal continues.")
    chat.conclude(f"{done}\n{stands(chat, view)}", (open_button(chat, view),))
    cards.after_step(chat, view, None)


def ask_seller(chat: Conversation, auction_id: str) -> None:
    """What does the seller say? Asked again, the last answer counts."""
    view = view_of(chat, auction_id)
    deal = deal_of(view)
    require_answer(deal, chat.person.id)
    ask_for = chat.words._(
        "Send your side of the dispute about “{title}” in one message, up to {most} characters. You can send up to "
        "{photos} photos with it. The operator and the buyer will see it. Until it is settled you can change it. "
        "To cancel: /cancel",
        title=title(view.lot.card.title, chat.words),
        most=chat.words.number(ANSWER_LENGTH),
        photos=MAX_EVIDENCE,
    )
    lines = [quote(chat.words._("The buyer says:"), deal.dispute or "", QUOTED)]
    lines += [quote(chat.words._("You say:"), deal.answer, QUOTED)] if deal.answer else []
    chat.app.evidence.drop_aside(chat.person.id, auction_id, chat.now)
    evidence.show(chat, deal, of_buyer=True)
    help_ = help_rows(view, chat.words, chat.app.settings)
    text = "\n".join((*lines, stands(chat, view), ask_for))
    asking.ask(chat, AskSellersSide(auction_id, chat.pressed_on), text, *help_)


@screens.answer(AskSellersSide, takes_anything=True)
def answer_as_seller(chat: Conversation, question: AskSellersSide, said: Said) -> None:
    ask_for = chat.words._("The photo is kept. Now send your side of the dispute in one message.")
    evidence.require_words(chat, question, said, ask_for)
    with evidence.comes_again():
        chat.app.evidence.answer_with_aside(chat.person.id, question.lot, said.text, chat.now)
    chat.acted = True
    _done(chat, question, chat.words._("Your answer is saved: the operator and the buyer can read it."))


def read_answer(chat: Conversation, auction_id: str) -> None:
    """The buyer reads what the seller says."""
    view = view_of(chat, auction_id)
    if not view.is_buyer or view.deal is None:
        raise NotYours
    if not view.deal.answer:
        raise WrongDealState(view.deal.state)
    evidence.show(chat, view.deal, of_buyer=False)
    chat.say(quote(chat.words._("The seller says:"), view.deal.answer), (open_button(chat, view),))


def _done(chat: Conversation, question: AskDispute | AskSellersSide, text: str, *rows: Row) -> None:
    """Tell it; what offered the step offers it no longer."""
    view = view_of(chat, question.lot)
    chat.say(f"{text}\n{stands(chat, view)}", *rows, evidence.more_row(chat, view.deal), (open_button(chat, view),))
    cards.after_step(chat, view, question.offered_in)


def quote(head: str, text: str, most: int = MAX_TEXT - 100) -> str:
    return f"{head}\n<blockquote>{escape(cut(text, most))}</blockquote>" if text else head
