"""The results as a table to read and as charts for docs/performance.md."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench.charts import bars, curves
from bench.crowd import report as crowds
from bench.growth import grown
from bench.warm import AIMS

MB = 1_000_000


def lines(results: dict[str, Any]) -> Iterator[str]:
    """The table, line by line."""
    starts = results["cold_start"]
    plain = starts["plain way"]["cpu_ms"]
    yield f"\n{'cold start':28}{'CPU ms':>10}{'of plain':>10}{'files':>8}"
    for name, start in starts.items():
        yield f"{name:28}{start['cpu_ms']:>10.0f}{start['cpu_ms'] / plain:>10.2f}{start['files']:>8}"
    yield f"\n{'warm request, CPU ms':28}{'Starbid':>10}{'Flask':>10}{'ratio':>8}{'aim':>8}{'bytes of both':>20}"
    for name, spent in results["warm"]["starbid"].items():
        other = results["warm"]["yardstick"][name]
        ratio, aim = spent["ms"] / other["ms"], AIMS[name]
        numbers = f"{spent['ms']:>10.2f}{other['ms']:>10.2f}{ratio:>8.2f}{aim:>8.2f}"
        yield f"{name:28}{numbers}{spent['bytes']:>11}{other['bytes']:>9}{'  !' if round(ratio, 2) > aim else ''}"
    yield from _chat(results.get("chat", {}))
    yield f"\n{'a cold start of the webhook':36}{'CPU ms':>10}"
    yield from (f"{name:36}{ms:>10.0f}" for name, ms in results["savings"]["cold_start"].items())
    yield f"\n{'a call of DynamoDB':36}{'CPU ms':>10}"
    yield from (f"{name:36}{ms:>10.2f}" for name, ms in results["savings"]["calls"].items())
    yield from _growth(results["growth"])
    yield from _partitions(results["partitions"])
    yield from crowds.lines(results["crowd"])
    yield from _exports(results.get("exports", {}))
    yield from _paint(results.get("paint", {}))
    yield "\nZipped, MB:"
    for name, size in results["packages"].items():
        yield f"{name:28}{size / MB:>8.2f}"
    yield f"{'together':28}{sum(results['packages'].values()) / MB:>8.2f}"


def _paint(paint: dict[str, Any]) -> Iterator[str]:
    if paint:
        yield f"\n{'on a slow phone':28}{'LCP, s':>10}{'CLS':>8}"
    for name, page in paint.items():
        yield f"{name:28}{page['lcp_ms'] / 1000:>10.2f}{page['cls']:>8.3f}"


def _growth(growth: dict[str, Any]) -> Iterator[str]:
    """What each visit costs among the fewest lots, and where it differs among more."""
    few, *others = growth["costs"]
    head = f"{'round trips':>12}{'read units':>12}{'write units':>12}{'bytes':>9}"
    yield f"\n{f'among {few} lots and people':32}{head}" + "".join(f"{f'among {size}':>16}" for size in others)
    for name, least in growth["costs"][few].items():
        numbers = "{round_trips:>12}{read_units:>12g}{write_units:>12g}{bytes:>9}".format(**least)
        moved = (grown({few: {name: least}, size: {name: growth["costs"][size][name]}}) for size in others)
        yield f"{name:32}{numbers}" + "".join(f"{'not the same' if other else 'the same':>16}" for other in moved)
    yield f"By {growth['database']}; {growth['standing']} lots stand there besides: they fill what a list page reads."


def _chat(spent: dict[str, dict[str, float]]) -> Iterator[str]:
    """A row for each command of the bot."""
    if spent:
        head = f"{'round trips':>12}{'read units':>12}{'write units':>12}{'sent':>6}{'CPU ms':>9}"
        yield f"\n{'said to the bot':28}{head}"
    for text, each in spent.items():
        yield f"{text:28}" + "{round_trips:>12}{read_units:>12g}{write_units:>12g}{sent:>6}{ms:>9.2f}".format(**each)


def _exports(made: dict[str, dict[str, float]]) -> Iterator[str]:
    if made:
        head = f"{'rows':>10}{'CPU s':>8}{'seconds':>9}{'MB file':>9}{'MB memory':>11}{'before':>8}"
        yield f"\n{'export of people':28}{head}"
    for name, told in made.items():
        numbers = f"{told['cpu_seconds']:>8.1f}{told['seconds']:>9.0f}{told['bytes'] / MB:>9.1f}"
        yield f"{name:28}{told['rows']:>10}{numbers}{told['mb_at_most']:>11.0f}{told['mb_before']:>8.0f}"


def _partitions(day: dict[str, Any]) -> Iterator[str]:
    yield f"\nWrite units in the worst second of a partition (limit {day['limit']}), a day of {day['bids']:,} bids:"
    yield f"{'':24}{'worst':>8}{'median':>8}{'partitions':>12}"
    for name, group in day["groups"].items():
        yield f"{name:24}{group['worst']:>8}{group['median']:>8}{group['partitions']:>12}"


def draw(results: dict[str, Any], folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    starts = {name: (start["cpu_ms"],) for name, start in results["cold_start"].items()}
    title = "Cold start: CPU ms from process start to the first answer"
    (folder / "cold-start.svg").write_text(bars(title, ("CPU ms",), starts), "utf-8")
    warm = results["warm"]
    pairs = {name: (spent["ms"], warm["yardstick"][name]["ms"]) for name, spent in warm["starbid"].items()}
    title = "Warm request: CPU ms in the handler, without the database's server"
    (folder / "warm.svg").write_text(bars(title, ("Starbid", "Flask + SQLAlchemy"), pairs), "utf-8")
    growth = results["growth"]["costs"]
    units = {name: tuple(cost[name]["read_units"] for cost in growth.values()) for name in next(iter(growth.values()))}
    among = [f"among {int(size):,} lots" for size in growth]
    title = "Read units of pages, commands and bids"
    (folder / "growth.svg").write_text(bars(title, among, units), "utf-8")
    day = results["partitions"]
    title = f"Write units in each partition's worst second, the hottest partition first: {day['bids']:,} bids in a day"
    groups = {name: [(int(rank), units) for rank, units in g["curve"].items()] for name, g in day["groups"].items()}
    (folder / "partitions.svg").write_text(curves(title, groups, day["limit"]), "utf-8")
    (folder / "crowd.svg").write_text(crowds.chart(results["crowd"]), "utf-8")
