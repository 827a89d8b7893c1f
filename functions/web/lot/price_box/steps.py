"""Buttons and notes of a price box that more than one kind of auction has."""

from __future__ import annotations

from urllib.parse import urlencode

from starbid.domain.auction import Status
from starbid.domain.kinds import least_bid
from starbid.domain.money import CURRENCIES, Money, TopUp
from starbid.domain.unfinished import BidAct, BuyAct
from starbid.i18n import Language
from starbid.services.views import LotView
from web.lot.price_box.parts import Fact
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
    return BidAct(view.lot.auction.id, maximum, view.lot.auction.card_version)


def buy_act(view: LotView, price: Money) -> BuyAct:
    """A purchase at that price of what the page shows."""
    return BuyAct(view.lot.auction.id, price, view.lot.auction.card_version)


def lacking(missing: Money, words: Language) -> Note:
    """What one without the money is told."""
    _ = words._
    title = _("A bid needs {missing} more", missing=words.money(missing))
    by_stars = _("Every bid is covered by Stars in the wallet.")
    by_money = _("Every bid is covered by money in the wallet.")
    in_stars = CURRENCIES[missing.currency].top_up is TopUp.STARS
    return Note("", "wallet", title, by_stars if in_stars else by_money)


def next_bid(view: LotView, words: Language) -> tuple[Fact, ...]:
    """The least that a bid must be now, for those who find no field for it; where bids are public."""
    least, _ = view.next_min_bid, words._
    if least is None or view.kind.is_sealed or view.status is not Status.LIVE:
        return ()
    amount = words.money(least)
    first = not view.auction.bids_count
    return (Fact(_("first bid {amount}", amount=amount) if first else _("next bid {amount}", amount=amount)),)


def buy_now(view: LotView, words: Language, missing: Money | None = None) -> tuple[Fact, ...]:
    """The price at which the lot can be had at once, for those who find no button for it, and what they lack."""
    price, _ = view.buy_now_price, words._
    if price is None or view.kind.falls:
        return ()
    amount = words.money(price)
    if missing:
        return (Fact(_("buy now {price}: {missing} more needed", price=amount, missing=words.money(missing))),)
    return (Fact(_("buy now {price}", price=amount)),)


def purchase(view: LotView, price: Money, label: str, text: str, words: Language, style: str = "") -> Step:
    """A button that buys the lot at the price that is on it, after a second press."""
    url = f"/auction/{view.lot.auction.id}/buy"
    fields = {"seen_price": amounts.typed(price), "card_version": str(view.lot.auction.card_version)}
    return Step(label, url, fields, text, words._("Buy"), style, key="buy")


def inputmode(view: LotView) -> str:
    return "numeric" if CURRENCIES[view.lot.auction.currency].is_whole else "decimal"
