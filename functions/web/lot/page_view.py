"""The page of a lot: what it tells, apart from the price box (box_view) and the deal (deal_view)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from starbid.domain.auction import BidKind, Status
from starbid.domain.graphemes import shortened
from starbid.domain.money import Money
from starbid.domain.people import Person
from starbid.i18n import Language
from starbid.services.ports import Page
from starbid.services.views import LotView, ShownBid
from web.lot.receipt_view import receipt, verify_path
from web.shared.names import category_name, goods_name, kind_name
from web.shared.rendering import picture_url
from web.shared.reputation import ReputationLine, as_seller

SUMMARY_LENGTH = 160


@dataclass(frozen=True)
class NamedMoney:
    name: str
    amount: Money


@dataclass(frozen=True)
class NamedText:
    name: str
    text: str


@dataclass(frozen=True)
class NamedTime:
    name: str
    at: datetime


@dataclass(frozen=True)
class LotPage:
    """What a lot's page says to everybody. `url` and `cover` are absolute: other sites show them."""

    id: str
    title: str
    description: str
    summary: str
    url: str
    cover: str | None
    kind: str
    category: str
    category_name: str
    goods: str
    pictures: tuple[str, ...]
    seller_public_id: str
    seller_name: str
    seller_since: str
    seller_reputation: ReputationLine | None
    rules: tuple[str, ...]
    facts: tuple[NamedMoney, ...]
    spans: tuple[NamedText, ...]
    times: tuple[NamedTime, ...]
    verify: str
    receipt: tuple[str, ...]


@dataclass(frozen=True)
class BidRow:
    """One line of the list of bids. `price` is the lot's after the bid: a maximum is nobody else's business.

    None where it stays secret, as the winner's own bid does in a second-price auction.
    """

    who: str
    yours: bool
    tone: str
    tag: str
    at: datetime
    price: Money | None


@dataclass(frozen=True)
class BidList:
    title: str
    rows: tuple[BidRow, ...]
    more: str
    empty: str


def lot_page(view: LotView, seller: Person | None, base_url: str, words: Language) -> LotPage:
    """The words of a lot; `seller` None where the person is not known any more."""
    card = view.lot.card
    cover = base_url + picture_url(card.pictures[0], "large") if card.pictures else None
    return LotPage(
        id=card.auction_id,
        title=card.title,
        description=card.description,
        summary=summary(view, words),
        url=f"{base_url}/auction/{card.auction_id}",
        cover=cover,
        kind=kind_name(view.kind.name, words),
        category=card.category,
        category_name=category_name(card.category, words),
        goods=goods_name(card.goods, words),
        pictures=card.pictures,
        seller_public_id=card.seller_public_id,
        seller_name=seller.name if seller else words._("Seller"),
        seller_since=words._("on Starbid since {year}", year=seller.joined_at.year) if seller else "",
        seller_reputation=as_seller(seller, words) if seller else None,
        rules=rules(view, words),
        facts=_facts(view, words),
        spans=_spans(view, words),
        times=_times(view, words),
        verify=verify_path(view),
        receipt=receipt(view, words),
    )


def summary(view: LotView, words: Language) -> str:
    """One line for previews in chats and search engines: the price, then the text."""
    text = " ".join(view.lot.card.description.split())
    return shortened(f"{words.money(view.price)} · {text}", SUMMARY_LENGTH)


def rules(view: LotView, words: Language) -> tuple[str, ...]:
    """How the lot's kind works, in plain words, with its own numbers."""
    told = [words.say(rule) for rule in view.kind.rules(view.auction.terms)]
    return (*told, words._("After the sale Starbid keeps the money until the buyer confirms that they got it."))


