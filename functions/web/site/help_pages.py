"""Help for people: buying, selling, fees, safety. Every number in it is a setting, or a rule of the domain."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from starbid.domain.auction import MAX_DURATION
from starbid.domain.deals import ADDRESS_TIME, PHYSICAL_RELEASE_DAYS
from starbid.domain.disputes import DISPUTE_TIME
from starbid.domain.lots import MAX_PICTURES
from starbid.domain.money import Money, stars
from starbid.domain.payments import LEAST_STARS_PAYOUT
from starbid.domain.ratings import RATING_TIME
from starbid.i18n import Language
from starbid.services.settings import Business
from web.kernel.http import Request, Response
from web.kernel.routing import Router
from web.shared.context import page_words, show

router = Router()
EXAMPLE_PRICE, EXAMPLE_MAXIMUM = stars(200), stars(500)


def _page(name: str) -> Callable[[Request], Response]:
    def page(request: Request) -> Response:
        words, business = page_words(request), request.app.settings.business
        return show(
            request,
            f"site/help/{name}.html",
            chapters=_chapters(words),
            business=business,
            span=_spans(business, words),
            photos=MAX_PICTURES,
            example=_example(business),
            least_payout=LEAST_STARS_PAYOUT,
        )

    return page


for _address, _name in (
    ("/help", "contents"),
    ("/help/buying", "buying"),
    ("/help/selling", "selling"),
    ("/help/fees", "fees"),
    ("/help/safety", "safety"),
):
    router.get(_address)(_page(_name))


def _chapters(words: Language) -> dict[str, str]:
    """The pages of help by their address, in the order in which people need them."""
    _ = words._
    return {
        "/help/buying": _("Buying"),
        "/help/selling": _("Selling"),
        "/help/fees": _("Fees"),
        "/help/safety": _("Safety"),
    }


def _spans(business: Business, words: Language) -> dict[str, str]:
    """How long everything takes, in words."""
    times = business.deal_times
    lengths = {
        "address": ADDRESS_TIME,
        "delivery": timedelta(days=times.delivery_days),
        "release": timedelta(days=times.release_days),
        "physical_release": timedelta(days=PHYSICAL_RELEASE_DAYS),
        "rating": RATING_TIME,
        "dispute": DISPUTE_TIME,
        "payout": timedelta(days=business.payout_hold_days),
        "shortest": timedelta(seconds=business.min_auction_seconds),
        "longest": MAX_DURATION,
    }
    return {name: words.span(length) for name, length in lengths.items()}


def _example(business: Business) -> dict[str, Money]:
    """A price, a maximum above it, and what a seller gets of the price."""
    payout = EXAMPLE_PRICE - EXAMPLE_PRICE.percent(business.fee_percent)
    return {"price": EXAMPLE_PRICE, "maximum": EXAMPLE_MAXIMUM, "payout": payout}
