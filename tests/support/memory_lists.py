"""Lists of the in-memory store: what belongs in them, their order, their pages."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, TypeVar

from starbid.domain.errors import Invalid
from starbid.services.ports import Listing, Page, Search

T = TypeVar("T")

SORTS: dict[str, Callable[[Listing], tuple[Any, ...]]] = {
    "ending": lambda row: (ms(row.ends_at), row.auction_id),
    "newest": lambda row: (-ms(row.created_at), row.auction_id),
    "price_asc": lambda row: (row.price.amount, row.auction_id),
    "price_desc": lambda row: (-row.price.amount, row.auction_id),
    "bids": lambda row: (-row.bids_count, row.auction_id),
}


def fits(row: Listing, search: Search) -> bool:
    """Whether a list shows the lot, whatever its words."""
    return (
        row.status in ("scheduled", "live", "closing")
        and (search.begun_by is None or row.starts_at <= search.begun_by)
        and (search.ends_from is None or search.sort != "ending" or row.ends_at >= search.ends_from)
        and (search.ends_by is None or row.ends_at <= search.ends_by)
        and search.category in (None, row.category)
        and search.kind in (None, row.kind)
        and search.currency in (None, row.price.currency)
        and (search.min_price is None or row.price.amount >= search.min_price)
        and (search.max_price is None or row.price.amount <= search.max_price)
    )


def page_of(items: Iterable[T], key: Callable[[T], tuple[Any, ...]], limit: int, cursor: str | None) -> Page[T]:
    """The first `limit` items by `key` after the cursor."""
    ordered = sorted(items, key=key)
    if cursor is not None:
        try:
            last = tuple(json.loads(cursor))
        except (ValueError, TypeError):
            raise Invalid("cursor", "choice") from None
        ordered = [item for item in ordered if key(item) > last]
    more = len(ordered) > limit
    return Page(tuple(ordered[:limit]), json.dumps(key(ordered[limit - 1])) if more else None)


def ms(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)
