"""Bars for what happened in each span, lines for what stood at its end."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

from web.shared.charts.scale import Scale, few, scale_of

WIDTH, HEIGHT = 400, 160
LEFT, RIGHT, TOP, BOTTOM = 60, 4, 8, 20
_INNER, _DEPTH = WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM
LABELS = 5
"""Labels below a chart, at most."""
_WIDEST = 26
Words = Callable[[int], str]


@dataclass(frozen=True, slots=True)
class Axis:
    """`title` and `about` say what the chart shows to those who do not see it. `labels` stand below it, `names` are
    those of its points in full. `mark` words a number beside the chart, `value` one of a point.
    """

    title: str
    about: str
    labels: Sequence[str]
    names: Sequence[str]
    mark: Words
    value: Words


@dataclass(frozen=True, slots=True)
class Series:
    """`values` has one for each point, None where there is none. `name` is said with each value, if there are several
    series; `tone` is a colour: 1 is the first.
    """

    values: Sequence[int | None]
    name: str = ""
    tone: int = 1


def bars(axis: Axis, series: Sequence[Series]) -> Markup:
    """The series stand upon each other: none of them is negative, unless there is only one."""
    count = len(axis.labels)
    sums = [sum(each.values[place] or 0 for each in series) for place in range(count)]
    scale = scale_of(sums)
    slot = _INNER / max(1, count)
    width = min(_WIDEST, slot * 0.72)
    drawn = []
    for place in range(count):
        base, left = 0, LEFT + slot * place + (slot - width) / 2
        for each in series:
            value = each.values[place] or 0
            if value:
                drawn.append(_bar(left, width, base, base + value, scale, each, _said(axis, each, place)))
            base += value
    return _chart(axis, scale, drawn, slot)


def lines(axis: Axis, series: Sequence[Series]) -> Markup:
    """A line breaks where there is no value. The first one stands on a tinted ground."""
    count = len(axis.labels)
    scale = scale_of(value for each in series for value in each.values if value is not None)
    slot = _INNER / max(1, count)
    places = [LEFT + slot * (place + 0.5) for place in range(count)]
    drawn = [_line(places, each, scale, is_filled=number == 0) for number, each in enumerate(series)]
    drawn += [
        Markup('<circle class="tone-{}" cx="{}" cy="{}" r="{}"><title>{}</title></circle>').format(
            each.tone, _number(x), _number(_y(scale, value)), 3 if count == 1 else 1.5, _said(axis, each, place)
        )
        for each in series
        for place, (x, value) in enumerate(zip(places, each.values, strict=True))
        if value is not None
    ]
    return _chart(axis, scale, drawn, slot)


def _bar(left: float, width: float, low: int, high: int, scale: Scale, series: Series, said: str) -> Markup:
    top, bottom = sorted((_y(scale, high), _y(scale, low)))
    return Markup(
        '<rect class="tone-{}" x="{}" y="{}" width="{}" height="{}" rx="{}"><title>{}</title></rect>'
    ).format(
        series.tone, _number(left), _number(top), _number(width), _number(max(bottom - top, 0.5)),
        _number(min(2.0, width / 3)), said,
    )  # fmt: skip


def _line(places: Sequence[float], series: Series, scale: Scale, *, is_filled: bool) -> Markup:
    drawn = Markup()
    for run in _runs(places, series.values):
        path = " L".join(f"{_number(x)} {_number(_y(scale, value))}" for x, value in run)
        if is_filled:
            zero = _number(_y(scale, 0))
            ground = f"M{_number(run[0][0])} {zero} L{path} L{_number(run[-1][0])} {zero} Z"
            drawn += Markup('<path class="ground tone-{}" d="{}"/>').format(series.tone, ground)
        drawn += Markup('<path class="line tone-{}" d="M{}"/>').format(series.tone, path)
    return drawn


def _runs(places: Sequence[float], values: Sequence[int | None]) -> list[list[tuple[float, int]]]:
    runs: list[list[tuple[float, int]]] = [[]]
    for x, value in zip(places, values, strict=True):
        if value is None:
            runs.append([])
        else:
            runs[-1].append((x, value))
    return [run for run in runs if run]


def _chart(axis: Axis, scale: Scale, drawn: Sequence[Markup], slot: float) -> Markup:
    marks = [
        Markup('<path class="{}" d="M{} {}H{}"/><text class="mark" x="{}" y="{}">{}</text>').format(
            "zero" if mark == 0 else "grid",
            LEFT, _number(_y(scale, mark)), WIDTH - RIGHT, LEFT - 6, _number(_y(scale, mark) + 4), axis.mark(mark),
        )
        for mark in scale.marks
    ]  # fmt: skip
    labels = [
        Markup('<text class="label" x="{}" y="{}">{}</text>').format(
            _number(LEFT + slot * (place + 0.5)), HEIGHT - 4, axis.labels[place]
        )
        for place in _labelled(len(axis.labels))
    ]
    inside = Markup().join([*marks, *drawn, *labels])
    said = Markup("<title>{}</title><desc>{}</desc>").format(axis.title, axis.about)
    return Markup(
        '<svg class="chart" role="img" viewBox="0 0 {} {}" preserveAspectRatio="xMidYMid meet">{}{}</svg>'
    ).format(WIDTH, HEIGHT, said, inside)


def _labelled(count: int) -> list[int]:
    """A label near an end of the axis would be cut: it stands in the middle of its piece."""
    if count <= LABELS:
        return list(range(count))
    step = -(-count // LABELS)
    return [place for place in few(count, LABELS) if place or step < count]


def _said(axis: Axis, series: Series, place: int) -> str:
    value = axis.value(series.values[place] or 0)
    return f"{axis.names[place]}: {series.name} {value}" if series.name else f"{axis.names[place]}: {value}"


def _y(scale: Scale, value: int) -> float:
    return TOP + _DEPTH * (1 - scale.share(value))


def _number(value: float) -> str:
    """A coordinate, as short as it goes."""
    return str(escape(f"{value:.1f}".rstrip("0").rstrip(".")))
