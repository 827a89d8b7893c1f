"""What a person has sold, bought and bid, and what they wrote to the other side of a deal."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from starbid.domain.deals import Deal
from starbid.domain.lots import Lot
from starbid.domain.talks import Message, Talk
from starbid.services.own_data.kind import Entry, Kept, Why, entry
from starbid.services.ports import Addresses, Page, Store, Talks

LOTS_AT_ONCE = 24
"""Lots, or bids, of one step: each may bring a conversation with it."""
TALK_AT_ONCE = 100


class Selling(Kept):
    """Lots as they were put up, how they ended, and what the person wrote about their deals."""

    key, families = "lots", ("auctions", "listings", "pairs")
    why = Why.BOOKS

    def __init__(self, store: Store, talks: Talks) -> None:
        self._store, self._talks = store, talks

    def read(self, user_id: int, cursor: str | None, now: datetime) -> Page[Entry]:
        page = self._store.lots_of_seller(user_id, limit=LOTS_AT_ONCE, cursor=cursor)
        return Page(tuple(self._entry(lot, now) for lot in page.items), page.cursor)

    def _entry(self, lot: Lot, now: datetime) -> Entry:
        """A reserve price is the seller's own secret: they may read it."""
        auction, card, terms = lot.auction, lot.card, lot.auction.terms
        return entry(
            auction_id=auction.id, title=card.title, description=card.description, category=card.category,
            goods=card.goods, pictures=card.pictures, type=terms.kind, start_price=terms.start_price,
            reserve_price=terms.reserve_price, buy_now_price=terms.buy_now_price, created_at=card.created_at,
            starts_at=auction.starts_at, ends_at=auction.ends_at, status=auction.status(now), bids=auction.bids_count,
            deal=_deal(lot.deal, is_buyer=False, said=self._said(lot.deal, now)) if lot.deal else None,
        )  # fmt: skip

    def _said(self, deal: Deal, now: datetime) -> list[Entry]:
        return said_by(self._talks, deal, now, is_buyer=False)


class Bidding(Kept):
    """Bids, each with the lot that it was for; with the last one on a lot that was won, the purchase."""

    key, families = "bids", ("bids", "intents", "addresses", "talks")
    why = Why.BOOKS

    def __init__(self, store: Store, talks: Talks, addresses: Addresses) -> None:
        self._store, self._talks, self._addresses = store, talks, addresses

    def read(self, user_id: int, cursor: str | None, now: datetime) -> Page[Entry]:
        page = self._store.bids_of(user_id, limit=LOTS_AT_ONCE, cursor=cursor)
        lots = self._store.lots({bid.auction_id for bid in page.items}) if page.items else {}
        return Page(
            tuple(
                entry(
                    auction_id=bid.auction_id, title=lots[bid.auction_id].card.title, maximum=bid.maximum,
                    placed_at=bid.placed_at, purchase=self._purchase(lots[bid.auction_id], user_id, bid.number, now),
                )
                for bid in page.items if bid.auction_id in lots
            ),
            page.cursor,
        )  # fmt: skip

    def _purchase(self, lot: Lot, user_id: int, number: int, now: datetime) -> Entry | None:
        if lot.deal is None or lot.deal.buyer_id != user_id:
            return None
        last = self._store.last_bid(lot.auction, user_id)
        if last is None or last.number != number:
            return None
        address = self._addresses.address(lot.auction.id, now)
        goes_to = entry(name=address.name, address=address.address, phone=address.phone) if address else None
        said = said_by(self._talks, lot.deal, now, is_buyer=True)
        return {**_deal(lot.deal, is_buyer=True, said=said), **entry(goes_to=goes_to)}


def said_by(talks: Talks, deal: Deal, now: datetime, *, is_buyer: bool) -> list[Entry]:
    """What one side wrote to the other; the words of the other side are not theirs to take."""
    talk = talks.talk(Talk(deal.auction_id, deal.seller_id, deal.buyer_id))
    return [
        entry(text=message.text, pictures=message.pictures, at=message.at)
        for message in _messages(talks, talk, now)
        if message.by_buyer is is_buyer
    ]


def _messages(talks: Talks, talk: Talk, now: datetime) -> Iterator[Message]:
    number = 0
    while found := talks.after(talk.id, number, TALK_AT_ONCE, now) if talk.count else ():
        yield from found
        number = found[-1].number


def _deal(deal: Deal, *, is_buyer: bool, said: list[Entry]) -> Entry:
    """Without the other side: only what this one said, was given and did."""
    ratings = [rating for rating in deal.ratings if rating.by_seller is not is_buyer]
    return entry(
        price=deal.price, fee=None if is_buyer else deal.fee, state=deal.state, sold_at=deal.sold_at,
        ended_at=deal.ended_at, delivery=deal.delivery, dispute=deal.dispute if is_buyer else None,
        answer=None if is_buyer else deal.answer,
        ratings=[entry(stars=each.stars, text=each.text, at=each.at) for each in ratings],
        messages=said,
    )  # fmt: skip
