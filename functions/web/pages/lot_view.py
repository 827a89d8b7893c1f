"""The page of a lot: what it tells, apart from the price box (box_view) and the deal (deal_view)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from starbid.domain.auction import BidKind, Status
from starbid.domain.kinds import kind_of
from starbid.domain.money import Money
from starbid.domain.people import Person
from starbid.i18n import Language
from starbid.services.ports import Page
from starbid.services.views import LotView, ShownBid
from web.pages.names import category_name, goods_name, kind_name
from web.pages.rendering import picture_url

SUMMARY_LENGTH = 160


@dataclass(frozen=True)
class NamedMoney:
    name: str
    amount: Money


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
    seller_id: int
    seller_name: str
    seller_since: str
    rules: tuple[str, ...]
    facts: tuple[NamedMoney, ...]
    times: tuple[NamedTime, ...]


@dataclass(frozen=True)
class BidRow:
    """One line of the list of bids. `price` is the lot's after the bid: a maximum is nobody else's business."""

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
        kind=kind_name(view.lot.auction.terms.kind, words),
        category=card.category,
        category_name=category_name(card.category, words),
        goods=goods_name(card.goods, words),
        pictures=card.pictures,
        seller_id=card.seller_id,
        seller_name=seller.name if seller else words._("Seller"),
        seller_since=words._("here since {year}", year=seller.joined_at.year) if seller else "",
        rules=rules(view, words),
        facts=_facts(view, words),
        times=_times(view, words),
    )


def summary(view: LotView, words: Language) -> str:
    """One line for previews in chats and search engines: the price, then the text."""
    text = " ".join(view.lot.card.description.split())
    line = f"{words.money(view.price)} · {text}"
    return line if len(line) <= SUMMARY_LENGTH else line[: SUMMARY_LENGTH - 1].rstrip() + "…"


def rules(view: LotView, words: Language) -> tuple[str, ...]:
    """How the lot's kind works, in plain words, with its own numbers."""
    auction = view.lot.auction
    told = [words.say(rule) for rule in kind_of(auction).rules(auction.terms)]
    return (*told, words._("After the sale Starbid keeps the money until the buyer confirms the delivery."))


def _facts(view: LotView, words: Language) -> tuple[NamedMoney, ...]:
    terms, _ = view.lot.auction.terms, words._
    facts = [NamedMoney(_("Start price"), terms.start_price), NamedMoney(_("Bid step"), terms.step(view.price))]
    if terms.buy_now_price:
        facts.append(NamedMoney(_("Buy-now price"), terms.buy_now_price))
    return tuple(facts)


def _times(view: LotView, words: Language) -> tuple[NamedTime, ...]:
    auction, _ = view.lot.auction, words._
    starts = _("Starts") if view.status is Status.SCHEDULED else _("Started")
    open_ = view.status in (Status.SCHEDULED, Status.LIVE)
    ended_at = auction.ends_at if open_ else auction.ended_at or auction.ends_at
    return NamedTime(starts, auction.starts_at), NamedTime(_("Ends") if open_ else _("Ended"), ended_at)


def bid_list(view: LotView, bids: Page[ShownBid], words: Language) -> BidList:
    """The bids, newest first, by pseudonyms of this lot."""
    auction, _ = view.lot.auction, words._
    count = auction.bids_count
    led = next((b.number for b in bids.items if b.bidder_id == auction.leader_id and b.kind is BidKind.BID), None)
    rows = tuple(_row(view, bid, bid.number == led, words) for bid in bids.items)
    empty = _("No bids yet. Yours can be the first.") if view.status is Status.LIVE else _("No bids.")
    hidden = max(0, count - len(rows))
    more = words.ngettext("and {n} earlier bid", "and {n} earlier bids", hidden) if hidden else ""
    return BidList(words.ngettext("{n} bid", "{n} bids", count) if count else _("Bids"), rows, more, empty)


def _row(view: LotView, bid: ShownBid, led: bool, words: Language) -> BidRow:
    _ = words._
    yours = view.viewer_id == bid.bidder_id
    tone, tag = "", ""
    if bid.kind is BidKind.BUY:
        tone, tag = "good", _("bought")
    elif bid.kind is BidKind.RAISE:
        tag = _("raised the maximum")
    elif led:
        tone, tag = "good", _("won") if view.status is Status.SOLD else _("leads")
    elif bid.leader not in (None, bid.bidder):
        tag = _("not enough to lead")
    who = _("You") if yours else bid.bidder
    return BidRow(who, yours, tone, tag, bid.placed_at, bid.price)


def latest_of(bids: Sequence[ShownBid], user_id: int | None) -> ShownBid | None:
    """A person's newest bid among these."""
    return next((bid for bid in bids if bid.bidder_id == user_id), None)
