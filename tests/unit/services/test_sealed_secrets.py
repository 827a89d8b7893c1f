"""What a sealed lot must not tell by how much work an answer takes: whether one leads."""

from __future__ import annotations

import pytest

from starbid.domain.errors import StarbidError
from tests.support.factories import ANNA, BORIS, market
from tests.support.fakes import FakeApp

LEADER, OTHER = ANNA, BORIS


def trips_of(app: FakeApp, lot: str, bidder: int, amount: int) -> tuple[str, list[str]]:
    """What became of a bid, and the round trips it took."""
    app.store.trips.clear()
    try:
        app.bidding.bid(lot, bidder, amount, app.now())
    except StarbidError as refusal:
        return refusal.code, list(app.store.trips)
    return "accepted", list(app.store.trips)


@pytest.mark.parametrize("kind", ["sealed", "vickrey"])
@pytest.mark.parametrize("amount", [50, 400, 700, 1_001])
def test_who_leads_is_not_told_by_how_long_an_answer_takes(kind: str, amount: int) -> None:
    """Too low, equal to one's own bid, accepted, too dear: asked by the leader and by another, who bid the same once.

    With a second read for the leader's refusals alone, timing them would reveal the leader's bid step by step.
    """
    told = []
    for who, bids in ((LEADER, [(LEADER, 400), (OTHER, 300)]), (OTHER, [(LEADER, 600), (OTHER, 400)])):
        app, lot = market(LEADER, OTHER, stars=1_000, type=kind)
        for bidder, bid in bids:
            app.bidding.bid(lot.auction.id, bidder, bid, app.now())
        told.append(trips_of(app, lot.auction.id, who, amount))
    assert told[0] == told[1]
