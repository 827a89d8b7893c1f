"""The kinds of auction, each in a module of its own. A new kind is a module here and its line in `KINDS`."""

from __future__ import annotations

from typing import Final

from starbid.domain.auction import Auction
from starbid.domain.kinds.base import Accepted, Kind
from starbid.domain.kinds.dutch import Dutch
from starbid.domain.kinds.english import English
from starbid.domain.kinds.sealed import Sealed
from starbid.domain.kinds.vickrey import Vickrey
from starbid.domain.money import Money

KINDS: Final[dict[str, Kind]] = {kind.name: kind for kind in (English(), Dutch(), Sealed(), Vickrey())}

DEFAULT_KIND: Final = English.name
"""Of a lot whose seller names none (spec, section 5)."""


def kind_of(auction: Auction) -> Kind:
    """The rules that a lot follows."""
    return KINDS[auction.terms.kind]


def is_hidden(auction: Auction) -> bool:
    """Whether bids on the lot are nobody's business yet: sealed ones until it has ended."""
    return kind_of(auction).is_sealed and not auction.is_final


def least_bid(auction: Auction, bidder_id: int, staked: Money | None = None) -> Money:
    """The least that this person may bid on the lot now; `staked` is their sealed bid on it."""
    return kind_of(auction).least_bid(auction, bidder_id, staked)


def is_unusual(auction: Auction, bidder_id: int, maximum: Money, staked: Money | None = None) -> bool:
    """Ten times the least bid or more: probably a slip of the finger, to be confirmed before it counts."""
    return maximum.amount >= 10 * least_bid(auction, bidder_id, staked).amount


__all__ = ["DEFAULT_KIND", "KINDS", "Accepted", "Kind", "is_hidden", "is_unusual", "kind_of", "least_bid"]
