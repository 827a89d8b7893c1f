"""The list of bids on a lot's page: what each bid did, by whom, when, and whether it leads now.

Each line is a sentence that is true by itself. The price in it is the lot's after the bid, or a bid that came to light;
a maximum is nobody else's business.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from starbid.domain.auction import BidKind, Status
from starbid.i18n import Language
from starbid.services.auctions.bid_history import BidHistory
from starbid.services.views import LotView, ShownBid
from web.shared.names import bidder_name


@dataclass(frozen=True)
class BidRow:
    """One line. `tone` and `tag` are how the bid stands now, empty where there is nothing to say."""

    who: str
    yours: bool
    text: str
    tone: str
    tag: str
    at: datetime


@dataclass(frozen=True)
class BidList:
    title: str
    rows: tuple[BidRow, ...]
    more: str
    empty: str


def bid_list(view: LotView, history: BidHistory, words: Language) -> BidList:
    """The bids, newest first; those of a sealed lot that was sold from the winner's down."""
    best = _best(view, history)
    rows = tuple(_row(view, history, bid, bid.number == best, words) for bid in history.bids)
    return BidList(_title(view, history, words), rows, _more(view, history, words), _no_bids(view, words))


def who_leads(view: LotView, history: BidHistory, words: Language) -> str:
    """Who leads, as the list names them; empty where nobody does or may be known to."""
    return _name(history, view.auction.leader_id, view.leader, words) if view.leader else ""


def _name(history: BidHistory, bidder_id: int | None, pseudonym: str, words: Language) -> str:
    number = history.numbers.get(bidder_id) if bidder_id is not None else None
    return bidder_name(number, words) if number else pseudonym


def _best(view: LotView, history: BidHistory) -> int | None:
    """The number of the bid that leads or won: where bids are sealed, the winner's last."""
    kinds = (BidKind.BID, BidKind.RAISE) if view.kind.is_sealed else (BidKind.BID,)
    leader = view.auction.leader_id
    return next((bid.number for bid in history.bids if bid.bidder_id == leader and bid.kind in kinds), None)


def _title(view: LotView, history: BidHistory, words: Language) -> str:
    count = view.lot.auction.bids_count
    if view.kind.falls:
        return words._("Buyer")
    if view.kind.is_sealed and history.numbers:
        return words.ngettext("{n} bidder", "{n} bidders", len(history.numbers))
    return words.ngettext("{n} bid", "{n} bids", count) if count else words._("Bids")


def _more(view: LotView, history: BidHistory, words: Language) -> str:
    if not history.unshown:
        return ""
    if view.kind.is_sealed:
        return words.ngettext("and {n} more bidder", "and {n} more bidders", history.unshown)
    return words.ngettext("and {n} earlier bid", "and {n} earlier bids", history.unshown)


def _no_bids(view: LotView, words: Language) -> str:
    _ = words._
    if view.kind.falls:
        return _("Nobody has bought it yet.") if view.status is Status.LIVE else _("Nobody.")
    if view.kind.is_sealed and view.auction.bids_count:
        return _("Bids are hidden. Who bid and how much will be shown here when the lot ends.")
    return _("No bids yet. Be the first.") if view.status is Status.LIVE else _("No bids.")


def _row(view: LotView, history: BidHistory, bid: ShownBid, best: bool, words: Language) -> BidRow:
    yours = view.viewer_id == bid.bidder_id
    name = _name(history, bid.bidder_id, bid.bidder, words)
    who = words._("You ({bidder})", bidder=name) if yours else name
    text = _sealed_text(view, bid, yours and best, words) if view.kind.is_sealed else _text(bid, words)
    tone, tag = _standing(view, bid, best, words)
    return BidRow(who, yours, text, tone, tag, bid.placed_at)


def _text(bid: ShownBid, words: Language) -> str:
    """What a public bid did to the lot; a bid that nobody sees the whole of is told by the price it led to."""
    _, price = words._, words.money(bid.price) if bid.price else ""
    if bid.kind is BidKind.BUY:
        return _("bought at once for {price}", price=price)
    if bid.kind is BidKind.RAISE:
        return _("maximum raised, price {price}", price=price)
    if bid.leader == bid.bidder:
        return _("took the lead at {price}", price=price)
    return _("price up to {price}, did not take the lead", price=price)


def _sealed_text(view: LotView, bid: ShownBid, own_best: bool, words: Language) -> str:
    """A sealed bid; `own_best`: the winner looks at their own, which stays secret to everybody else."""
    amount = bid.price or (view.your_maximum if own_best else None)
    return words._("bid {amount}", amount=words.money(amount)) if amount else words._("the amount stays hidden")


def _standing(view: LotView, bid: ShownBid, best: bool, words: Language) -> tuple[str, str]:
    """Tone and words of how a bid stands now."""
    _ = words._
    if view.fell_through and (best or bid.kind is BidKind.BUY):
        return "", _("the sale fell through")
    if best and view.status is Status.SOLD:
        return "good", _("won")
    if best and not view.kind.is_sealed and view.status in (Status.LIVE, Status.CLOSING):
        return "good", _("leads now")
    return "", ""
