"""What a card says about a lot and about the one who looks: the words of every kind and state."""

from __future__ import annotations

from datetime import datetime, timedelta

from starbid.domain.auction import Status
from starbid.domain.deals import Deal, DealState
from starbid.domain.kinds import KINDS
from starbid.domain.kinds.dutch import next_drop_at
from starbid.i18n import Language
from starbid.services.views import LotView
from starbid.telegram.html import title


def quoted(lot_title: str, words: Language) -> str:
    """A lot's title as the head of a line."""
    return words._("“{title}”", title=title(lot_title, words))


def price_meaning(view: LotView, words: Language, now: datetime) -> str:
    """What the price of a lot means in its present state."""
    _, terms = words._, view.lot.auction.terms
    match view.status:
        case Status.LIVE if terms.drop_seconds:
            return _falling(view, words, now)
        case Status.SCHEDULED:
            return _("start price")
        case Status.LIVE | Status.CLOSING:
            return _("current bid") if view.lot.auction.bids_count and not terms.sealed else _("start price")
        case Status.SOLD if view.fell_through:
            return _("the sale fell through")
        case Status.SOLD:
            return _("sold")
        case Status.UNSOLD:
            return _("not sold")
        case _:
            return _("cancelled")


def _falling(view: LotView, words: Language, now: datetime) -> str:
    auction = view.lot.auction
    falls_at = next_drop_at(auction.terms, auction.starts_at, now)
    if falls_at is None or falls_at >= auction.ends_at:
        return words._("the price now; it falls no further")
    return words._("the price now; it falls in {time}", time=words.time_left(falls_at - now))


def needs_meaning(view: LotView) -> bool:
    """Whether the price of a lot in a list says too little by itself: nobody has bid it, or it will not stay."""
    terms = view.lot.auction.terms
    return view.status in (Status.SCHEDULED, Status.LIVE) and bool(terms.sealed or terms.drop_seconds)


def facts_line(view: LotView, words: Language) -> str:
    """How many bids, which kind of auction, and whether the reserve is met where that may be known."""
    auction = view.lot.auction
    kind = words.say(KINDS[auction.terms.kind].label)
    parts = [kind] if auction.terms.drop_seconds else [words.ngettext("{n} bid", "{n} bids", auction.bids_count), kind]
    if view.reserve_met is not None and view.status in (Status.LIVE, Status.CLOSING):
        parts.append(words._("reserve met") if view.reserve_met else words._("reserve not met"))
    return " · ".join(parts)


def falling_line(view: LotView, words: Language) -> str:
    """How the price of a Dutch lot falls; empty of any other, and of one that is over."""
    terms = view.lot.auction.terms
    if terms.drop_amount is None or terms.floor_price is None or view.status not in (Status.LIVE, Status.SCHEDULED):
        return ""
    return words._(
        "Falls by {drop} {every}, down to {floor}.",
        drop=words.money(terms.drop_amount),
        every=words.every(timedelta(seconds=terms.drop_seconds or 0)),
        floor=words.money(terms.floor_price),
    )


def standing(view: LotView, words: Language, *, bidding: bool) -> str:
    """How the one who looks stands: leading, outbid, won, or the step of the deal that is next.

    `bidding`: they have bid on the lot.
    """
    if view.deal:
        return deal_line(view, view.deal, words)
    if view.is_seller:
        return words._("This is your lot.")
    if view.status is Status.SOLD and bidding:
        return words._("It went to somebody else; nothing of yours is held for it.")
    if view.status is not Status.LIVE:
        return ""
    if view.lot.auction.terms.sealed:
        return sealed_standing(view, words)
    if view.you_lead and view.your_maximum:
        return words._("🟢 You lead. Your maximum is {maximum}.", maximum=words.money(view.your_maximum))
    return words._("🟠 You were outbid.") if bidding else ""


def sealed_standing(view: LotView, words: Language) -> str:
    """One's own sealed bid, or that bids are hidden."""
    if view.your_maximum is None:
        return words._("Bids are hidden until the end.")
    return words._("🔒 Your sealed bid: {amount}, set aside until the end.", amount=words.money(view.your_maximum))


def maximum_label(view: LotView, words: Language) -> str:
    """The button that asks for an amount."""
    if view.lot.auction.terms.sealed:
        return words._("Raise my bid") if view.your_maximum else words._("Place a sealed bid")
    return words._("Raise my maximum") if view.you_lead else words._("My maximum")


def deal_line(view: LotView, deal: Deal, words: Language) -> str:
    """Where a deal stands, and whose turn it is, for one of its two sides."""
    _ = words._
    match deal.state:
        case DealState.AWAITING_DELIVERY if view.is_seller:
            return _(
                "Sold. Your turn: deliver it. You get {payout} once the buyer confirms.",
                payout=words.money(deal.payout),
            )
        case DealState.AWAITING_DELIVERY:
            return _(
                "You won. The seller delivers next; {price} is kept safe until then.", price=words.money(deal.price)
            )
        case DealState.DELIVERED if view.is_seller:
            return _(
                "Delivered. {payout} is yours when the buyer confirms, or by itself on {moment}.",
                payout=words.money(deal.payout),
                moment=words.moment(deal.due_at or deal.sold_at),
            )
        case DealState.DELIVERED:
            return _(
                "Delivered. Your turn: look at it and confirm. Unless you object, it counts as confirmed on {moment}.",
                moment=words.moment(deal.due_at or deal.sold_at),
            )
        case DealState.COMPLETED if view.is_seller:
            return _("The deal is done: {payout} went to your wallet.", payout=words.money(deal.payout))
        case DealState.COMPLETED:
            return _("The deal is done. You own it.")
        case DealState.REFUNDED if view.is_seller:
            return _("The money went back to the buyer.")
        case DealState.REFUNDED:
            return _("Your {price} went back to your wallet.", price=words.money(deal.price))
        case _ if view.is_seller and not deal.answer:
            return _("The buyer objects. Your turn: answer. An operator reads both sides and decides.")
        case _:
            return _("There is a dispute about this deal. An operator reads both sides and decides.")
