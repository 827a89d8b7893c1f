"""The page of a lot: what it tells, apart from the price box (box_view) and the deal (deal_view)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from starbid import links
from starbid.category_words import category_name
from starbid.config import Settings
from starbid.domain.auction import Status
from starbid.domain.graphemes import shortened
from starbid.domain.money import Money
from starbid.domain.people import Person
from starbid.i18n import Language
from starbid.services.views import LotView
from web.lot.receipt_view import receipt, verify_path
from web.shared.names import goods_name, kind_badge
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
    """What a lot's page says to everybody. `url` and `cover` are absolute: other sites show them. `share` sends a link
    into the bot on in Telegram.
    """

    id: str
    title: str
    description: str
    summary: str
    url: str
    share: str
    cover: str | None
    kind: str
    category: str
    category_name: str
    goods: str
    pictures: tuple[str, ...]
    alts: Mapping[str, str]
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
    is_open: bool


def lot_page(view: LotView, seller: Person | None, settings: Settings, words: Language, now: datetime) -> LotPage:
    """The words of a lot; `seller` None where the person is not known any more, or has left since."""
    seller = seller if seller and seller.is_called(view.lot.card.seller_public_id) else None
    card, base_url = view.lot.card, settings.base_url
    cover = base_url + picture_url(card.pictures[0], "large") if card.pictures else None
    return LotPage(
        id=card.auction_id,
        title=card.title,
        description=card.description,
        summary=summary(view, words),
        url=f"{base_url}/auction/{card.auction_id}",
        share=links.share(links.to_lot(settings.bot_username, card.auction_id), card.title),
        cover=cover,
        kind=kind_badge(view.kind.name, words),
        category=card.listed_in,
        category_name=category_name(card.listed_in, words),
        goods=goods_name(card.goods, words),
        pictures=card.pictures,
        alts=card.alts,
        seller_public_id=card.seller_public_id if seller else "",
        seller_name=seller.name if seller else words._("Deleted account"),
        seller_since=words._("on Starbid since {year}", year=seller.joined_at.year) if seller else "",
        seller_reputation=as_seller(seller, words) if seller else None,
        rules=rules(view, words, now),
        facts=_facts(view, words),
        spans=_spans(view, words),
        times=_times(view, words),
        verify=verify_path(view),
        receipt=receipt(view, words),
        is_open=view.status.is_open,
    )


def summary(view: LotView, words: Language) -> str:
    """One line for previews in chats and search engines: the price, then the text."""
    text = " ".join(view.lot.card.description.split())
    return shortened(f"{words.money(view.price)} · {text}", SUMMARY_LENGTH)


def rules(view: LotView, words: Language, now: datetime) -> tuple[str, ...]:
    """How the lot works, in plain words, with its own numbers and with what is still to be had."""
    told = [words.say(rule) for rule in view.kind.rules(view.auction, now)]
    return (*told, words._("After the sale Starbid keeps the money until the buyer confirms that they got it."))


def _facts(view: LotView, words: Language) -> tuple[NamedMoney, ...]:
    terms, _ = view.lot.auction.terms, words._
    falls = view.kind.descent(terms)
    facts = {
        _("Start price"): terms.start_price,
        _("Bid step"): terms.step(view.price) if "bid_step" in view.kind.fields else None,
        _("Buy-now price"): None if falls else view.buy_now_price,
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
    if view.stands_still and view.status is Status.LIVE:  # when it ends is known when the pause is over
        return (NamedTime(starts, auction.starts_at),)
    open_ = view.status.is_open
    ended_at = auction.ends_at if open_ else auction.ended_at or auction.ends_at
    return NamedTime(starts, auction.starts_at), NamedTime(_("Ends") if open_ else _("Ended"), ended_at)
