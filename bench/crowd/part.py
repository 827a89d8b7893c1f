"""The part `crowd` of the bench: every crowd by both ways, the yardstick in the same run, and what was promised."""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, replace
from typing import Any

from bench.crowd import report, yardstick
from bench.crowd.crowds import AT_ONCE, RATES, Crowd
from bench.crowd.market import KINDS
from bench.crowd.running import run
from bench.crowd.store import DEFAULT
from bench.crowd.ways import WAYS

IN_LINE, ALONE = "in line", "alone"
LEAST_A_SECOND = 410
"""Accepted bids a second on one lot, at least, where more are offered than it can take."""
MOST_A_SECOND = 450
"""Offered for half a minute without a conflict. A partition of `bids` takes 500 rows a second."""
MOST_UNITS, KEY_UNITS = 12.0, 2.0
"""Of a bid in a crowd, and what the record of its key adds, as it does alone."""
ALONE_SECONDS = 5
"""Nothing piles up where nobody waits: a few seconds show the same."""


def measure() -> dict[str, Any]:
    """By crowd and way what was found; by kind the yardstick's bids a second; and the assumptions, in seconds."""
    anchors = {kind: yardstick.accepted_a_second(kind) for kind in ("english", "sealed")}
    found: dict[str, dict[str, Any]] = {}
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        cells = sorted(_cells(), key=lambda cell: -cell[0].size * cell[0].seconds)
        for (crowd, way), cell in zip(cells, pool.map(_run, cells), strict=True):
            found.setdefault(crowd.name, {})[way] = cell
            print(report.line(crowd.name, way, cell), flush=True)
    in_order = {crowd.name: found[crowd.name] for crowd, _ in _cells()}
    return {"yardstick": anchors, "assumed": asdict(DEFAULT), "crowds": in_order}


def broken(found: dict[str, Any]) -> list[str]:
    """The promises that a crowd breaks, as sentences."""
    crowds = {crowd.name: crowd for crowd, _ in _cells()}
    return [
        f"crowd {name}: {why}" for name, ways in found["crowds"].items() for why in _broken(crowds[name], ways[IN_LINE])
    ]


def _broken(crowd: Crowd, cell: dict[str, Any]) -> Iterator[str]:
    is_more = crowd.is_rate and crowd.size > MOST_A_SECOND
    if cell["conflict"] and not is_more:
        yield f"{cell['conflict']} of {cell['offered']} bids: conflict"
    if cell["lost"] > cell["conflict"]:
        yield f"{cell['lost'] - cell['conflict']} of {cell['offered']} bids: lost, and not told `conflict`"
    each, most = cell["write_units"] / cell["offered"], MOST_UNITS + KEY_UNITS * crowd.keyed
    if each > most:
        yield f"{each:.1f} write units a bid, promised {most:g}"
    if is_more and cell["accepted_a_second"] <= LEAST_A_SECOND:
        yield f"{cell['accepted_a_second']:.0f} accepted a second, promised more than {LEAST_A_SECOND}"


def _cells() -> Iterator[tuple[Crowd, str]]:
    """Vickrey bids are placed as sealed ones: their fastest rate is enough. A purchase ends the lot at once.

    A key makes a bid one item larger, whatever its kind.
    """
    for kind in KINDS:
        for crowd in (*(Crowd(kind, size) for size in AT_ONCE), *(Crowd(kind, rate, True) for rate in _rates(kind))):
            yield from ((crowd, way) for way in WAYS)
    for crowd in (Crowd("sealed", 64, keyed=True), Crowd("sealed", 200, is_rate=True, keyed=True)):
        yield from ((crowd, way) for way in WAYS)


def _rates(kind: str) -> tuple[int, ...]:
    return {"dutch": (), "vickrey": RATES[-1:]}.get(kind, RATES)


def _run(cell: tuple[Crowd, str]) -> dict[str, Any]:
    crowd, way = cell
    return run(replace(crowd, seconds=ALONE_SECONDS) if way == ALONE else crowd, WAYS[way]).as_json()
