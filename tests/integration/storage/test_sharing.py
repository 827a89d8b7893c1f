"""What inline mode reads, the same for every store: lots from a moment on, and ids of pictures in a batch."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bench.meter import Meter
from starbid.services.auctions.browsing import listing_of
from starbid.services.ports import Search
from starbid.services.sharing import PAGE
from starbid.storage.recorded import FILE_ID_SECONDS
from tests.support.dynamo import DynamoApp, join, put_up
from tests.support.factories import ANNA, SELLER
from tests.support.fakes import StagedApp


@pytest.fixture
def market(any_app: StagedApp) -> StagedApp:
    join(any_app, SELLER, seller=True)
    return any_app


def listed(app: StagedApp, seconds: int, **changes: Any) -> str:
    """A lot that ends so many seconds from now."""
    lot = put_up(app, duration_seconds=seconds, **changes)
    app.catalogue.put(listing_of(lot, app.now()), lot.card.description)
    return lot.auction.id


def test_a_list_begins_at_a_moment_and_has_what_ends_just_then(market: StagedApp) -> None:
    made = [listed(market, 3600 + number) for number in range(5)]
    bag = listed(market, 7200, title="Сумка")
    start = market.store.auction(made[2]).ends_at

    def found(search: Search) -> list[str]:
        return [row.auction_id for row in market.catalogue.find(search).items]

    assert found(Search(ends_from=start)) == [*made[2:], bag]
    assert found(Search(ends_from=start, text="сумки")) == [bag]
    assert found(Search(ends_from=start + timedelta(days=999))) == []
    assert len(found(Search(ends_from=start, sort="newest"))) == 6


def test_pages_go_on_from_a_moment_too(market: StagedApp) -> None:
    made = [listed(market, 3600 + number) for number in range(9)]
    search, seen = Search(ends_from=market.store.auction(made[1]).ends_at, limit=3), list[str]()
    while True:
        page = market.catalogue.find(search)
        seen += [row.auction_id for row in page.items]
        if page.cursor is None:
            break
        search = replace(search, cursor=page.cursor)
    assert seen == made[1:]


def test_ids_of_pictures_are_found_for_a_month(market: StagedApp) -> None:
    market.file_ids.keep("pic1", "one", market.now())
    market.file_ids.keep(None, "drawing", market.now())
    for seconds, expected in ((0, ["one", "drawing", None, "one"]), (FILE_ID_SECONDS + 1, [None] * 4)):
        batch, now = market.store.batch(), market.now() + timedelta(seconds=seconds)
        asked = [batch.file_id(picture, now) for picture in ("pic1", None, "pic2", "pic1")]
        batch.fetch()
        assert [one.value for one in asked] == expected


def test_scrolling_shows_each_lot_once_and_ends(market: StagedApp) -> None:
    made = [listed(market, 3600 + number // 30) for number in range(2 * PAGE + 3)]
    market.file_ids.keep(None, "drawing", market.now())
    seen, place = list[str](), ""
    while True:
        page = market.sharing.found("", place, ANNA, market.now())
        seen += [shared.lot.auction.id for shared in page.lots]
        assert {shared.file_id for shared in page.lots} == {"drawing"}
        place = page.place
        if not place:
            break
    assert len(seen) == len(made)
    assert set(seen) == set(made)


def test_a_page_is_a_query_of_each_shard_beside_the_person_and_the_lots(emulated: DynamoApp) -> None:
    join(emulated, SELLER, seller=True)
    for number in range(3):
        listed(emulated, 3600 + number)
    emulated.pause_news.holds(emulated.now())
    with Meter(emulated.store.client).measure() as found:
        page = emulated.sharing.found("", "", ANNA, emulated.now())
    assert len(page.lots) == 3
    assert found.calls.count("BatchGetItem") == 2, "who asks, and the lots with their pictures"
    assert set(found.calls) <= {"BatchGetItem", "Query"}
