"""Lots with a start of their own: closed to everybody before it, extended no further than their cap, cancelled once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from starbid.domain.auction import Auction, Ending, Status
from starbid.domain.errors import AuctionClosed, HasBids, NotStarted, StarbidError
from tests.support.factories import ANNA, BORIS, CLARA, SELLER, draft, market
from tests.support.fakes import START, FakeApp
from tests.support.invariants import assert_invariants, dump_of

DAY, MS = timedelta(days=1), timedelta(milliseconds=1)


def scheduled(**changes: Any) -> tuple[FakeApp, str]:
    """A lot that begins in a day and runs for an hour."""
    app, lot = market(starts_at=(START + DAY).isoformat(), bid_step=10, **changes)
    return app, lot.auction.id


def lot_of(app: FakeApp, lot: str) -> Auction:
    return app.store.auction(lot, consistent=True)


def test_a_lot_takes_bids_from_its_start_to_the_millisecond() -> None:
    app, lot = scheduled(buy_now_price=900)
    app.clock.now = START + DAY - MS
    with pytest.raises(NotStarted):
        app.bidding.bid(lot, ANNA, 100, app.now())
    with pytest.raises(NotStarted):
        app.bidding.buy(lot, ANNA, 900, app.now())
    assert lot_of(app, lot).bids_count == 0
    app.clock.now = START + DAY
    app.bidding.bid(lot, ANNA, 100, app.now())
    assert_invariants(dump_of(app.store))


def test_extensions_never_go_beyond_the_scheduled_end_and_its_cap() -> None:
    app, lot = scheduled(extend_seconds=3600, max_extension_seconds=5400)
    cap = START + DAY + timedelta(hours=1) + timedelta(seconds=5400)
    app.clock.now = START + DAY
    for number in range(6):
        app.bidding.bid(lot, (ANNA, BORIS, CLARA)[number % 3], 100 * 2**number, app.now())
        assert lot_of(app, lot).ends_at <= cap
        app.clock.now = min(app.now() + timedelta(minutes=50), lot_of(app, lot).ends_at - MS)
    assert lot_of(app, lot).ends_at == cap
    app.clock.now = cap
    with pytest.raises(AuctionClosed):
        app.bidding.bid(lot, CLARA, 9000, app.now())


def test_a_lot_that_was_moved_is_capped_by_its_new_end() -> None:
    app, lot = scheduled(max_extension_seconds=60)
    later = START + 2 * DAY
    app.publishing.edit(SELLER, lot, draft(app.now(), starts_at=later.isoformat(), max_extension_seconds=60), (), START)
    app.clock.now = later + timedelta(minutes=59, seconds=59)
    app.bidding.bid(lot, ANNA, 500, app.now())
    assert lot_of(app, lot).ends_at == later + timedelta(hours=1, seconds=60)


def test_a_lot_cancelled_before_its_start_is_over_for_good() -> None:
    app, lot = scheduled()
    app.publishing.cancel(SELLER, lot, app.now())
    assert lot_of(app, lot).status(app.now()) is Status.CANCELLED
    app.clock.now = START + DAY
    for act in (
        lambda: app.bidding.bid(lot, ANNA, 100, app.now()),
        lambda: app.publishing.cancel(SELLER, lot, app.now()),
        lambda: app.watching.watch(ANNA, lot, app.now()),
    ):
        with pytest.raises(AuctionClosed):
            act()
    app.clock.forward(hours=2, seconds=2)
    assert app.closing.close(lot, app.now()).ending is Ending.CANCELLED


@pytest.mark.parametrize("turn", range(5))
def test_of_a_cancel_and_bids_at_the_same_moment_one_side_wins_and_the_books_add_up(turn: int) -> None:
    app, lot = scheduled()
    app.clock.now = START + DAY
    bidders = [(who, 100 + 50 * number) for number, who in enumerate((ANNA, BORIS, CLARA))]

    def bid(who: int, amount: int) -> None:
        app.bidding.bid(lot, who, amount, app.now())

    acts: list[Callable[[], object]] = [partial(bid, who, amount) for who, amount in bidders]
    acts.insert(turn % 4, lambda: app.publishing.cancel(SELLER, lot, app.now()))

    def attempt(act: Callable[[], object]) -> StarbidError | None:
        try:
            act()
        except StarbidError as refusal:
            return refusal
        return None

    with ThreadPoolExecutor(4) as people:
        refusals = [type(refusal) for refusal in people.map(attempt, acts) if refusal]

    auction = lot_of(app, lot)
    if auction.ending is Ending.CANCELLED:
        assert (auction.bids_count, set(refusals)) == (0, {AuctionClosed})
    else:
        assert auction.bids_count >= 1
        assert HasBids in refusals
    assert_invariants(dump_of(app.store))
