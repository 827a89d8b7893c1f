"""Bars as SVG: two or more values side by side for each name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

WIDTH, LABELS, BAR, GAP = 760, 170, 14, 12
COLOURS = ("#2563eb", "#9ca3af", "#d97706")


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
    style = 'font-family="sans-serif" font-size="12" fill="#374151"'
    page = f'<rect width="{WIDTH}" height="{y}" fill="#fff"/>'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {y}" {style}>'
        f"{page}{heading}{legend}{''.join(parts)}</svg>\n"
    )
