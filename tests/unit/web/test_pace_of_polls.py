"""How often an open page of a lot asks: faster near the end, and no more where nothing can come."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from tests.support.factories import ANNA, BORIS, SELLER, market, put_up
from tests.support.fakes import FakeApp
from tests.support.web import Client

MINUTE, DAY = 60, 86_400


def pace(app: FakeApp, lot_id: str, who: int | None = None) -> int:
    """Seconds between two looks; 0 for none."""
    browser = Client(app).log_in(who) if who else Client(app)
    found = re.search(r'hx-trigger="every (\d+)s, due"', browser.get(f"/auction/{lot_id}").text)
    return int(found[1]) if found else 0


@pytest.mark.parametrize(
    ("seconds_left", "expected"),
    [
        (2 * DAY, 10),
        (DAY + 1, 10),
        (DAY, 3),
        (2 * MINUTE + 1, 3),
        (2 * MINUTE, 2),
        (1, 2),
        (0, 2),
    ],
)
def test_a_live_lot_is_asked_about_faster_the_nearer_its_end_is_and_until_it_is_closed(
    seconds_left: int, expected: int
) -> None:
    app, lot = market(duration_seconds=3 * DAY)
    app.clock.forward(seconds=3 * DAY - seconds_left)
    assert pace(app, lot.auction.id) == expected


@pytest.mark.parametrize(("seconds_to_start", "expected"), [(DAY, 20), (2 * MINUTE + 1, 20), (2 * MINUTE, 3), (1, 3)])
def test_a_lot_that_has_not_begun_is_asked_about_faster_before_its_start(seconds_to_start: int, expected: int) -> None:
    app, _ = market()
    starts_at = (app.now() + timedelta(days=2)).isoformat()
    lot = put_up(app, duration_seconds=3 * DAY, starts_at=starts_at)
    app.clock.forward(seconds=2 * DAY - seconds_to_start)
    assert pace(app, lot.auction.id) == expected


def test_of_what_is_over_only_the_two_of_a_deal_ask_and_slowly() -> None:
    app, unsold = market()
    sold = put_up(app).auction.id
    app.bidding.bid(sold, ANNA, 100, app.now())
    app.clock.forward(hours=2)
    for lot_id in (unsold.auction.id, sold):
        app.closing.close(lot_id, app.now())
    assert (pace(app, unsold.auction.id, ANNA), pace(app, sold, BORIS)) == (0, 0)
    assert (pace(app, sold, ANNA), pace(app, sold, SELLER)) == (20, 20)
