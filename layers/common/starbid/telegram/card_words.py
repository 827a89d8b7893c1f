"""What a card says about a lot and about the one who looks: the words of every kind and state."""

from __future__ import annotations

from datetime import datetime

from starbid import deal_words
from starbid.domain.auction import Status
from starbid.domain.deal_progress import progress
from starbid.domain.deals import Deal, DealState, DealTimes
from starbid.i18n import Language
from starbid.services.views import LotView
from starbid.telegram.html import TITLE, title
from starbid.telegram.kind_words import words_of


def quoted(lot_title: str, words: Language, most: int = TITLE) -> str:
    """A lot's title as the head of a line, of at most so many units."""
    return words._("“{title}”", title=title(lot_title, words, most))


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
        case Status.SOLD if view.is_buyer:
            return _("bought")
        case Status.SOLD:
            return _("sold")
        case Status.UNSOLD:
            return _("not sold")
        case _:
            return _("withdrawn")


def price_line(view: LotView, words: Language, now: datetime) -> str:
    """The price of a lot, and what it means."""
    return f"<b>{words.money(view.price)}</b> · {price_meaning(view, words, now)}"


def time_line(view: LotView, words: Language, now: datetime) -> str:
    """How long a lot goes on, or when it began or ended."""
    auction = view.lot.auction
    match view.status:
        case Status.SCHEDULED:
            return words._("Starts {moment}", moment=words.moment(auction.starts_at))
        case Status.LIVE if view.stands_still:
            return words._("{time} left, paused", time=words.time_left(view.left))
        case Status.LIVE:
            left = words.time_left(auction.ends_at - now)
            return words._("{time} left · until {moment}", time=left, moment=words.moment(auction.ends_at))
        case Status.CLOSING:
            return words._("Time is up. The result will be here in a moment.")
        case _:
            return words._("Ended {moment}", moment=words.moment(auction.ended_at or auction.ends_at))


def until_line(view: LotView, words: Language, now: datetime) -> str:
    """The same where it is read at any time after: when a lot ends, and not how long it goes on."""
    if view.status is Status.LIVE and not view.stands_still:
        return words._("Until {moment}", moment=words.moment(view.lot.auction.ends_at))
    return time_line(view, words, now)


def time_left(view: LotView, words: Language) -> str:
    """Of a live lot in a list."""
    left = words.time_left(view.left)
    return words._("{time} left, paused", time=left) if view.stands_still else words._("{time} left", time=left)


def needs_meaning(view: LotView) -> bool:
    """Whether the price of a lot in a list says too little by itself: nobody has bid it, or it will not stay."""
    return view.status.is_open and (view.kind.is_sealed or view.kind.falls)


def facts_line(view: LotView, words: Language, *, buttons: bool = True) -> str:
    """How many bids, which kind of auction where it is no ordinary one, whether the reserve is met where that may be
    known, and the price at which it can be bought at once where no button says it. `buttons`: whether there are those
    of one who may bid.
    """
    parts = [words_of(view).count(view, words), words.say(view.kind.badge) if view.kind.badge else ""]
    if view.reserve_met is not None and view.status in (Status.LIVE, Status.CLOSING):
        parts.append(words._("reserve met") if view.reserve_met else words._("reserve not met"))
    if view.buy_now_price and not (buttons and view.may_bid) and not view.kind.falls:
        parts.append(words._("buy now {price}", price=words.money(view.buy_now_price)))
    return " · ".join(part for part in parts if part)


def falling_line(view: LotView, words: Language) -> str:
    """How the price of an open lot falls; empty where it does not."""
    return words_of(view).rule(view, words) if view.status.is_open else ""


def standing(view: LotView, words: Language, now: datetime, times: DealTimes, *, bidding: bool) -> str:
    """How the one who looks stands: leading, outbid, won, or the step of the deal that is next.

    `bidding`: they have bid on the lot.
    """
    if view.deal:
        return deal_line(view, view.deal, words, now, times)
    if view.is_seller:
        return words._("This is your lot.")
    if view.lot.auction.offer_to(view.viewer_id, now):
        return ""
    if view.status is Status.SOLD and bidding:
        return words._("It went to somebody else; none of your money is frozen for it.")
    if view.status is not Status.LIVE:
        return ""
    return words_of(view).standing(view, words, bidding=bidding)


def deal_line(view: LotView, deal: Deal, words: Language, now: datetime, times: DealTimes) -> str:
    """Where a deal stands, who has to do what until when, and what follows by itself, for one of its two sides."""
    if not deal.is_open:
        return _ended(view, deal, words)
    told = [deal_waits(view, deal, words, now, times)]
    then = deal_words.then(deal, progress(deal, now, times), is_buyer=view.is_buyer)
    if then:
        told.append(words.say(then))
    return " ".join(told)


def deal_waits(view: LotView, deal: Deal, words: Language, now: datetime, times: DealTimes) -> str:
    """Who has to do what in an open deal, and until when, in one or two sentences."""
    stands = progress(deal, now, times)
    said = words.say(deal_words.waits(deal, stands, is_buyer=view.is_buyer)) + "."
    return (
        f"{words._('Your action needed.')} {said}" if deal_words.needs(deal, stands, is_buyer=view.is_buyer) else said
    )


def _ended(view: LotView, deal: Deal, words: Language) -> str:
    _ = words._
    match deal.state:
        case DealState.COMPLETED if view.is_seller:
            return _("The deal is complete: {payout} is in your wallet.", payout=words.money(deal.payout))
        case DealState.COMPLETED:
            return _("The deal is complete. The lot is yours.")
        case _ if view.is_seller:
            return _("The buyer got the money back.")
        case _:
            return _("Your {price} went back to your wallet.", price=words.money(deal.price))
