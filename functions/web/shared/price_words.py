"""What a price means, in the few words under it."""

from __future__ import annotations

from starbid.domain.auction import Status
from starbid.domain.kinds import Kind
from starbid.i18n import Language
from starbid.services.views import LotView


def means_of(view: LotView, words: Language) -> str:
    if view.fell_through:
        return words._("the sale fell through")
    if view.is_buyer:
        return words._("bought for")
    falls = view.kind.descent(view.auction.terms)
    lowest = falls is not None and view.price == falls.floor
    return price_means(view.status, view.auction.bids_count, view.kind, words, lowest=lowest)


def price_means(status: Status, bids_count: int, kind: Kind, words: Language, *, lowest: bool = False) -> str:
    """What the price is, under it. `lowest`: it has fallen as far as it does."""
    _ = words._
    match status:
        case Status.SOLD:
            return _("sold for")
        case Status.UNSOLD if kind.falls:
            return _("lowest price, not sold")
        case Status.UNSOLD:
            return _("highest bid, not sold") if bids_count and not kind.is_sealed else _("start price, not sold")
        case Status.CANCELLED:
            return _("withdrawn")
        case Status.LIVE | Status.CLOSING if kind.falls:
            return _("lowest price") if lowest else _("current price, dropping")
        case _ if kind.is_sealed:
            return _("lowest bid · bids are hidden")
        case _:
            return _("current bid") if bids_count else _("starts at")