def _facts(view: LotView, words: Language) -> tuple[NamedMoney, ...]:
    terms, _ = view.lot.auction.terms, words._
    falls = view.kind.descent(terms)
    facts = {
        _("Start price"): terms.start_price,
        _("Bid step"): terms.step(view.price) if "bid_step" in view.kind.fields else None,
        _("Buy-now price"): terms.buy_now_price,
        _("Price drops by"): falls and falls.drop,
        _("Lowest price"): falls and falls.floor,
    }
    return tuple(NamedMoney(name, amount) for name, amount in facts.items() if amount)


def _spans(view: LotView, words: Language) -> tuple[NamedText, ...]:
    falls = view.kind.descent(view.auction.terms)
    return (NamedText(words._("Price drops every"), words.span(falls.every)),) if falls else ()


def _times(view: LotView, words: Language) -> tuple[NamedTime, ...]:
    auction, _ = view.lot.auction, words._
    starts = _("Starts") if view.status is Status.SCHEDULED else _("Started")
    open_ = view.status.is_open
    ended_at = auction.ends_at if open_ else auction.ended_at or auction.ends_at
    return NamedTime(starts, auction.starts_at), NamedTime(_("Ends") if open_ else _("Ended"), ended_at)


def bid_list(view: LotView, bids: Page[ShownBid], words: Language) -> BidList:
    """The bids, newest first, by pseudonyms of this lot."""
    count, best = view.lot.auction.bids_count, _best(view, bids.items)
    rows = tuple(_row(view, bid, bid.number == best, words) for bid in bids.items)
    hidden = max(0, count - len(rows)) if rows else 0
    more = words.ngettext("and {n} earlier bid", "and {n} earlier bids", hidden) if hidden else ""
    return BidList(_bids_title(view, words), rows, more, _no_bids(view, words))


def _best(view: LotView, bids: Sequence[ShownBid]) -> int | None:
    """The number of the bid that leads or won: where bids are sealed, the winner's last."""
    kinds = (BidKind.BID, BidKind.RAISE) if view.kind.is_sealed else (BidKind.BID,)
    return next((bid.number for bid in bids if bid.bidder_id == view.auction.leader_id and bid.kind in kinds), None)


def _bids_title(view: LotView, words: Language) -> str:
    count = view.lot.auction.bids_count
    if view.kind.falls:
        return words._("Buyer")
    return words.ngettext("{n} bid", "{n} bids", count) if count else words._("Bids")


def _no_bids(view: LotView, words: Language) -> str:
    _ = words._
    if view.kind.falls:
        return _("Nobody has bought it yet.") if view.status is Status.LIVE else _("Nobody.")
    if view.kind.is_sealed and view.auction.bids_count:
        return _("Bids are hidden. Who bid and how much will be shown here when the lot ends.")
    return _("No bids yet. Be the first.") if view.status is Status.LIVE else _("No bids.")


def _row(view: LotView, bid: ShownBid, best: bool, words: Language) -> BidRow:
    yours = view.viewer_id == bid.bidder_id
    tone, tag = _tag(view, bid, best, words)
    who = words._("You") if yours else bid.bidder
    price = view.your_maximum if bid.price is None and yours and best else bid.price
    return BidRow(who, yours, tone, tag, bid.placed_at, price)


def _tag(view: LotView, bid: ShownBid, best: bool, words: Language) -> tuple[str, str]:
    """Tone and words of what a bid did."""
    _, open_ = words._, view.status in (Status.LIVE, Status.CLOSING)
    if view.fell_through and (best or bid.kind is BidKind.BUY):
        return "", _("the sale fell through")
    if bid.kind is BidKind.BUY:
        return "good", _("bought")
    if best and view.status is Status.SOLD:
        return "good", _("won")
    if bid.kind is BidKind.RAISE:
        return "", _("raised the bid") if view.kind.is_sealed else _("raised the maximum")
    if best and open_:
        return "good", _("leads")
    return "", _("not enough to lead") if bid.leader not in (None, bid.bidder) else ""


def latest_of(bids: Sequence[ShownBid], user_id: int | None) -> ShownBid | None:
    """A person's newest bid among these."""
    return next((bid for bid in bids if bid.bidder_id == user_id), None)
