"""The hot path costs what docs/performance.md promises."""

from collections.abc import Iterator

import pytest

from bench.__main__ import broken, measured
from bench.cases import CASES, Case
from bench.market import Market, open_market
from bench.meter import Meter, Reading, size_of

PROMISED = [case for case in CASES if case.most_trips is not None]


@pytest.fixture(scope="module")
def market() -> Iterator[Market]:
    with open_market() as market:
        yield market


@pytest.fixture(scope="module")
def meter(market: Market) -> Meter:
    return Meter(market.store.client)


@pytest.mark.parametrize("case", PROMISED, ids=lambda case: case.name)
def test_nothing_costs_more_than_promised(market: Market, meter: Meter, case: Case) -> None:
    assert broken(case, measured(case, market, meter)) == []


def test_a_change_of_leader_is_one_read_and_one_transaction(market: Market, meter: Meter) -> None:
    reading = measured(CASES[0], market, meter)
    assert reading.calls == ["BatchGetItem", "TransactWriteItems"]
    assert (reading.write_units, reading.index_write_units, reading.read_units) == (8, 1, 2.5)


def test_a_broken_promise_is_named() -> None:
    assert broken(CASES[0], Reading(round_trips=3, write_units=10)) == [
        "accepted bid, leader changes: 3 round trips, promised 2",
        "accepted bid, leader changes: 10 write units, promised 8",
    ]


def test_an_item_is_as_big_as_its_names_and_values() -> None:
    assert size_of({"a": {"S": "лот"}}) == 1 + 6
    assert size_of({"price": {"N": "1200"}}) == 5 + 2
    assert size_of({"open": {"BOOL": True}, "tags": {"SS": ["x", "yz"]}}) == 4 + 1 + 4 + 3
    assert size_of({"l": {"L": [{"S": "ab"}]}, "m": {"M": {"k": {"N": "7"}}}}) == (1 + 3 + 1 + 2) + (1 + 3 + 1 + 1 + 2)
