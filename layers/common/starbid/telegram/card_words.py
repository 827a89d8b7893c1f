"""What a card says about a lot and about the one who looks: the words of every kind and state."""

from __future__ import annotations

from datetime import datetime

from starbid.domain.auction import Status
from starbid.domain.deals import Deal, DealState
from starbid.i18n import Language
from starbid.services.views import LotView
from starbid.telegram.html import title
from starbid.telegram.kind_words import words_of


def quoted(lot_title: str, words: Language) -> str:
    """A lot's title as the head of a line."""
    return words._("“{title}”", title=title(lot_title, words))


def price_meaning(view: LotView, words: Language, now: datetime) -> str:
    """What the price of a lot means in its present state."""
    _ = words._
    match view.status:
        case Status.SCHEDULED:
            return _("start price")
        case Status.LIVE | Status.CLOSING:
            return words_of(view).price(view, words, now)
        case Status.SOLD if view.fell_through:
            return _("the sale fell through")
        case Status.SOLD:
            return _("sold")
        case Status.UNSOLD:
            return _("not sold")
        case _:
            return _("withdrawn")


def needs_meaning(view: LotView) -> bool:
    """Whether the price of a lot in a list says too little by itself: nobody has bid it, or it will not stay."""
    return view.status.is_open and (view.kind.is_sealed or view.kind.falls)


def facts_line(view: LotView, words: Language) -> str:
    """How many bids, which kind of auction, whether the reserve is met where that may be known, and the price at which
    it can be bought at once where no button says it.
    """
    parts = [words_of(view).count(view, words), words.say(view.kind.label)]
    if view.reserve_met is not None and view.status in (Status.LIVE, Status.CLOSING):
        parts.append(words._("reserve met") if view.reserve_met else words._("reserve not met"))
    if view.buy_now_price and not view.may_bid and not view.kind.falls:
        parts.append(words._("buy now {price}", price=words.money(view.buy_now_price)))
    return " · ".join(part for part in parts if part)


def falling_line(view: LotView, words: Language) -> str:
    """How the price of an open lot falls; empty where it does not."""
    return words_of(view).rule(view, words) if view.status.is_open else ""


def standing(view: LotView, words: Language, *, bidding: bool) -> str:
    """How the one who looks stands: leading, outbid, won, or the step of the deal that is next.

    `bidding`: they have bid on the lot.
    """
    if view.deal:
        return deal_line(view, view.deal, words)
    if view.is_seller:
        return words._("This is your lot.")
    if view.status is Status.SOLD and bidding:
        return words._("It went to somebody else; none of your money is frozen for it.")
    if view.status is not Status.LIVE:
        return ""
    return words_of(view).standing(view, words, bidding=bidding)


def deal_line(view: LotView, deal: Deal, words: Language) -> str:
    """Where a deal stands, and whose turn it is, for one of its two sides."""
    _ = words._
    match deal.state:
        case DealState.AWAITING_DELIVERY if view.is_seller:
            return _(
                "Sold. Your action needed: send it to the buyer. You get {payout} once the buyer confirms.",
                payout=words.money(deal.payout),
            )
        case DealState.AWAITING_DELIVERY:
            return _(
                "You won. Now the seller sends it; Starbid keeps {price} until you confirm.",
                price=words.money(deal.price),
            )
        case DealState.DELIVERED if view.is_seller:
            return _(
                "Sent. {payout} is yours when the buyer confirms, or automatically on {moment}.",
                payout=words.money(deal.payout),
                moment=words.moment(deal.due_at or deal.sold_at),
            )
        case DealState.DELIVERED:
            return _(
                "Sent to you. Your action needed: check it and confirm. Without a dispute it is confirmed "
                "automatically on {moment}.",
                moment=words.moment(deal.due_at or deal.sold_at),
            )
        case DealState.COMPLETED if view.is_seller:
            return _("The deal is complete: {payout} is in your wallet.", payout=words.money(deal.payout))
        case DealState.COMPLETED:
            return _("The deal is complete. The lot is yours.")
        case DealState.REFUNDED if view.is_seller:
            return _("The buyer got the money back.")
        case DealState.REFUNDED:
            return _("Your {price} went back to your wallet.", price=words.money(deal.price))
        case _ if view.is_seller and not deal.answer:
            return _(
                "The buyer opened a dispute. Your action needed: answer. An operator reads both sides and decides."
            )
        case _:
            return _("There is a dispute about this deal. An operator reads both sides and decides.")
