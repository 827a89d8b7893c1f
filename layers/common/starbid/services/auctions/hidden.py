"""Lots that operators have hidden: to whom they are there."""

from __future__ import annotations

from starbid.domain.auction import Auction
from starbid.services.ports import Store


def has_part_in(store: Store, auction: Auction, person_id: int) -> bool:
    """Its seller, those who have bid on it, and who is offered it. Bids are read only where nothing else tells."""
    known = (auction.seller_id, auction.leader_id, auction.runner_up_id)
    if person_id in known or (auction.offer is not None and auction.offer.to_id == person_id):
        return True
    return auction.bids_count > 0 and store.last_bid(auction, person_id) is not None
