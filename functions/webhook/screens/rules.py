"""A lot explains itself: the rules of its kind while it runs, why it cost what it did once it is sold."""

from __future__ import annotations

from starbid.domain.auction import Status
from starbid.domain.kinds import kind_of
from starbid.services.views import LotView
from starbid.telegram import keyboards
from starbid.telegram.card_words import quoted
from starbid.telegram.html import escape
from starbid.telegram.rating_words import as_seller
from webhook import reading
from webhook.registry import screens
from webhook.screens.about_lot import open_button, view_of
from webhook.talk import Talk


@screens.press("k", keeps_question=True)
def press(talk: Talk, args: list[str]) -> None:
    """The button on a card; the same for everybody who presses it."""
    (auction_id,) = reading.parts(args, 1)
    view = view_of(talk, auction_id)
    lines = _receipt(talk, view) if view.status is Status.SOLD else _rules(talk, view)
    site = keyboards.site(talk.words._("Open on the site"), f"/auction/{view.lot.auction.id}", talk.app.settings)
    talk.show("\n".join(lines), (open_button(talk, view), site))


def _rules(talk: Talk, view: LotView) -> list[str]:
    words, auction = talk.words, view.lot.auction
    kind = kind_of(auction)
    lines = [quoted(view.lot.card.title, words), f"<b>{escape(words.say(kind.label).capitalize())}</b>"]
    lines += [f"• {escape(words.say(rule))}" for rule in kind.rules(auction.terms)]
    seller = talk.app.store.person(auction.seller_id)
    if seller:
        lines.append(words._("The seller: {standing}", standing=as_seller(seller.reputation, words)))
    return lines


def _receipt(talk: Talk, view: LotView) -> list[str]:
    words, auction = talk.words, view.lot.auction
    head = words._("{lot} was sold for {price}.", lot=quoted(view.lot.card.title, words), price=words.money(view.price))
    said = [escape(words.say(sentence)) for sentence in kind_of(auction).why(auction)]
    return [head, *said, words._("All bids, and the log with which they can be checked, are on the site.")]
