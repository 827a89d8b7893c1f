"""Horizontal bars, each with its name: steps of a funnel, shares of kinds, the best of a list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

WIDTH, ROW, THICK = 400, 34, 8
_LONGEST = 40
"""Characters of a name; the table beside the chart has it whole."""


@dataclass(frozen=True, slots=True)
class Share:
    """`size` of `of` is how long the bar is; `said` stands at its end."""

    name: str
    size: int
    of: int
    said: str

    @property
    def part(self) -> float:
        return min(1.0, max(0.0, self.size / self.of)) if self.of > 0 else 0.0


def shares(title: str, about: str, rows: Sequence[Share]) -> Markup:
    drawn = Markup().join(_row(number, row) for number, row in enumerate(rows))
    said = Markup("<title>{}</title><desc>{}</desc>").format(title, about)
    return Markup('<svg class="chart shares" role="img" viewBox="0 0 {} {}">{}{}</svg>').format(
        WIDTH, max(1, len(rows)) * ROW, said, drawn
    )


def _row(number: int, row: Share) -> Markup:
    top = number * ROW
    width = f"{max(row.part * WIDTH, 2 if row.size > 0 else 0):.1f}"
    return Markup(
        '<text class="name" x="0" y="{}">{}</text><text class="said" x="{}" y="{}">{}</text>'
        '<rect class="track" x="0" y="{}" width="{}" height="{}" rx="4"/>'
        '<rect class="tone-1" x="0" y="{}" width="{}" height="{}" rx="4"/>'
    ).format(top + 14, _cut(row.name), WIDTH, top + 14, row.said, top + 20, WIDTH, THICK, top + 20, width, THICK)


def _cut(name: str) -> str:
    return name if len(name) <= _LONGEST else name[: _LONGEST - 1] + "…"
