"""Bids as people read them: numbers of bidders that stay, sealed results by amount, and what it costs to know them."""

from __future__ import annotations

from typing import Any

import pytest

from starbid.services.auctions import bid_history
from starbid.services.auctions.bid_history import BidHistories, BidHistory
from tests.support.factories import ANNA, BORIS, CLARA, join, market, put_up
from tests.support.fakes import FakeApp

HOUR = 3600


@pytest.fixture
def app() -> FakeApp:
    app, _ = market(stars=100_000)
    return app


def place(app: FakeApp, lot_id: str, *bids: tuple[int, int]) -> None:
    for person, amount in bids:
        app.bidding.bid(lot_id, person, amount, app.now(), confirmed=True)
        app.clock.forward(seconds=1)


def lot_at(app: FakeApp, *bids: tuple[int, int], **terms: Any) -> str:
    lot_id = put_up(app, duration_seconds=HOUR, **terms).auction.id
    place(app, lot_id, *bids)
    return lot_id


def history(app: FakeApp, lot_id: str, most: int = 30) -> BidHistory:
    return app.browsing.history(app.browsing.lot(lot_id, None, app.now()).auction, most)


def ping_pong(count: int) -> list[tuple[int, int]]:
    """Anna, Boris, Anna ... each a step above the other."""
    return [(BORIS if n % 2 else ANNA, 100 + 10 * n) for n in range(count)]


def test_bidders_are_numbered_by_their_first_bids_and_keep_the_number(app: FakeApp) -> None:
    lot_id = lot_at(app, (BORIS, 100), (ANNA, 200), bid_step=10)
    assert history(app, lot_id).numbers == {BORIS: 1, ANNA: 2}
    place(app, lot_id, (CLARA, 300), (BORIS, 400), (ANNA, 500))
    assert history(app, lot_id).numbers == {BORIS: 1, ANNA: 2, CLARA: 3}


@pytest.mark.parametrize("most", [1, 2, 3, 7, 39, 40, 41])
def test_the_numbers_do_not_depend_on_how_many_bids_are_shown(app: FakeApp, most: int) -> None:
    lot_id = lot_at(app, (CLARA, 100), *((who, amount + 20) for who, amount in ping_pong(39)), bid_step=10)
    seen = history(app, lot_id, most)
    assert seen.numbers == {CLARA: 1, ANNA: 2, BORIS: 3}
    assert [bid.number for bid in seen.bids] == list(range(40, max(0, 40 - most), -1))
    assert seen.unshown == max(0, 40 - most)


def test_a_short_list_is_one_read_and_a_long_one_reads_what_is_older_once(app: FakeApp) -> None:
    lot_id = lot_at(app, *ping_pong(12), bid_step=10)
    auction = app.browsing.lot(lot_id, None, app.now()).auction
    histories = BidHistories(app.store)

    def reads(most: int) -> list[str]:
        app.store.trips.clear()
        histories.of(auction, most)
        return list(app.store.trips)

    assert len(reads(12)) == 1
    fresh = BidHistories(app.store)
    app.store.trips.clear()
    fresh.of(auction, 5)
    assert len(app.store.trips) == 2
    app.store.trips.clear()
    fresh.of(auction, 5)
    assert len(app.store.trips) == 1, "whose first bid came when is known by now"


def test_of_a_very_long_list_each_page_learns_a_part(app: FakeApp, monkeypatch: pytest.MonkeyPatch) -> None:
    """Until all is known, a bidder may be without a number; no number is ever taken back or given to another."""
    monkeypatch.setattr(bid_history, "CHUNK", 2)
    monkeypatch.setattr(bid_history, "MOST_READ", 4)
    bids = ping_pong(15)
    bids[8] = (CLARA, 180)
    lot_id = lot_at(app, *bids, bid_step=10)
    auction = app.browsing.lot(lot_id, None, app.now()).auction
    histories = BidHistories(app.store)
    known = [dict(histories.of(auction, 3).numbers) for _ in range(4)]
    two = {ANNA: 1, BORIS: 2}
    assert known == [two, two, two | {CLARA: 3}, two | {CLARA: 3}]


def test_nobody_is_numbered_while_bids_are_hidden(app: FakeApp) -> None:
    lot_id = lot_at(app, (ANNA, 300), (BORIS, 400), type="sealed")
    assert history(app, lot_id) == BidHistory()
    assert not history(app, lot_id).has_bid(ANNA)


@pytest.mark.parametrize(("kind", "of_winner"), [("sealed", 450), ("vickrey", None)])
def test_sealed_results_come_by_amount_with_the_winner_first(app: FakeApp, kind: str, of_winner: int | None) -> None:
    """Each bidder once, by the last bid; equal bids by time; the winner's own stays secret in a second-price lot."""
    bids = [(ANNA, 120), (4, 300), (BORIS, 450), (5, 300), (CLARA, 200), (ANNA, 310)]
    for person in (4, 5):
        join(app, person, stars=1000)
    lot_id = lot_at(app, *bids, type=kind)
    app.clock.forward(seconds=HOUR)
    seen = history(app, lot_id)
    assert [(bid.bidder_id, bid.price and bid.price.amount) for bid in seen.bids] == [
        (BORIS, of_winner), (ANNA, 310), (4, 300), (5, 300), (CLARA, 200),
    ]  # fmt: skip
    assert seen.numbers == {ANNA: 1, 4: 2, BORIS: 3, 5: 4, CLARA: 5}
    assert [bid.bidder_id for bid in history(app, lot_id, 2).bids] == [BORIS, ANNA], "the best, not the newest"
    assert history(app, lot_id, 2).unshown == 3


def test_the_order_of_an_unsold_sealed_lot_tells_nothing_of_the_amounts(app: FakeApp) -> None:
    lot_id = lot_at(app, (ANNA, 300), (BORIS, 100), (CLARA, 200), type="sealed", reserve_price=5_000)
    app.clock.forward(seconds=HOUR)
    seen = history(app, lot_id).bids
    assert [(bid.bidder_id, bid.price) for bid in seen] == [(ANNA, None), (BORIS, None), (CLARA, None)]


def test_only_so_many_lots_are_kept_in_mind(app: FakeApp, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bid_history, "LOTS_KNOWN", 2)
    lots = [lot_at(app, (ANNA, 100)) for _ in range(4)]
    for lot_id in (*lots, *lots):
        assert history(app, lot_id).numbers == {ANNA: 1}
