"""What pages read: no more than they show."""

from __future__ import annotations

import pytest

from tests.support.factories import ANNA, market, put_up
from tests.support.fakes import FakeApp
from tests.support.web import Client


@pytest.fixture
def app() -> FakeApp:
    app, _ = market(start_price=100)
    return app


@pytest.mark.parametrize(
    ("path", "trips"),
    [
        ("/", ["pauses", "listings", "lot_words", "person+wallet", "bids"]),
        ("/auction/{}", ["lot", "person+wallet+watch_mark+is_muted", "bids"]),
        ("/auction/{}/live", ["lot+person+wallet", "bids"]),
    ],
)
def test_a_page_reads_no_more_than_it_shows(app: FakeApp, path: str, trips: list[str]) -> None:
    lot_id = put_up(app).auction.id
    app.store.project(app.now())
    anna = Client(app).log_in(ANNA)
    app.store.trips.clear()
    assert anna.get(path.format(lot_id)).status == 200
    assert sorted(app.store.trips) == sorted(trips)


def test_a_poll_that_finds_nothing_new_is_one_read(app: FakeApp) -> None:
    url = f"/auction/{put_up(app).auction.id}/live"
    anna = Client(app).log_in(ANNA)
    known = {"if-none-match": anna.get(url).headers["etag"]}
    app.store.trips.clear()
    assert anna.get(url, headers=known).status == 304
    assert app.store.trips == ["lot+person+wallet"]
