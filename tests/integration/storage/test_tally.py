"""What is counted of the listed lots: exactly, whatever comes twice, late, or at the same time."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest

from bench.meter import Meter
from starbid.domain.money import Money
from starbid.services.ports import Listing
from starbid.storage.catalogue.tally import MOST_WORDS
from tests.support.dynamo import DynamoApp
from tests.support.fakes import StagedApp


def row(app: StagedApp, auction_id: str = "lot1") -> Listing:
    """A live lamp."""
    now = app.now()
    return Listing(
        auction_id=auction_id, version=1, seller_public_id="", title="Лампа", picture=None, category="home",
        goods="digital", kind="english", status="live", price=Money(100, "XTR"), bids_count=0, buy_now_price=None,
        starts_at=now, ends_at=now + timedelta(days=1), created_at=now,
    )  # fmt: skip


def counts(app: StagedApp) -> dict[str, int]:
    """The words and the categories."""
    words = {letter: app.lot_words.beginning(letter, 100) for letter in "лчb"}
    sorts = {name: lots for name, lots in app.lot_words.sorts().items() if name.startswith("category#")}
    return {word: lots for found in words.values() for word, lots in found.items()} | sorts


def test_words_and_sorts_are_counted_while_a_lot_is_listed(any_app: StagedApp) -> None:
    one, two = row(any_app), replace(row(any_app, "lot2"), title="Лампа, чашка")
    for each in (one, two):
        any_app.catalogue.put(each, "")
    assert counts(any_app) == {"лампа": 2, "чашка": 1, "category#home": 2}
    assert any_app.lot_words.ending("мпа", 9) == {"лампа": 2}
    any_app.catalogue.put(replace(two, status="sold", version=2), "")
    assert counts(any_app) == {"лампа": 1, "category#home": 1}
    any_app.catalogue.put(replace(one, status="cancelled", version=2), "")
    assert counts(any_app) == {}
    assert any_app.lot_words.sorts() == {}


def test_a_repeat_and_what_comes_late_count_nothing(any_app: StagedApp) -> None:
    first = row(any_app)
    second = replace(first, version=2, bids_count=1)
    for each in (first, first, second, first, second):
        any_app.catalogue.put(each, "")
    assert counts(any_app) == {"лампа": 1, "category#home": 1}
    over = replace(first, version=3, status="sold")
    for each in (over, over, second):
        any_app.catalogue.put(each, "")
    assert counts(any_app) == {}


def test_another_title_and_category_are_counted_in_place_of_the_former(any_app: StagedApp) -> None:
    first = row(any_app)
    any_app.catalogue.put(first, "")
    any_app.catalogue.put(replace(first, version=2, title="Чашка", category="art", bids_count=3), "")
    assert counts(any_app) == {"чашка": 1, "category#art": 1}


def test_words_come_by_their_letters_and_no_more_than_asked_for(any_app: StagedApp) -> None:
    any_app.catalogue.put(replace(row(any_app), title="лак лампа лапа лес"), "")
    assert list(any_app.lot_words.beginning("ла", 2)) == ["лак", "лампа"]
    assert any_app.lot_words.beginning("лампада", 9) == {}


def test_a_hidden_lot_is_not_counted_and_one_that_is_shown_again_is(any_app: StagedApp) -> None:
    first = row(any_app)
    for status, expected in (("live", 1), ("hidden", 0), ("live", 1)):
        any_app.catalogue.put(replace(first, status=status), "")
        assert counts(any_app).get("лампа", 0) == expected


def test_a_lot_that_has_not_begun_is_counted_with_its_first_change_after_it_has(any_app: StagedApp) -> None:
    waits = replace(row(any_app), status="scheduled")
    any_app.catalogue.put(waits, "")
    assert counts(any_app) == {}
    bid = replace(waits, status="live", version=2, bids_count=1)
    for _ in range(2):
        any_app.catalogue.put(bid, "")
        assert counts(any_app) == {"лампа": 1, "category#home": 1}
    any_app.catalogue.put(replace(waits, version=3), "")
    assert counts(any_app) == {}


@pytest.mark.parametrize(
    "title", ["!?…", "x" * 80, " ".join(f"w{number}" for number in range(30)), "лампа " * 13, "😀"]
)
def test_any_title_is_counted_and_taken_off(any_app: StagedApp, title: str) -> None:
    odd = replace(row(any_app), title=title)
    any_app.catalogue.put(odd, "")
    assert any_app.lot_words.sorts()["category#home"] == 1
    assert len(any_app.lot_words.beginning("w", 100)) <= MOST_WORDS
    any_app.catalogue.put(replace(odd, status="sold", version=2), "")
    assert any_app.lot_words.sorts() == {}
    assert any_app.lot_words.beginning("w", 100) == {}


def test_many_lots_at_once_are_counted_exactly(emulated: DynamoApp) -> None:
    rows = [row(emulated, f"lot{number}") for number in range(6)]
    with ThreadPoolExecutor(3) as threads:
        list(threads.map(lambda each: emulated.catalogue.put(each, ""), rows + rows))
    assert counts(emulated) == {"лампа": 6, "category#home": 6}
    over = [replace(each, status="sold", version=2) for each in rows]
    with ThreadPoolExecutor(3) as threads:
        list(threads.map(lambda each: emulated.catalogue.put(each, ""), over))
    assert counts(emulated) == {}


def test_a_row_from_before_anything_was_counted_is_counted_when_it_is_renewed(emulated: DynamoApp) -> None:
    bid = replace(row(emulated), bids_count=2)
    emulated.catalogue.put(bid, "")
    for place in (("live#л", "лампа"), ("live-end#а", "апмал"), ("live", "category#home")):
        key = {name: {"S": value} for name, value in zip(("term", "ref"), place, strict=True)}
        emulated.catalogue.client.delete_item(TableName=emulated.catalogue.tables["finds"], Key=key)
    emulated.catalogue.client.update_item(
        TableName=emulated.catalogue.tables["listings"],
        Key={"auction_id": {"S": "lot1"}},
        UpdateExpression="REMOVE counted",
    )
    for _ in range(2):
        emulated.catalogue.put(bid, "")
    assert counts(emulated) == {"лампа": 1, "category#home": 1}


def test_a_bid_is_one_write_and_reads_nothing(emulated: DynamoApp) -> None:
    first = row(emulated)
    emulated.catalogue.put(first, "")
    meter = Meter(emulated.catalogue.client)
    with meter.measure() as reading:
        emulated.catalogue.put(replace(first, version=2, bids_count=1), "")
    assert reading.round_trips == 1
