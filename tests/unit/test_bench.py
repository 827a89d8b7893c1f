"""The measurements of growth and of hot partitions find what they are there to find."""

import pytest

from bench import fillers, partitions
from bench.charts import curves
from bench.growth import grown
from bench.writes import Recorder, Writes
from local.template import TEMPLATE, Table
from starbid.storage.catalogue.listings import ROWS_A_SHARD
from starbid.storage.codec import encode
from starbid.storage.rows import shard, shards

COST = {"round_trips": 3, "read_units": 1.5, "write_units": 0, "bytes": 1000}


def test_a_page_that_reads_more_among_many_is_named() -> None:
    costs = {"100": {"list": COST}, "10000": {"list": COST | {"read_units": 2.0}}}
    assert grown(costs) == ["list: read_units 1.5 among 100 lots, 2 among 10000"]


def test_bytes_may_differ_by_the_widths_of_numbers_only() -> None:
    assert grown({"100": {"lot": COST}, "10000": {"lot": COST | {"bytes": 1004}}}) == []
    assert grown({"100": {"lot": COST}, "10000": {"lot": COST | {"bytes": 1100}}}) == [
        "lot: bytes 1000 among 100 lots, 1100 among 10000"
    ]


def test_fillers_are_dealt_evenly_to_the_shelves_and_every_sixth_of_a_shelf_is_rare() -> None:
    text = '{"id": "%(lot)s", "shard": "live#%(n)s"}'
    both = fillers.Pattern((("listings", text),)), fillers.Pattern((("listings", "rare " + text),))
    count = 6 * len(shards("live")) * 10
    lines = list(fillers.lines(both, "listings", count))
    for name in shards("live"):
        of_shard = [line for line in lines if f'"{name}"' in line]
        assert len(of_shard) == count / len(shards("live"))
        assert [line.startswith("rare") for line in of_shard] == [number % 6 == 0 for number in range(len(of_shard))]
    assert len(set(lines)) == count


def test_the_lots_that_stand_from_the_start_fill_two_pages_of_every_shard() -> None:
    assert fillers.standing() == len(shards("live")) * (ROWS_A_SHARD + fillers.LIMIT)


@pytest.fixture
def recorder() -> Recorder:
    def key(**names: str) -> list[dict[str, str]]:
        return [{"AttributeName": name, "KeyType": kind} for name, kind in names.items()]

    index = {
        "IndexName": "by_price",
        "KeySchema": key(shard="HASH", price="RANGE"),
        "Projection": {"ProjectionType": "INCLUDE", "NonKeyAttributes": ["words"]},
    }
    create = {"KeySchema": key(auction_id="HASH"), "GlobalSecondaryIndexes": [index]}
    recorder = Recorder({"listings": Table("ListingsTable", "listings", create, None)})
    recorder.second = 7
    return recorder


def put(recorder: Recorder, **item: object) -> None:
    recorder.put_item("listings", Item=encode({"auction_id": "lot", "shard": "live#1", **item}))


def test_an_index_takes_a_new_row_in_and_moves_one_whose_key_changes(recorder: Recorder) -> None:
    put(recorder, price=1)
    put(recorder, price=1, title="other")
    assert recorder.found["listings.by_price"].worst_seconds() == [1]
    put(recorder, price=2)
    assert recorder.found["listings.by_price"].worst_seconds() == [1 + 2]
    put(recorder, price=2, words="others")  # which the index includes
    assert recorder.found["listings.by_price"].worst_seconds() == [1 + 2 + 1]
    assert recorder.found["listings"].worst_seconds() == [4]


def test_a_write_costs_a_unit_for_each_kilobyte_and_double_in_a_transaction(recorder: Recorder) -> None:
    item = {"TableName": "listings", "Item": encode({"auction_id": "lot", "text": "x" * 1500})}
    recorder.transact_write_items([{"Put": item}])
    assert recorder.found["listings"].worst_seconds() == [4]
    assert "listings.by_price" not in recorder.found  # it has no shard


def test_partitions_that_two_processes_counted_are_the_same_partition() -> None:
    one, other = Writes(), Writes()
    one.add("a", 5, 2)
    one.add("b", 5, 1)
    other.add("b", 5, 2)
    other.add("b", 6, 1)
    one.merge(other)
    assert one.partitions.keys() == {"a", "b"}
    assert one.worst_seconds() == [3, 2]


def test_a_partition_over_the_limit_is_named() -> None:
    groups = {"bids": {"worst": partitions.LIMIT}, "listings.by_price": {"worst": partitions.LIMIT + 1}}
    assert partitions.too_hot({"groups": groups}) == [
        "listings.by_price: 1001 write units in one second of a partition, 1000 are allowed"
    ]


def test_the_day_has_its_bids_in_order_within_their_lots_time() -> None:
    day = partitions.the_day(2_000)
    assert sum(len(bids) for bids in day.bids) == 2_000
    for end, bids in zip(day.ends, day.bids, strict=True):
        moments = [bid.moment for bid in bids]
        assert moments == sorted(moments)
        assert all(moment < end for moment in moments)
        assert not bids or bids[-1].shown is not None  # the last bid always comes into the lists


def test_the_projector_gathers_as_the_template_says() -> None:
    window, batch = partitions.window_and_batch()
    projector = TEMPLATE.read_text("utf-8").partition("\n  ProjectorFunction:")[2].partition("Function:\n")[0]
    assert f"MaximumBatchingWindowInSeconds: {window} " in projector
    assert f"BatchSize: {batch}\n" in projector


def test_a_curve_is_drawn_for_each_table_and_the_limit() -> None:
    svg = curves("title", {"bids": [(1, 160), (10_000, 1)], "wallets": [(1, 8)]}, 1000)
    assert svg.count("<polyline") == 2
    assert "limit 1,000" in svg
    assert all(name in svg for name in ("bids", "wallets", "10,000"))


def test_a_filler_stands_on_the_shelf_that_its_id_belongs_to() -> None:
    both = (fillers.Pattern((("listings", "%(lot)s live#%(n)s"),)),) * 2
    for line in fillers.lines(both, "listings", 40):
        name, place = line.split()
        assert shard("live", name) == place


def test_the_day_of_bids_runs_over_the_use_cases_as_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    """One lot of it, whose bids are told: its writes are those that the figures are made of."""
    monkeypatch.setattr(partitions, "TOLD_ONE_IN", 1)
    found = partitions._bid(1_000, partitions.LOTS, 0)
    assert found.keys() >= {"auctions", "bids", "wallets", "listings", "listings.by_ending", "auctions.due", "scratch"}
    assert len(found["wallets"].partitions) > 1
