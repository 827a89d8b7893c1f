"""Ratings in words: those of a deal that may be read, and what they add up to."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from starbid.domain.deal_ratings import visible_ratings
from starbid.domain.deals import Deal
from starbid.domain.people import Reputation
from starbid.domain.ratings import Rating
from starbid.i18n import Language
from starbid.services.views import LotView
from starbid.telegram.html import cut, escape, one_line

SHOWN_UNITS = 150
"""Of a rating's text on a card; the whole of it is in the notice and on the site."""


def received(deal: Deal, as_seller: bool, now: datetime) -> Rating | None:
    """What the other side said of this one, once it may be read."""
    return next((rating for rating in visible_ratings(deal, now) if rating.by_seller is not as_seller), None)


def rating_line(view: LotView, words: Language, now: datetime) -> str:
    """How the one who looks was rated; empty before that may be known."""
    rating = received(view.deal, view.is_seller, now) if view.deal else None
    if rating is None:
        return ""
    said = f" {quoted_rating(rating, SHOWN_UNITS)}" if rating.text else ""
    return words._("The other side rated you {stars}.", stars="★" * rating.stars) + said


def quoted_rating(rating: Rating, most: int) -> str:
    """The text of a rating, cut to `most` UTF-16 units, as HTML."""
    return f"<i>{escape(cut(one_line(rating.text), most))}</i>"


def as_seller(known: Reputation, words: Language) -> str:
    """Average, ratings and deals of a seller."""
    deals = words.ngettext("{n} sale", "{n} sales", known.sold) if known.sold else words._("no sales yet")
    return _summed(known.seller_average, known.seller_ratings, deals, words)


def as_buyer(known: Reputation, words: Language) -> str:
    """Average, ratings and deals of a buyer."""
    deals = words.ngettext("{n} purchase", "{n} purchases", known.bought) if known.bought else ""
    return _summed(known.buyer_average, known.buyer_ratings, deals or words._("no purchases yet"), words)


def _summed(average: Decimal | None, ratings: int, deals: str, words: Language) -> str:
    if average is None:
        return f"{deals} · {words._('no ratings yet')}"
    shown = words.decimal(str(average))
    return f"★ {shown} · {words.ngettext('{n} rating', '{n} ratings', ratings)} · {deals}"
