"""Saved searches: by person, and where each is filed."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any

from bench.meter import Meter
from starbid.domain.criteria import Criteria
from starbid.domain.lots import Lot
from starbid.domain.saved_searches import SavedSearch, saved_search
from starbid.services.auctions.browsing import listing_of
from starbid.services.ports import Search
from tests.support.dynamo import DynamoApp, join, put_up
from tests.support.factories import ANNA, BORIS, SELLER
from tests.support.fakes import StagedApp

FULL = Criteria("Красная <сумка> & 😀", "art", "dutch", "RUB", 12_345, 50_000)


def saved(app: StagedApp, user_id: int, text: str = "bike", later: int = 0) -> SavedSearch:
    criteria = Criteria(text)
    at = app.now() + timedelta(seconds=later)
    search = saved_search(user_id, criteria, app.catalogue.asked(criteria.text), at)
    app.searches.put(search)
    return search


def listed(app: DynamoApp, **changes: Any) -> Lot:
    """A lot that the projector has put into the lists."""
    lot = put_up(app, **changes)
    app.catalogue.put(listing_of(lot, app.now()), lot.card.description)
    return lot


def test_a_search_is_read_as_it_was_saved(any_app: StagedApp) -> None:
    search = saved_search(ANNA, FULL, ("красн", "сумк"), any_app.now())
    any_app.searches.put(search)
    assert any_app.searches.of(ANNA) == [search]
    assert any_app.searches.filed("word#красн", "", 9) == ((search,), None)
    assert any_app.searches.of(BORIS) == []


def test_saved_twice_it_stays_as_it_was_first(any_app: StagedApp) -> None:
    first = saved(any_app, ANNA)
    saved(any_app, ANNA, "bikes", later=5)
    assert any_app.searches.of(ANNA) == [first]
    any_app.searches.drop(first)
    assert any_app.searches.used(["word#bike"]) == ()


def test_a_search_that_is_dropped_is_gone_from_both_sides(any_app: StagedApp) -> None:
    anna, boris, lamp = saved(any_app, ANNA), saved(any_app, BORIS), saved(any_app, ANNA, "lamp", later=1)
    for _ in range(2):
        any_app.searches.drop(anna)
    assert any_app.searches.of(ANNA) == [lamp]
    assert any_app.searches.filed("word#bike", "", 9) == ((boris,), None)
    assert any_app.searches.used(["word#bike", "word#lamp", "word#chair"]) == ("word#bike", "word#lamp")
    any_app.searches.drop(boris)
    assert any_app.searches.used(["word#bike", "word#lamp"]) == ("word#lamp",)


def test_a_place_comes_in_pages_each_search_once(any_app: StagedApp) -> None:
    people = range(1, 8)
    for who in people:
        saved(any_app, who)
    saved(any_app, 9, "lamp")
    seen: list[int] = []
    after: str | None = ""
    while after is not None:
        page, after = any_app.searches.filed("word#bike", after, 3)
        assert len(page) <= 3
        seen += [search.user_id for search in page]
    assert sorted(seen) == list(people)


def test_hundreds_of_words_are_asked_for_in_batches(any_app: StagedApp) -> None:
    saved(any_app, ANNA, "word250")
    assert any_app.searches.used(f"word#word{number}" for number in range(300)) == ("word#word250",)
    assert any_app.searches.used([]) == ()


def test_a_lot_is_found_by_the_words_of_its_row_while_it_is_listed(any_app: StagedApp) -> None:
    assert any_app.catalogue.words("nothing") == frozenset()


def test_many_people_save_the_same_at_once(emulated: DynamoApp) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda who: saved(emulated, who), range(1, 25)))
    page, _ = emulated.searches.filed("word#bike", "", 99)
    assert len(page) == 24
    for search in page:
        emulated.searches.drop(search)
    assert emulated.searches.used(["word#bike"]) == ()


def test_what_saving_and_finding_cost(emulated: DynamoApp) -> None:
    with Meter(emulated.store.client).measure() as found:
        search = emulated.saved_searches.save(ANNA, Criteria("bike"), emulated.now())
    assert found.calls == ["Query", "TransactWriteItems"]
    with Meter(emulated.store.client).measure() as found:
        emulated.saved_searches.drop(ANNA, search.id)
    assert found.calls == ["Query", "TransactWriteItems", "DeleteItem"]
    join(emulated, SELLER, seller=True)
    lot = listed(emulated, title="A bike")
    assert "bike" in emulated.catalogue.words(lot.auction.id)
    saved(emulated, ANNA)
    with Meter(emulated.store.client).measure() as found:
        emulated.announcing.announce(lot, emulated.now())
    assert found.calls == ["GetItem", "BatchGetItem", "UpdateItem", "UpdateItem"]
    assert emulated.outgoing.finders == [(lot.auction.id, "word#bike", "")]
    with Meter(emulated.store.client).measure() as found:
        emulated.announcing.step(lot.auction.id, "word#bike", "", emulated.now())
    assert found.calls == ["BatchGetItem", "GetItem", "Query", "UpdateItem"]
    assert [notice.user_id for notice in emulated.outgoing.notices] == [ANNA]


def test_a_list_shows_only_what_ends_by_then_in_every_order(emulated: DynamoApp) -> None:
    join(emulated, SELLER, seller=True)
    for hours in (1, 2, 3):
        listed(emulated, title=f"Lot of {hours} h", duration_seconds=3600 * hours)
    by = emulated.now() + timedelta(hours=2)
    for sort in ("ending", "newest", "price_asc", "price_desc", "bids"):
        found = emulated.catalogue.find(Search(sort=sort, ends_by=by)).items
        assert sorted(row.title for row in found) == ["Lot of 1 h", "Lot of 2 h"]


def test_a_silent_search_is_kept_and_no_new_lot_looks_for_it(any_app: StagedApp) -> None:
    heard, silent = saved(any_app, ANNA), replace(saved(any_app, BORIS), tells=False)
    for _ in range(2):
        any_app.searches.tell(silent)
    assert any_app.searches.of(BORIS) == [silent]
    assert any_app.searches.filed("word#bike", "", 9) == ((heard,), None)
    any_app.searches.drop(heard)
    assert any_app.searches.used(["word#bike"]) == ()


def test_a_silent_search_is_heard_again_once_however_often_it_is_asked(any_app: StagedApp) -> None:
    search = saved(any_app, ANNA)
    any_app.searches.tell(replace(search, tells=False))
    for _ in range(2):
        any_app.searches.tell(search)
    assert any_app.searches.filed("word#bike", "", 9) == ((search,), None)
    any_app.searches.drop(search)
    assert any_app.searches.used(["word#bike"]) == ()


def test_a_search_that_became_silent_meanwhile_is_dropped_all_the_same(any_app: StagedApp) -> None:
    search = saved(any_app, ANNA)
    any_app.searches.tell(replace(search, tells=False))
    any_app.searches.drop(search)
    assert any_app.searches.of(ANNA) == []
    assert any_app.searches.used(["word#bike"]) == ()
    any_app.searches.tell(search)
    assert any_app.searches.of(ANNA) == []
    assert any_app.searches.filed("word#bike", "", 9) == ((), None)
