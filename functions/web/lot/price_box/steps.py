"""Buttons and notes of a price box that more than one kind of auction has."""

from __future__ import annotations

from urllib.parse import urlencode

from starbid.domain.kinds import least_bid
from starbid.domain.money import CURRENCIES, Money
from starbid.domain.unfinished import BidAct
from starbid.i18n import Language
from starbid.services.views import LotView
from web.shared import amounts
from web.shared.steps import Note, Step


def least_for(view: LotView) -> Money:
    """The least that the one who looks may bid."""
    return least_bid(view.lot.auction, view.viewer_id or 0, view.your_maximum)


def login(view: LotView, words: Language, style: str = "") -> Step:
    query = urlencode({"next": f"/auction/{view.lot.auction.id}"})
    return Step(words._("Log in with Telegram"), f"/login?{query}", style=style)


def bid_act(view: LotView, maximum: Money) -> BidAct:
    """A bid on the words that the page shows."""
    return BidAct(view.lot.auction.id, maximum, view.lot.card.version)


def lacking(missing: Money, words: Language) -> Note:
    """What one without the money is told."""
    _ = words._
    title = _("A bid needs {missing} more", missing=words.money(missing))
    return Note("", "wallet", title, _("Every bid is covered by Stars in the wallet."))


def purchase(view: LotView, price: Money, label: str, text: str, words: Language, style: str = "") -> Step:
    """A button that buys the lot at the price that is on it, after a second press."""
    url = f"/auction/{view.lot.auction.id}/buy"
    fields = {"seen_price": amounts.typed(price), "card_version": str(view.lot.card.version)}
    return Step(label, url, fields, text, words._("Buy"), style, key="buy")


def inputmode(view: LotView) -> str:
    return "numeric" if CURRENCIES[view.lot.auction.currency].is_whole else "decimal"
