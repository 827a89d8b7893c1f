"""The results as a table to read and as charts for docs/performance.md."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench.charts import bars
from bench.partitions import LIMIT

MB = 1_000_000


def lines(results: dict[str, Any]) -> Iterator[str]:
    """The table, line by line."""
    starts = results["cold_start"]
    plain = starts["plain way"]["cpu_ms"]
    yield f"\n{'cold start':28}{'CPU ms':>10}{'of plain':>10}{'files':>8}"
    for name, start in starts.items():
        yield f"{name:28}{start['cpu_ms']:>10.0f}{start['cpu_ms'] / plain:>10.2f}{start['files']:>8}"
    yield f"\n{'warm request, CPU ms':28}{'Starbid':>10}{'Flask':>10}{'ratio':>8}{'bytes of both':>20}"
    for name, spent in results["warm"]["starbid"].items():
        other = results["warm"]["yardstick"][name]
        numbers = f"{spent['ms']:>10.2f}{other['ms']:>10.2f}{spent['ms'] / other['ms']:>8.2f}"
        yield f"{name:28}{numbers}{spent['bytes']:>11}{other['bytes']:>9}"
    yield f"\n{'lots and people':16}{'':18}{'round trips':>12}{'read units':>12}{'bytes':>10}"
    for size, rows in results["growth"].items():
        for name, row in rows.items():
            yield f"{size:16}{name:18}{row['round_trips']:>12}{row['read_units']:>12g}{row['bytes']:>10}"
    yield f"\nWrite units in the worst second of a partition (limit {LIMIT}), a day of a million bids:"
    for name, units in results["partitions"].items():
        yield f"{name:34}{units:>6}"
    yield "\nZipped, MB:"
    for name, size in results["packages"].items():
        yield f"{name:28}{size / MB:>8.2f}"
    yield f"{'together':28}{sum(results['packages'].values()) / MB:>8.2f}"


def draw(results: dict[str, Any], folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    starts = {name: (start["cpu_ms"],) for name, start in results["cold_start"].items()}
    title = "Cold start: CPU ms from process start to the first answer"
    (folder / "cold-start.svg").write_text(bars(title, ("CPU ms",), starts), "utf-8")
    warm = results["warm"]
    pairs = {name: (spent["ms"], warm["yardstick"][name]["ms"]) for name, spent in warm["starbid"].items()}
    title = "Warm request: CPU ms in the handler, without the database's server"
    (folder / "warm.svg").write_text(bars(title, ("Starbid", "Flask + SQLAlchemy"), pairs), "utf-8")
