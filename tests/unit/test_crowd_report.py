"""What the part `crowd` of the bench tells, and which promises it keeps an eye on."""

from __future__ import annotations

from typing import Any

import pytest

from bench.crowd import part, report
from bench.crowd.crowds import AT_ONCE, RATES, Crowd
from bench.crowd.running import percentile

FOUND: dict[str, Any] = {
    "offered": 100,
    "accepted": 90,
    "refused": 10,
    "conflict": 0,
    "lost": 0,
    "accepted_a_second": 450.0,
    "waits": [0.1, 0.2, 0.3],
    "write_units": 1200.0,
    "read_units": 100.0,
    "transactions": 50,
    "conflicts": 3,
    "throttled": 0,
    "most_waiting": 70,
    "mean_waiting": 30.0,
    "hottest": "bids/lot",
    "hottest_units": 900.0,
}
GOAL, BEYOND = "sealed, 450 a second", "sealed, 600 a second"


def part_of(name: str = GOAL, **changes: object) -> dict[str, Any]:
    return {"yardstick": {"sealed": 300.0}, "crowds": {name: {"alone": FOUND, "in line": FOUND | changes}}}


def test_a_crowd_that_keeps_every_promise_is_not_named() -> None:
    assert part.broken(part_of()) == []


@pytest.mark.parametrize(
    ("name", "changes", "said"),
    [
        (GOAL, {"conflict": 2, "lost": 2}, "2 of 100 bids: conflict"),
        (GOAL, {"lost": 1}, "1 of 100 bids: lost, and not told `conflict`"),
        (BEYOND, {"conflict": 2, "lost": 3}, "1 of 100 bids: lost, and not told `conflict`"),
        (GOAL, {"write_units": 1201.0}, "12.0 write units a bid, promised 12"),
        ("sealed by key, 64 at once", {"write_units": 1410.0}, "14.1 write units a bid, promised 14"),
        (BEYOND, {"accepted_a_second": 410.0}, "410 accepted a second, promised more than 410"),
    ],
)
def test_a_broken_promise_is_named_with_its_crowd(name: str, changes: dict[str, Any], said: str) -> None:
    assert part.broken(part_of(name, **changes)) == [f"crowd {name}: {said}"]


def test_more_than_a_partition_takes_may_end_in_conflicts_but_not_in_losses() -> None:
    assert part.broken(part_of(BEYOND, conflict=50, lost=50)) == []


def test_slower_crowds_promise_no_rate() -> None:
    assert part.broken(part_of("english, 50 a second", accepted_a_second=48.0)) == []


def test_every_size_and_rate_is_measured_both_ways() -> None:
    cells = list(part._cells())
    for way in ("alone", "in line"):
        for kind in ("english", "sealed"):
            wanted = {Crowd(kind, size) for size in AT_ONCE} | {Crowd(kind, rate, is_rate=True) for rate in RATES}
            assert wanted <= {crowd for crowd, name in cells if name == way}


def test_a_line_of_the_table_tells_of_each_bid_offered() -> None:
    told = report.line(GOAL, "in line", FOUND).split()
    assert told[4:] == [
        *("in", "line", "100", "90", "10", "0", "0", "450.0", "100", "200", "300"),
        *("12.0", "1.0", "0.50", "70", "30", "bids/lot", "900"),
    ]
    assert len(list(report.lines(part_of()))) == 4


def test_the_chart_has_a_curve_for_each_way_and_a_level_for_the_yardstick() -> None:
    svg = report.chart(part_of())
    assert svg.count("<polyline") == 2
    assert all(name in svg for name in ("sealed, alone", "sealed, in line", "one process on SQLite, sealed"))


def test_a_percentile_is_one_of_the_values() -> None:
    assert [percentile([1.0, 2.0, 3.0, 4.0], share) for share in (50, 95, 99)] == [2.0, 4.0, 4.0]
    assert percentile([1.0], 50) == 1.0
