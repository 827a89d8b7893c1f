"""A lot explains itself: the rules of its kind while it runs, why it cost what it did once it is sold."""

from __future__ import annotations

from starbid.domain.auction import Status
from starbid.domain.kinds import kind_of
from starbid.services.views import LotView
from starbid.telegram import keyboards
from starbid.telegram.card_words import quoted
from starbid.telegram.html import escape
from starbid.telegram.rating_words import as_seller
from starbid.telegram.verify_link import verify_link
from webhook import callback_data
from webhook.conversation import Conversation
from webhook.registry import screens
from webhook.screens.about_lot import open_button, view_of


@screens.press("k", keeps_question=True)
def press(chat: Conversation, args: list[str]) -> None:
    """The button on a card; the same for everybody who presses it."""
    (auction_id,) = callback_data.parts(args, 1)
    view = view_of(chat, auction_id)
    sold = view.status is Status.SOLD
    lines = _receipt(chat, view) if sold else _rules(chat, view)
    site = keyboards.site(chat.words._("Open on the site"), f"/auction/{view.lot.auction.id}", chat.app.settings)
    tell = chat.conclude if sold else chat.show
    report = () if view.is_seller else (keyboards.report(chat.words._("Report this lot"), view.lot.auction.id),)
    tell("\n".join(lines), (open_button(chat, view), site), report)


def _rules(chat: Conversation, view: LotView) -> list[str]:
    words, auction = chat.words, view.lot.auction
    kind = kind_of(auction)
    lines = [quoted(view.lot.card.title, words), f"<b>{escape(words.say(kind.label).capitalize())}</b>"]
    lines += [f"• {escape(words.say(rule))}" for rule in kind.rules(auction, chat.now)]
    seller = chat.app.store.person(auction.seller_id)
    if seller and seller.is_called(view.lot.card.seller_public_id):
        lines.append(words._("The seller: {standing}", standing=as_seller(seller.reputation, words)))
    return lines


def _receipt(chat: Conversation, view: LotView) -> list[str]:
    words, auction = chat.words, view.lot.auction
    head = words._("{lot} was sold for {price}.", lot=quoted(view.lot.card.title, words), price=words.money(view.price))
    said = [escape(words.say(sentence)) for sentence in kind_of(auction).why(auction)]
    return [head, *said, verify_link(auction, words, chat.app.settings)]
