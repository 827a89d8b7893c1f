"""What crowds came to, as a table and as a chart."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from bench import charts

HEAD = (
    f"{'crowd':28}{'way':9}{'offered':>8}{'accepted':>9}{'refused':>8}{'conflict':>9}{'lost':>6}{'a second':>9}"
    f"{'p50 ms':>8}{'p95':>7}{'p99':>7}{'writes':>8}{'reads':>7}{'transact.':>10}{'at once':>8}{'mean':>7}  hottest"
)


def line(crowd: str, way: str, found: Mapping[str, Any]) -> str:
    """One crowd by one way. Units and transactions are for each bid that was offered."""
    each = [found[name] / found["offered"] for name in ("write_units", "read_units", "transactions")]
    waits = "".join(f"{seconds * 1000:>{width}.0f}" for seconds, width in zip(found["waits"], (8, 7, 7), strict=True))
    return (
        f"{crowd:28}{way:9}{found['offered']:>8}{found['accepted']:>9}{found['refused']:>8}{found['conflict']:>9}"
        f"{found['lost']:>6}{found['accepted_a_second']:>9.1f}{waits}{each[0]:>8.1f}{each[1]:>7.1f}{each[2]:>10.2f}"
        f"{found['most_waiting']:>8}{found['mean_waiting']:>7.0f}  {found['hottest']} {found['hottest_units']:.0f}"
        f"{', throttled ' + str(found['throttled']) if found['throttled'] else ''}"
    )


def lines(found: Mapping[str, Any]) -> Iterator[str]:
    """The table of the part, line by line."""
    yield f"\n{HEAD}"
    for crowd, ways in found["crowds"].items():
        yield from (line(crowd, way, cell) for way, cell in ways.items())
    anchors = ", ".join(f"{kind} {rate:.0f}" for kind, rate in found["yardstick"].items())
    yield f"One process on SQLite accepts, a second: {anchors}."


def chart(found: Mapping[str, Any]) -> str:
    """Accepted bids over those that are offered, a second."""
    drawn: dict[str, list[charts.Point]] = {}
    for crowd, ways in found["crowds"].items():
        kind, _, size = crowd.partition(", ")
        for way, cell in ways.items():
            if size.endswith("a second") and kind in found["yardstick"]:
                rate = float(size.split()[0])
                drawn.setdefault(f"{kind}, {way}", []).append((rate, cell["accepted_a_second"]))
    levels = {f"one process on SQLite, {kind}": rate for kind, rate in found["yardstick"].items()}
    return charts.rates("Accepted bids a second on one lot", drawn, levels, "bids offered a second, for 30 s")
