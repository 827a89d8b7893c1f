"""Charts as SVG: bars side by side, and curves over ranks or rates."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from html import escape
from math import log10

WIDTH, LABELS, BAR, GAP = 760, 170, 14, 12
COLOURS = ("#2563eb", "#9ca3af", "#d97706")
LINES = (
    "#2563eb",
    "#d97706",
    "#059669",
    "#9333ea",
    "#dc2626",
    "#0891b2",
    "#a16207",
    "#db2777",
    "#4d7c0f",
    "#475569",
    "#000000",
    "#f472b6",
)
HEIGHT, TOP, LEFT, RIGHT = 430, 40, 56, 150
Point = tuple[float, float]
_STYLE = 'font-family="sans-serif" font-size="12" fill="#374151"'


def bars(title: str, series: Sequence[str], rows: Mapping[str, Sequence[float]]) -> str:
    """`rows` holds the values of each name, in the order of `series`."""
    most = max(max(values) for values in rows.values())
    scale = (WIDTH - LABELS - 70) / most
    parts, y = [], 58
    for name, values in rows.items():
        middle = y + len(values) * BAR / 2 + 4
        parts.append(f'<text x="{LABELS - 10}" y="{middle:g}" text-anchor="end">{escape(name)}</text>')
        for colour, value in zip(COLOURS, values, strict=False):
            long = max(value * scale, 1)
            parts.append(f'<rect x="{LABELS}" y="{y}" width="{long:.1f}" height="{BAR - 2}" fill="{colour}"/>')
            parts.append(f'<text x="{LABELS + long + 6:.1f}" y="{y + BAR - 4}">{value:.3g}</text>')
            y += BAR
        y += GAP
    legend = "".join(
        f'<rect x="{LABELS + 170 * n}" y="30" width="12" height="12" fill="{colour}"/>'
        f'<text x="{LABELS + 170 * n + 18}" y="41">{escape(name)}</text>'
        for n, (colour, name) in enumerate(zip(COLOURS, series, strict=False))
    )
    heading = f'<text x="0" y="16" font-weight="bold">{escape(title)}</text>'
    page = f'<rect width="{WIDTH}" height="{y}" fill="#fff"/>'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {y}" {_STYLE}>'
        f"{page}{heading}{legend}{''.join(parts)}</svg>\n"
    )


def curves(title: str, lines: Mapping[str, Sequence[Point]], limit: int) -> str:
    """Value over rank, both on logarithmic scales, with a line at `limit`. Values begin at 1."""
    decades = len(str(max(rank for points in lines.values() for rank, _ in points) - 1))
    heights = len(str(limit)) - 1

    def place(rank: float, value: float) -> Point:
        x = LEFT + log10(rank) / decades * (WIDTH - LEFT - RIGHT)
        return x, HEIGHT - 40 - log10(value) / heights * (HEIGHT - 40 - TOP)

    parts = []
    for power in range(decades + 1):
        x, y = place(10**power, 1)
        parts.append(f'<text x="{x:.0f}" y="{y + 18:.0f}" text-anchor="middle">{10**power:,}</text>')
    for power in range(heights + 1):
        x, y = place(1, 10**power)
        parts.append(f'<text x="{x - 8:.0f}" y="{y + 4:.0f}" text-anchor="end">{10**power:,}</text>')
        parts.append(f'<path d="M{x:.0f} {y:.0f}H{WIDTH - RIGHT}" stroke="#e5e7eb"/>')
    x, y = place(1, limit)
    parts.append(f'<path d="M{x:.0f} {y:.0f}H{WIDTH - RIGHT}" stroke="#dc2626" stroke-dasharray="6 4"/>')
    parts.append(f'<text x="{WIDTH - RIGHT + 8}" y="{y + 4:.0f}" fill="#dc2626">limit {limit:,}</text>')
    parts += _drawn(lines, place, dots=3)
    parts.append(f'<text x="{LEFT}" y="{HEIGHT - 4}">rank of the partition</text>')
    return _page(title, parts)


def rates(title: str, lines: Mapping[str, Sequence[Point]], levels: Mapping[str, float], along: str) -> str:
    """Value over rate, both from zero on, with a dashed line at each of the named levels; `along` names the rate."""
    widest = max(rate for points in lines.values() for rate, _ in points)
    highest = max(*(value for points in lines.values() for _, value in points), *levels.values()) * 1.05

    def place(rate: float, value: float) -> Point:
        x = LEFT + rate / widest * (WIDTH - LEFT - RIGHT)
        return x, HEIGHT - 40 - value / highest * (HEIGHT - 40 - TOP)

    parts = []
    for rate in range(0, int(widest) + 1, 100):
        x, y = place(rate, 0)
        parts.append(f'<text x="{x:.0f}" y="{y + 18:.0f}" text-anchor="middle">{rate}</text>')
    for value in range(0, int(highest) + 1, 100):
        x, y = place(0, value)
        parts.append(f'<text x="{x - 8:.0f}" y="{y + 4:.0f}" text-anchor="end">{value}</text>')
        parts.append(f'<path d="M{x:.0f} {y:.0f}H{WIDTH - RIGHT}" stroke="#e5e7eb"/>')
    for name, level in levels.items():
        x, y = place(0, level)
        parts.append(f'<path d="M{x:.0f} {y:.0f}H{WIDTH - RIGHT}" stroke="#6b7280" stroke-dasharray="6 4"/>')
        parts.append(f'<text x="{x + 6:.0f}" y="{y - 5:.0f}" fill="#6b7280">{escape(name)}</text>')
    parts += _drawn(lines, place, dots=None)
    parts.append(f'<text x="{LEFT}" y="{HEIGHT - 4}">{escape(along)}</text>')
    return _page(title, parts)


def _drawn(
    lines: Mapping[str, Sequence[Point]], place: Callable[[float, float], Point], dots: int | None
) -> Iterator[str]:
    """Curves with dots on the first points (None: on all) and their names beside them."""
    for number, (colour, (name, points)) in enumerate(zip(LINES, lines.items(), strict=False)):
        path = " ".join("{:.1f},{:.1f}".format(*place(*point)) for point in points)
        yield f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>'
        for x, y in (place(*point) for point in points[:dots]):
            yield f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>'
        y = TOP + 40 + 18 * number
        yield f'<rect x="{WIDTH - RIGHT + 8}" y="{y - 9}" width="10" height="10" fill="{colour}"/>'
        yield f'<text x="{WIDTH - RIGHT + 24}" y="{y}">{escape(name)}</text>'


def _page(title: str, parts: Iterable[str]) -> str:
    heading = f'<text x="0" y="16" font-weight="bold">{escape(title)}</text>'
    page = f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" {_STYLE}>'
    return f"{head}{page}{heading}{''.join(parts)}</svg>\n"
