"""The two sides of a dispute in the chat: a buyer objects, the seller answers."""

from __future__ import annotations

from dataclasses import dataclass

from starbid.domain.deal_errors import WrongDealState
from starbid.domain.deals import DealState
from starbid.domain.disputes import ANSWER_LENGTH, DISPUTE_LENGTH, require_answer, require_dispute, require_withdrawal
from starbid.domain.errors import NotYours
from starbid.telegram import keyboards
from starbid.telegram.html import MAX_TEXT, cut, escape, title
from starbid.telegram.updates import Said
from webhook import asking, cards
from webhook.conversation import Conversation
from webhook.questions import DealQuestion
from webhook.registry import screens
from webhook.screens.about_lot import deal_of, open_button, view_of

QUOTED = 1700
"""Units of each side's text beside a question. The notices have them in full."""


@dataclass(frozen=True)
class AskDispute(DealQuestion):
    name, verb = "dispute", "dispute"


@dataclass(frozen=True)
class AskSellersSide(DealQuestion):
    name, verb = "answer", "answer"


def ask(chat: Conversation, auction_id: str) -> None:
    """What is wrong? The answer opens the dispute."""
    view = view_of(chat, auction_id)
    require_dispute(deal_of(view), chat.person.id, chat.now)
    text = chat.words._(
        "What is wrong with “{title}”? Describe it in one message, up to {most} characters.\nThe money stays "
        "with Starbid, the seller reads your words and may answer, and an operator decides. To cancel: /cancel",
        title=title(view.lot.card.title, chat.words),
        most=DISPUTE_LENGTH,
    )
    asking.ask(chat, AskDispute(auction_id, chat.pressed_on), text)


@screens.answer(AskDispute)
def answer_dispute(chat: Conversation, question: AskDispute, said: Said) -> None:
    """A dispute that was opened with these words before a crash counts as opened now."""
    try:
        chat.app.dealing.dispute(chat.person.id, question.lot, said.text, chat.now)
    except WrongDealState as error:
        known = chat.app.store.deal(question.lot).dispute
        if error.state != DealState.DISPUTED or known != said.text.strip():
            raise
    chat.acted = True
    text = chat.words._("Your dispute is open. The money stays with Starbid until it is settled; we will tell you.")
    _done(chat, question, text)


def withdraw(chat: Conversation, auction_id: str) -> None:
    """Asks back: a deal is disputed once."""
    view = view_of(chat, auction_id)
    require_withdrawal(deal_of(view), chat.person.id, chat.now)
    text = chat.words._(
        "Withdraw the dispute about “{title}”?\nThe deal continues from where it was. You cannot open another "
        "dispute about it.",
        title=title(view.lot.card.title, chat.words),
    )
    sure = keyboards.step(chat.words._("Yes, withdraw it"), "WITHDRAW", auction_id)
    chat.say(text, (sure,), (open_button(chat, view),))


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
    chat.show(chat.words._("The dispute is withdrawn. The deal continues."), (open_button(chat, view),))
    cards.after_step(chat, view, None)


def ask_seller(chat: Conversation, auction_id: str) -> None:
    """What does the seller say? Asked again, the last answer counts."""
    view = view_of(chat, auction_id)
    deal = deal_of(view)
    require_answer(deal, chat.person.id)
    ask_for = chat.words._(
        "Send your side of the dispute about “{title}” in one message, up to {most} characters. The operator "
        "and the buyer will read it. Until it is settled you can change it. To cancel: /cancel",
        title=title(view.lot.card.title, chat.words),
        most=ANSWER_LENGTH,
    )
    lines = [quote(chat.words._("The buyer says:"), deal.dispute or "", QUOTED)]
    lines += [quote(chat.words._("You say:"), deal.answer, QUOTED)] if deal.answer else []
    asking.ask(chat, AskSellersSide(auction_id, chat.pressed_on), "\n".join((*lines, ask_for)))


@screens.answer(AskSellersSide)
def answer_as_seller(chat: Conversation, question: AskSellersSide, said: Said) -> None:
    chat.app.dealing.answer(chat.person.id, question.lot, said.text, chat.now)
    chat.acted = True
    _done(chat, question, chat.words._("Your answer is saved: the operator and the buyer can read it."))


def read_answer(chat: Conversation, auction_id: str) -> None:
    """The buyer reads what the seller says."""
    view = view_of(chat, auction_id)
    if not view.is_buyer or view.deal is None:
        raise NotYours
    if not view.deal.answer:
        raise WrongDealState(view.deal.state)
    chat.say(quote(chat.words._("The seller says:"), view.deal.answer), (open_button(chat, view),))


def _done(chat: Conversation, question: AskDispute | AskSellersSide, text: str) -> None:
    """Tell it; what offered the step offers it no longer."""
    view = view_of(chat, question.lot)
    chat.say(text, (open_button(chat, view),))
    cards.after_step(chat, view, question.offered_in)


def quote(head: str, text: str, most: int = MAX_TEXT - 100) -> str:
    return f"{head}\n<blockquote>{escape(cut(text, most))}</blockquote>" if text else head
