"""Rows of the listings."""

from __future__ import annotations

from collections.abc import Collection

from starbid.domain.money import Money
from starbid.services.ports import Listing
from starbid.storage.catalogue.terms import FORMAT
from starbid.storage.codec import Item
from starbid.storage.rows import at, ms, shard, terms_from, terms_item

LISTED = ("live", "scheduled")
FOUND = "live"
"""The status of lots that lists show and that are counted. Nothing is written when a lot begins: it is counted with its
first change from then on, mostly a bid.
"""
COUNTED = 1
"""Marks rows that are counted (`tally`)."""


def listing_item(listing: Listing, terms: Collection[str]) -> Item:
    """A lot of the lists, found by `terms`.

    One that has ended leaves the shards; its row stays, so that no older one comes back.
    """
    return {
        "auction_id": listing.auction_id,
        "version": listing.version,
        "shard": shard("live", listing.auction_id) if listing.status in LISTED else None,
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
        "words": frozenset(terms) or None,
        "format": FORMAT,
        "falls": terms_item(listing.falls) if listing.falls else None,
        "carried": listing.carried or None,
        "counted": COUNTED if listing.status == FOUND else None,
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
        falls=terms_from(item["falls"]) if "falls" in item else None,
        carried=item.get("carried", 0),
    )
