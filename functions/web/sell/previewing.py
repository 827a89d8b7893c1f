"""A form as the lot that it would be: its card in the lists, and its page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from starbid.category_words import category_name
from starbid.domain.lots import Draft
from starbid.domain.money import Money
from starbid.domain.people import Person
from starbid.field_words import field_name
from starbid.i18n import Language
from starbid.services.auctions.new_lots import new_lot
from starbid.services.views import view_lot
from web.shared.cards import LotCard, card_of_lot
from web.shared.names import goods_name

_SUMS = ("bid_step", "buy_now_price", "reserve_price", "floor_price", "drop_amount")


@dataclass(frozen=True)
class Preview:
    """`pictures` with what they show; `sums` are the amounts that were set besides the price, by their names; `rules`
    say how its type works.
    """

    card: LotCard
    pictures: tuple[tuple[str, str], ...]
    description: str
    category: str
    goods: str
    sums: tuple[tuple[str, Money], ...]
    rules: tuple[str, ...]
    starts_at: datetime | None
    ends_at: datetime


def preview_of(
    seller: Person, said: Draft, pictures: tuple[str, ...], request_id: str, words: Language, now: datetime
) -> Preview:
    """Of a lot that is put up at `now`."""
    lot = new_lot(seller, said, pictures, request_id, now, "")
    view = view_lot(lot, None, now)
    sums = ((name, getattr(said.terms, name)) for name in _SUMS)
    return Preview(
        card=card_of_lot(view, None, words),
        pictures=tuple((name, lot.card.alts.get(name, "")) for name in pictures),
        description=said.description,
        category=category_name(said.category, words),
        goods=goods_name(said.goods, words),
        sums=tuple((field_name(name, words), sum_) for name, sum_ in sums if sum_),
        rules=tuple(words.say(rule) for rule in view.kind.rules(view.auction, now)),
        starts_at=said.starts_at,
        ends_at=lot.auction.ends_at,
    )
