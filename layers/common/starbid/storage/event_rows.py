"""Rows of the outbox and of the listings."""

from __future__ import annotations

from dataclasses import fields
from datetime import datetime
from typing import Any

from starbid.domain.events import EVENTS, AnyEvent
from starbid.domain.money import Money
from starbid.services.ports import Listing
from starbid.storage.codec import Item
from starbid.storage.rows import at, ms, shard, terms_from, terms_item

EVENT_SECONDS = 30 * 86_400
_LISTED = ("live", "scheduled")


def event_item(event: AnyEvent) -> Item:
    """An outbox row: `type`, and under `facts` the event's own fields."""
    facts = {field.name: _pack(getattr(event, field.name)) for field in fields(event) if field.name not in ("id", "at")}
    return {
        "event_id": event.id,
        "type": type(event).__name__,
        "at": ms(event.at),
        "facts": facts,
        "expires_at": int(event.at.timestamp()) + EVENT_SECONDS,
    }


def event_from(item: Item) -> AnyEvent | None:
    """The event of a row; None for a type that this version does not know."""
    kind = EVENTS.get(item["type"])
    if kind is None:
        return None
    facts = {name: _unpack(value) for name, value in item["facts"].items()}
    return kind(id=item["event_id"], at=at(item["at"]), **facts)


def _pack(value: Any) -> Any:
    match value:
        case Money():
            return {"amount": value.amount, "currency": value.currency}
        case datetime():
            return {"ms": ms(value)}
        case tuple():
            return list(value)
        case _:
            return value


def _unpack(value: Any) -> Any:
    match value:
        case {"amount": amount, "currency": currency}:
            return Money(amount, currency)
        case {"ms": moment}:
            return at(moment)
        case list():
            return tuple(value)
        case _:
            return value


def listing_item(listing: Listing) -> Item:
    """A lot of the lists. One that has ended leaves the shards; its row stays, so that no older one comes back."""
    return {
        "auction_id": listing.auction_id,
        "version": listing.version,
        "shard": shard("live", listing.auction_id) if listing.status in _LISTED else None,
        "seller_public_id": listing.seller_public_id,
        "title": listing.title,
        "picture": listing.picture,
        "category": listing.category,
        "goods": listing.goods,
        "kind": listing.kind,
        "status": listing.status,
        "currency": listing.price.currency,
        "price": listing.price.amount,
        "bids_count": listing.bids_count,
        "buy_now_price": listing.buy_now_price.amount if listing.buy_now_price else None,
        "starts_at": ms(listing.starts_at),
        "ends_at": ms(listing.ends_at),
        "created_at": ms(listing.created_at),
        "words": listing.words or None,
        "falls": terms_item(listing.falls) if listing.falls else None,
    }


def listing_from(item: Item) -> Listing:
    currency = item["currency"]
    buy_now = item.get("buy_now_price")
    return Listing(
        auction_id=item["auction_id"],
        version=item["version"],
        seller_public_id=item.get("seller_public_id", ""),
        title=item["title"],
        picture=item.get("picture"),
        category=item["category"],
        goods=item["goods"],
        kind=item["kind"],
        status=item["status"],
        price=Money(item["price"], currency),
        bids_count=item["bids_count"],
        buy_now_price=Money(buy_now, currency) if buy_now is not None else None,
        starts_at=at(item["starts_at"]),
        ends_at=at(item["ends_at"]),
        created_at=at(item["created_at"]),
        words=item.get("words", frozenset()),
        falls=terms_from(item["falls"]) if "falls" in item else None,
    )
