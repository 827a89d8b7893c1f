"""The kinds of auction, each in a module of its own. A new kind is a module here and a line in `KINDS`."""

from __future__ import annotations

from typing import Final

from starbid.domain.auction import Auction
from starbid.domain.kinds.base import Accepted, Kind
from starbid.domain.kinds.english import English
from starbid.domain.money import Money

KINDS: Final[dict[str, Kind]] = {"english": English()}


def kind_of(name: str) -> Kind:
    """The rules of a kind; KeyError for one that does not exist."""
    return KINDS[name]


def least_bid(auction: Auction, bidder_id: int) -> Money:
    """The least that this person may bid on the lot now."""
    return kind_of(auction.terms.kind).least_bid(auction, bidder_id)


def is_unusual(auction: Auction, bidder_id: int, maximum: Money) -> bool:
    """Ten times the least bid or more: probably a slip of the finger, to be confirmed before it counts."""
    return maximum.amount >= 10 * least_bid(auction, bidder_id).amount


__all__ = ["KINDS", "Accepted", "Kind", "is_unusual", "kind_of", "least_bid"]
