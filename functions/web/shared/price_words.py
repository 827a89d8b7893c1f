"""What a price means, in the few words under it."""

from __future__ import annotations

from starbid.domain.auction import Status
from starbid.i18n import Language
from starbid.services.views import LotView
from web.shared.names import is_falling, is_sealed


def means_of(view: LotView, words: Language) -> str:
    auction = view.lot.auction
    if view.fell_through:
        return words._("the sale fell through")
    lowest = view.price == auction.terms.floor_price
    return price_means(view.status, auction.bids_count, auction.terms.kind, words, lowest=lowest)


def price_means(status: Status, bids_count: int, kind: str, words: Language, *, lowest: bool = False) -> str:
    """What the price is, under it. `lowest`: it has fallen as far as it does."""
    _ = words._
    match status:
        case Status.SOLD:
            return _("sold for")
        case Status.UNSOLD if is_falling(kind):
            return _("lowest price, not sold")
        case Status.UNSOLD:
            return _("highest bid, not sold") if bids_count and not is_sealed(kind) else _("start price, not sold")
        case Status.CANCELLED:
            return _("cancelled")
        case Status.LIVE | Status.CLOSING if is_falling(kind):
            return _("now, as low as it gets") if lowest else _("now, falling")
        case _ if is_sealed(kind):
            return _("smallest bid; bids are sealed")
        case _:
            return _("current bid") if bids_count else _("starts at")
