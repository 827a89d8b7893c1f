"""A person's own lots and bids: how each stands, and what to do next."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from starbid import deal_words
from starbid.domain.auction import Status
from starbid.domain.deal_progress import Phase, progress
from starbid.domain.deal_ratings import may_rate
from starbid.domain.deals import Deal, DealTimes
from starbid.domain.kinds import least_bid
from starbid.domain.money import Money
from starbid.domain.relisting import may_relist
from starbid.domain.sentences import Sentence
from starbid.i18n import Language
from starbid.services.views import LotView
from web.shared.cards import LotCard, Standing, card_of_lot


@dataclass(frozen=True)
class MyLine:
    """A lot in a list of one's own. `next` says what to do, `button` leads there; `extra` is one's own amount.
    `waits`: what its deal waits for, and until when.

    `watched`: it stands in the watch list, and can be taken off it. `muted` is None where there is nothing to mute.
    `relists`: one click puts it up again.
    """

    card: LotCard
    next: str = ""
    button: str = ""
    extra_text: str = ""
    extra: Money | None = None
    watched: bool = False
    relists: bool = False
    muted: bool | None = None
    waits: Sentence | None = None


@dataclass(frozen=True)
class Group:
    title: str
    lines: tuple[MyLine, ...]


def grouped(lines: Iterable[tuple[str, MyLine]], titles: Mapping[str, str]) -> tuple[Group, ...]:
    """Lines under the titles of their keys, in the order of the titles; several keys may have one title. Empty groups
    are left out.
    """
    known = list(lines)
    groups = (
        Group(title, tuple(line for key, line in known if titles[key] == title))
        for title in dict.fromkeys(titles.values())
    )
    return tuple(group for group in groups if group.lines)


def my_lot(view: LotView, words: Language, now: datetime, times: DealTimes) -> tuple[str, MyLine]:
    """A lot that the person sells, with the name of its group: `act`, `live`, `scheduled`, `sold` or `ended`."""
    _ = words._
    match view.status:
        case Status.LIVE:
            return "live", MyLine(card_of_lot(view, _reserve(view, words), words))
        case Status.SCHEDULED:
            return "scheduled", MyLine(card_of_lot(view, None, words))
        case Status.CLOSING:
            return "live", MyLine(card_of_lot(view, Standing("", _("closing")), words))
        case Status.SOLD if view.deal:
            return _sold(view, view.deal, words, now, times)
        case Status.SOLD:
            return "sold", MyLine(card_of_lot(view, Standing("good", _("sold")), words))
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


def _sold(view: LotView, deal: Deal, words: Language, now: datetime, times: DealTimes) -> tuple[str, MyLine]:
    _, stands = words._, progress(deal, now, times)
    group = "act" if deal_words.needs(deal, stands, is_buyer=False) else "sold"
    waits = deal_words.waits(deal, stands, is_buyer=False) if deal.is_open else None
    match stands.phase:
        case Phase.PAUSED:
            card = card_of_lot(view, Standing("warn", _("paused")), words)
            return group, MyLine(card, _("The buyer's payment was taken back. Do not send anything yet."), waits=waits)
        case Phase.SENDING | Phase.LATE:
            card = card_of_lot(view, Standing("warn", _("send it to the buyer")), words)
            return group, MyLine(card, "", _("Send to the buyer"), _("for you"), deal.payout, waits=waits)
        case Phase.ADDRESSING | Phase.CONFIRMING:
            card = card_of_lot(view, Standing("", _("waiting for the buyer")), words)
            return group, MyLine(card, extra_text=_("for you"), extra=deal.payout, waits=waits)
        case Phase.PAID_OUT:
            card = card_of_lot(view, Standing("good", _("paid out")), words)
            return group, MyLine(card, extra_text=_("for you"), extra=deal.payout)
        case Phase.RETURNED:
            card = card_of_lot(view, Standing("bad", _("money returned")), words)
            return "ended", MyLine(card, button=_("Relist") if may_relist(view.lot, view.viewer_id, now) else "")
        case _:
            card = card_of_lot(view, Standing("warn", _("in dispute")), words)
            return group, MyLine(card, button=_("Answer") if group == "act" else "", waits=waits)


def my_bid(view: LotView, bidder_id: int, words: Language, now: datetime, times: DealTimes) -> tuple[str, MyLine]:
    """A lot that the person has bid on, with the name of its group: `act`, `offer`, `outbid`, `live`, `waits`, `won` or
    `ended`.
    """
    _ = words._
    offer = view.lot.auction.offer_to(bidder_id, now)
    if offer:
        card = card_of_lot(view, Standing("good", _("offered to you")), words)
        card = replace(card, price=offer.price, means=_("the price for you"))
        return "offer", MyLine(card, _("The sale fell through: you can have it."), _("Look at the offer"))
    match view.status:
        case Status.LIVE | Status.CLOSING if view.kind.is_sealed:
            card = card_of_lot(view, Standing("", _("hidden, waiting for the end")), words)
            return "waits", MyLine(card, extra_text=_("your bid"), extra=view.your_maximum)
        case Status.LIVE | Status.SCHEDULED | Status.CLOSING if view.you_lead:
            card = card_of_lot(view, Standing("good", _("you lead")), words)
            return "live", MyLine(card, extra_text=_("your maximum"), extra=view.your_maximum)
        case Status.LIVE:
            least = least_bid(view.lot.auction, bidder_id)
            button = _("Bid {amount}", amount=words.money(least))
            return "outbid", MyLine(card_of_lot(view, Standing("warn", _("outbid")), words), button=button)
        case Status.CLOSING:
            return "waits", MyLine(card_of_lot(view, Standing("", _("closing")), words))
        case Status.SOLD if view.is_buyer and view.deal:
            return _won(view, view.deal, words, now, times)
        case Status.SOLD:
            return "ended", MyLine(card_of_lot(view, Standing("", _("lost")), words))
        case Status.CANCELLED:
            return "ended", MyLine(card_of_lot(view, Standing("", _("withdrawn")), words))
        case _:
            return "ended", MyLine(card_of_lot(view, Standing("", _("not sold")), words))


def _won(view: LotView, deal: Deal, words: Language, now: datetime, times: DealTimes) -> tuple[str, MyLine]:
    _, stands = words._, progress(deal, now, times)
    won = card_of_lot(view, Standing("good", _("won")), words)
    group = "act" if deal_words.needs(deal, stands, is_buyer=True) else "won"
    waits = deal_words.waits(deal, stands, is_buyer=True) if deal.is_open else None
    match stands.phase:
        case Phase.SENDING:
            return group, MyLine(won, waits=waits)
        case Phase.ADDRESSING | Phase.LATE | Phase.CONFIRMING | Phase.PAUSED:
            return group, MyLine(won, button=_("Open"), waits=waits)
        case Phase.DISPUTED:
            card = card_of_lot(view, Standing("warn", _("in dispute")), words)
            return group, MyLine(card, _("You can withdraw the dispute."), _("Open"), waits=waits)
        case Phase.RETURNED:
            return "ended", MyLine(card_of_lot(view, Standing("", _("money returned")), words))
        case _ if may_rate(deal, view.viewer_id):
            return group, MyLine(won, _("Complete. How was the seller?"), _("Rate"))
        case _:
            return group, MyLine(won, _("Done."))


def watched_lot(view: LotView, words: Language, *, muted: bool) -> tuple[str, MyLine]:
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
    shown = muted if view.status.is_open else None
    return group, MyLine(card_of_lot(view, standing, words), watched=True, muted=shown)
