"""What the seller hands over, and the buyer reads."""

from __future__ import annotations

from dataclasses import dataclass

from starbid.domain.deal_errors import WrongDealState
from starbid.domain.deals import DELIVERY_LENGTH, require_delivery
from starbid.i18n import Language
from starbid.telegram import keyboards
from starbid.telegram.html import MAX_TEXT, escape, title, units
from starbid.telegram.updates import Said
from webhook import asking, cards
from webhook.conversation import Conversation
from webhook.questions import DealQuestion
from webhook.registry import screens
from webhook.screens.about_lot import deal_of, open_button, view_of


@dataclass(frozen=True)
class AskDelivery(DealQuestion):
    name, verb = "delivery", "deliver"

    def only_text(self, words: Language) -> str:
        return words._("Only text works here. Upload the file somewhere and send its link, or /cancel.")


def ask(chat: Conversation, auction_id: str) -> None:
    deal = chat.app.store.deal(auction_id)
    require_delivery(deal, chat.person.id, chat.now)
    lot_title = title(view_of(chat, auction_id).lot.card.title, chat.words)
    question = AskDelivery(auction_id, chat.pressed_on)
    if deal.is_physical:
        text = chat.words._(
            "Send the carrier and the tracking number of “{title}”, up to {most} characters.\nThe buyer sees it at "
            "once, nobody else does. To cancel: /cancel",
            title=lot_title,
            most=DELIVERY_LENGTH,
        )
        asking.ask(chat, question, text, (keyboards.address(chat.words, auction_id),))
        return
    text = chat.words._(
        "Send what the buyer of “{title}” needs: a text, code or link, up to {most} characters.\nThe buyer "
        "sees it at once, nobody else does. To cancel: /cancel",
        title=lot_title,
        most=DELIVERY_LENGTH,
    )
    asking.ask(chat, question, text)


@screens.answer(AskDelivery)
def answer_delivery(chat: Conversation, question: AskDelivery, said: Said) -> None:
    """What the seller hands over. The same words delivered before a crash count as delivered now."""
    try:
        deal = chat.app.dealing.deliver(chat.person.id, question.lot, said.text, chat.now)
    except WrongDealState:
        deal = chat.app.store.deal(question.lot)
        if deal.delivery != said.text.strip():
            raise
    chat.acted = True
    text = chat.words._(
        "Sent: the buyer has been told.\n{payout} is yours when the buyer confirms, or automatically: {moment}.",
        payout=chat.words.money(deal.payout),
        moment=chat.words.moment(deal.due_at or chat.now),
    )
    view = view_of(chat, question.lot)
    chat.say(text, (open_button(chat, view),))
    cards.after_step(chat, view, question.offered_in)


def read(chat: Conversation, auction_id: str) -> None:
    view = view_of(chat, auction_id)
    deal = deal_of(view)
    if not deal.delivery:
        raise WrongDealState(deal.state)
    *first, last = _pieces(deal.delivery)
    for piece in first:
        chat.say(escape(piece), back=False)
    chat.say(escape(last), (open_button(chat, view),))


def _pieces(text: str) -> list[str]:
    """A text in parts that Telegram takes: characters outside the basic plane count twice."""
    half = MAX_TEXT // 2
    if units(text) <= MAX_TEXT:
        return [text]
    return [text[at : at + half] for at in range(0, len(text), half)]
