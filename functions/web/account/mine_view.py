"""A person's own lots and bids: how each stands, and what to do next."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from starbid.domain.auction import Status
from starbid.domain.deal_ratings import may_rate
from starbid.domain.deals import DealState
from starbid.domain.kinds import least_bid
from starbid.domain.money import Money
from starbid.domain.relisting import may_relist
from starbid.i18n import Language
from starbid.services.auctions.browsing import MyBid
from starbid.services.views import LotView
from web.shared.cards import LotCard, Standing, card_of_lot


@dataclass(frozen=True)
class MyLine:
    """A lot in a list of one's own. `next` says what to do, `button` leads there; `extra` is one's own amount.

    `watched`: it stands in the watch list, and can be taken off it. `relists`: one click puts it up again.
    """

    card: LotCard
    next: str = ""
    button: str = ""
    extra_text: str = ""
    extra: Money | None = None
    watched: bool = False
    relists: bool = False


@dataclass(frozen=True)
class Group:
    title: str
    lines: tuple[MyLine, ...]


def grouped(lines: Iterable[tuple[str, MyLine]], titles: dict[str, str]) -> tuple[Group, ...]:
    """Lines under the titles of their keys, in the order of the titles; empty groups are left out."""
    known = list(lines)
    groups = (Group(title, tuple(line for key, line in known if key == group)) for group, title in titles.items())
    return tuple(group for group in groups if group.lines)


def my_lot(view: LotView, words: Language, now: datetime) -> tuple[str, MyLine]:
    """A lot that the person sells, with the name of its group: `act`, `live`, `scheduled` or `ended`."""
    _ = words._
    match view.status:
        case Status.LIVE:
            return "live", MyLine(card_of_lot(view, _reserve(view, words), words))
        case Status.SCHEDULED:
            return "scheduled", MyLine(card_of_lot(view, None, words))
        case Status.CLOSING:
            return "live", MyLine(card_of_lot(view, Standing("", _("closing")), words))
        case Status.SOLD if view.deal:
            return _sold(view, words, now)
        case Status.SOLD:
            return "ended", MyLine(card_of_lot(view, Standing("good", _("sold")), words))
        case Status.UNSOLD:
            card = card_of_lot(view, Standing("", _("not sold")), words)
            return "ended", MyLine(card, relists=may_relist(view.lot, view.viewer_id, now))
        case _:
            return "ended", MyLine(
                card_of_lot(view, Standing("", _("withdrawn")), words),
                relists=may_relist(view.lot, view.viewer_id, now),
            )


def _reserve(view: LotView, words: Language) -> Standing | None:
    if view.reserve_met is None:
        return None
    met = view.reserve_met
    return Standing("good" if met else "warn", words._("reserve met") if met else words._("reserve not met"))


def _sold(view: LotView, words: Language, now: datetime) -> tuple[str, MyLine]:
    assert view.deal is not None
    _, deal = words._, view.deal
    match deal.state:
        case DealState.AWAITING_DELIVERY if deal.frozen_at:
            card = card_of_lot(view, Standing("warn", _("paused")), words)
            return "ended", MyLine(card, _("The buyer's payment was taken back. Do not send anything yet."))
        case DealState.AWAITING_DELIVERY:
            card = card_of_lot(view, Standing("warn", _("send it to the buyer")), words)
            text = _("The buyer has paid. Send it to them.")
            return "act", MyLine(card, text, _("Send to the buyer"), _("for you"), deal.payout)
        case DealState.DELIVERED:
            card = card_of_lot(view, Standing("", _("waiting for the buyer")), words)
            return "ended", MyLine(card, extra_text=_("for you"), extra=deal.payout)
        case DealState.COMPLETED:
            card = card_of_lot(view, Standing("good", _("paid out")), words)
            return "ended", MyLine(card, extra_text=_("for you"), extra=deal.payout)
        case DealState.REFUNDED:
            card = card_of_lot(view, Standing("bad", _("money returned")), words)
            return "ended", MyLine(card, button=_("Relist") if may_relist(view.lot, view.viewer_id, now) else "")
        case _:
            return "ended", MyLine(card_of_lot(view, Standing("warn", _("in dispute")), words))


def my_bid(mine: MyBid, words: Language, now: datetime) -> tuple[str, MyLine]:
    """A lot that the person has bid on, with the name of its group: `act`, `live`, `waits`, `won` or `ended`."""
    view, _ = mine.view, words._
    offer = view.lot.auction.offer_to(view.viewer_id, now)
    if offer:
        card = card_of_lot(view, Standing("good", _("offered to you")), words)
        card = replace(card, price=offer.price, means=_("the price for you"))
        return "act", MyLine(card, _("The sale fell through: you can have it."), _("Look at the offer"))
    match view.status:
        case Status.LIVE | Status.CLOSING if view.kind.is_sealed:
            card = card_of_lot(view, Standing("", _("hidden, waiting for the end")), words)
            return "waits", MyLine(card, extra_text=_("your bid"), extra=view.your_maximum)
        case Status.LIVE | Status.SCHEDULED | Status.CLOSING if view.you_lead:
            card = card_of_lot(view, Standing("good", _("you lead")), words)
            return "live", MyLine(card, extra_text=_("your maximum"), extra=view.your_maximum)
        case Status.LIVE:
            least = least_bid(view.lot.auction, mine.bid.bidder_id)
            button = _("Bid {amount}", amount=words.money(least))
            return "act", MyLine(card_of_lot(view, Standing("warn", _("outbid")), words), button=button)
        case Status.CLOSING:
            return "waits", MyLine(card_of_lot(view, Standing("", _("closing")), words))
        case Status.SOLD if view.is_buyer:
            return _won(view, words)
        case Status.SOLD:
            return "ended", MyLine(card_of_lot(view, Standing("", _("lost")), words))
        case Status.CANCELLED:
            return "ended", MyLine(card_of_lot(view, Standing("", _("withdrawn")), words))
        case _:
            return "ended", MyLine(card_of_lot(view, Standing("", _("not sold")), words))


def _won(view: LotView, words: Language) -> tuple[str, MyLine]:
    _, state = words._, view.deal.state if view.deal else None
    won = Standing("good", _("won"))
    match state:
        case DealState.DELIVERED:
            text = _("The seller has sent it. Check it and confirm.")
            return "act", MyLine(card_of_lot(view, won, words), text, _("Open"))
        case DealState.AWAITING_DELIVERY if view.deal and view.deal.frozen_at:
            return "act", MyLine(card_of_lot(view, won, words), _("Paused until you settle the debt."), _("Open"))
        case DealState.AWAITING_DELIVERY:
            return "won", MyLine(card_of_lot(view, won, words), _("Paid. Now the seller sends it."))
        case DealState.REFUNDED:
            return "ended", MyLine(card_of_lot(view, Standing("", _("money returned")), words))
        case DealState.DISPUTED:
            return "won", MyLine(card_of_lot(view, Standing("warn", _("in dispute")), words))
        case _ if view.deal and not may_rate(view.deal, view.viewer_id):
            return "won", MyLine(card_of_lot(view, won, words), _("Done."))
        case _:
            return "won", MyLine(card_of_lot(view, won, words), _("Complete. How was the seller?"), _("Rate"))


def watched_lot(view: LotView, words: Language) -> tuple[str, MyLine]:
    """A lot that the person watches, with the name of its group: `live`, `scheduled` or `ended`."""
    _ = words._
    match view.status:
        case Status.SCHEDULED:
            group, standing = "scheduled", None
        case Status.LIVE | Status.CLOSING:
            group, standing = "live", Standing("good", _("you lead")) if view.you_lead else None
        case _:
            won = view.is_buyer and not view.fell_through
            group, standing = "ended", Standing("good", _("won")) if won else None
    return group, MyLine(card_of_lot(view, standing, words), watched=True)
