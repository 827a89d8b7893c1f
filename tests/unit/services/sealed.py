"""A sealed lot on which many have bid, and how it has to end."""

from __future__ import annotations

import pytest

from starbid.domain.auction import Ending
from starbid.domain.events import LotCancelled, LotSold, LotUnsold
from tests.support.factories import market, xtr
from tests.support.fakes import FakeApp
from tests.support.invariants import assert_invariants, dump_of

BIDDERS = tuple(range(1, 9))
kinds = pytest.mark.parametrize("kind", ["sealed", "vickrey"])


def busy(kind: str = "sealed", **changes: object) -> tuple[FakeApp, str]:
    """Eight people bid 100 to 800, and then some raise: eleven bids, four chunks. 5 leads with 950, then 8 with 800."""
    app, lot = market(*BIDDERS, stars=1_000, type=kind, **changes)
    for who in BIDDERS:
        app.bidding.bid(lot.auction.id, who, 100 * who, app.now())
    for who, amount in ((1, 150), (5, 900), (5, 950)):
        app.bidding.bid(lot.auction.id, who, amount, app.now())
    assert_invariants(dump_of(app.store))
    return app, lot.auction.id


def ended_well(app: FakeApp, lot: str, ending: Ending, paid: dict[int, int]) -> None:
    """Everybody has everything back but what was paid, and it was told once."""
    assert_invariants(dump_of(app.store))
    assert app.store.tables.auctions[lot].ending is ending
    for who in BIDDERS:
        wallet = app.store.wallet(who, "XTR", consistent=True)
        assert (wallet.available, wallet.held, dict(wallet.stakes)) == (xtr(1_000 - paid.get(who, 0)), xtr(0), {})
    told = [event for event in app.store.take_stream() if isinstance(event, LotSold | LotUnsold | LotCancelled)]
    assert len(told) == 1
