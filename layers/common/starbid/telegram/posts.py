"""A lot as a post in a group or channel: what everybody may see, in the language that its admin chose, with one button
that bids a step more.

It is edited as the lot moves, but read at any time: so it names moments, and not how long it is until then.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from starbid import links
from starbid.config import Settings
from starbid.domain.lots import Lot
from starbid.i18n import Language
from starbid.services.views import LotView, view_lot
from starbid.telegram import keyboards
from starbid.telegram.card_words import facts_line, falling_line, price_line, until_line
from starbid.telegram.cards import Drawn, card_title, described
from starbid.telegram.html import escape
from starbid.telegram.keyboards import Button, Keyboard
from starbid.telegram.kind_words import words_of


@dataclass(frozen=True, slots=True)
class PostStyle:
    """What a post depends on besides the lot."""

    words: Language
    now: datetime
    settings: Settings


def draw_post(lot: Lot, style: PostStyle) -> Drawn:
    """Caption (under 1024 units, HTML) and keyboard."""
    view = view_lot(lot, None, style.now)
    return Drawn(_caption(view, style), _keyboard(view, style))


def draw_result(lot: Lot, style: PostStyle) -> Drawn:
    """What came of a lot, in few words and without its picture."""
    view = view_lot(lot, None, style.now)
    return Drawn("\n".join(_head(view, style)), _keyboard(view, style))


def _head(view: LotView, style: PostStyle) -> list[str]:
    words, now = style.words, style.now
    return [f"<b>{escape(card_title(view))}</b>", price_line(view, words, now), until_line(view, words, now)]


def _caption(view: LotView, style: PostStyle) -> str:
    lines = [
        *_head(view, style),
        facts_line(view, style.words, buttons=False),
        falling_line(view, style.words),
    ]
    shown = "\n".join(line for line in lines if line)
    return described(shown, "" if view.status.is_final else view.lot.card.description)


def _keyboard(view: LotView, style: PostStyle) -> Keyboard:
    words, auction = style.words, view.lot.auction
    open_it = Button(words._("Open the lot"), url=links.to_lot(style.settings.bot_username, auction.id))
    if not view.may_bid or view.next_min_bid is None or not words_of(view).one_tap:
        return ((open_it,),)
    text = words._("Bid {price}", price=words.money(view.next_min_bid))
    return ((keyboards.post_bid(text, auction.id, view.next_min_bid, auction.version),), (open_it,))
