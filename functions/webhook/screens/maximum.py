"""A bid that is typed: the person's own maximum, or a sealed bid."""

from __future__ import annotations

from dataclasses import dataclass

from starbid.domain.errors import LotChanged, NotBiddable
from starbid.domain.kinds import least_bid
from starbid.domain.lots import FIRST_VERSION
from starbid.domain.money import CURRENCIES, MAX_AMOUNT, Money
from starbid.domain.typed_numbers import typed_amount
from starbid.domain.unfinished import BidAct
from starbid.i18n import Language
from starbid.services.views import LotView
from starbid.telegram.kind_words import words_of
from starbid.telegram.updates import Said
from webhook import asking, callback_data
from webhook.conversation import Conversation
from webhook.questions import Question
from webhook.registry import screens
from webhook.screens import bidding
from webhook.screens.about_lot import bid_on, closed_to, show_changed, view_of


@dataclass(frozen=True)
class AskMaximum(Question):
    """`card_version`: of the words that the person saw."""

    name = "maximum"
    lot: str
    card_version: int

    @property
    def again(self) -> str:
        return f"m:{self.lot}:{self.card_version}"


@screens.press("m")
def press_maximum(chat: Conversation, args: list[str]) -> None:
    """Ask for the person's own maximum."""
    lot, version = callback_data.parts(args if len(args) > 1 else [*args, str(FIRST_VERSION)], 2)
    seen, view = callback_data.number(version), view_of(chat, lot)
    if closed_to(chat, view, chat.now):
        return
    if seen != view.lot.auction.card_version:
        show_changed(chat, view, LotChanged(view.lot.auction.card_version))
        return
    asking.ask(chat, AskMaximum(view.lot.auction.id, seen), _question(chat, view))


@screens.answer(AskMaximum, takes_anything=True)
def answer_maximum(chat: Conversation, question: AskMaximum, said: Said) -> None:
    view = bid_on(chat, question.lot)
    words, auction = chat.words, view.lot.auction
    if closed_to(chat, view, chat.arrived):
        return
    if question.card_version != auction.card_version:
        show_changed(chat, view, LotChanged(auction.card_version))
        return
    amount = typed_amount(said.text, auction.currency)
    least = least_bid(auction, chat.person.id, view.your_maximum)
    if amount is None or not 1 <= amount.amount <= MAX_AMOUNT:
        raise asking.AskAgain(_no_amount(words, least))
    if amount < least and not bidding.is_mine(view, amount):
        lowest = words._("The lowest bid is now {price}. Send that or more, or /cancel.", price=words.money(least))
        raise asking.AskAgain(lowest)
    bidding.place(chat, view, BidAct(auction.id, amount, question.card_version))


def _no_amount(words: Language, least: Money) -> str:
    if CURRENCIES[least.currency].is_whole:
        return words._("That is not a whole number. Send one from {least} up, or /cancel.", least=words.money(least))
    return words._("That is not an amount. Send one from {least} up, or /cancel.", least=words.money(least))


def _question(chat: Conversation, view: LotView) -> str:
    """Asks for an amount, as the kind of auction wants it; raises NotBiddable."""
    if view.next_min_bid is None:
        raise NotBiddable
    least = least_bid(view.auction, chat.person.id, view.your_maximum)
    return words_of(view).question(view, least, chat.words)
