"""What a card is, and the words of its numbers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from starbid.domain.money import CURRENCIES, Money
from starbid.i18n import Language
from starbid.services.analytics.dashboard import View
from web.shared.charts import Axis, Series, bars, lines

Words = Callable[[int], str]
GOOD, BAD, PLAIN = "good", "bad", ""


@dataclass(frozen=True, slots=True)
class Cell:
    """Of a table; numbers stand on the right."""

    text: str
    href: str = ""
    is_number: bool = False


@dataclass(frozen=True, slots=True)
class Change:
    """How a figure differs from what it was, in words; `tone` says whether that is good."""

    text: str
    tone: str


@dataclass(frozen=True, slots=True)
class Card:
    """`chart` is None where there is nothing to show, and `empty` says what will be there. `legend` names the colours
    of the chart by their numbers.
    """

    title: str
    figure: str
    about: str
    chart: Markup | None
    head: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    change: Change | None = None
    legend: Sequence[tuple[int, str]] = ()
    empty: str = ""


@dataclass(frozen=True, slots=True)
class Reader:
    """A view in somebody's words."""

    view: View
    words: Language

    def _(self, text: str, **values: object) -> str:
        return self.words._(text, **values)

    def count(self, number: int) -> str:
        return self.words.number(number)

    def money(self, currency: str) -> Words:
        return lambda amount: self.words.money(Money(amount, currency))

    def mark(self, currency: str = "") -> Words:
        """A number beside a chart, as short as it goes."""
        units = CURRENCIES[currency].minor_units if currency else 1
        return lambda number: short(number, units, self.words)

    @property
    def labels(self) -> list[str]:
        """Below a chart: `14:00` of an hour, `30 Nov` of a day."""
        return [self._label(place) for place in range(len(self.view.spans))]

    def _label(self, place: int) -> str:
        at = self.view.spans[place].at
        return f"{at:%H:%M}" if self.view.period.is_one_day else f"{at.day} {self.words.months[at.month - 1]}"

    def axis(self, title: str, value: Words, mark: Words) -> Axis:
        labels = self.labels
        about = self._("{count} points from {first} to {last}. The table below the chart has all of them.",
                       count=len(labels), first=labels[0], last=labels[-1])  # fmt: skip
        return Axis(title, about, labels, labels, mark, value)

    def change(self, now: int, before: int, value: Words, *, more: str = GOOD) -> Change | None:
        """`more`: whether more is good, bad or neither. None where there was never anything."""
        if not now and not before:
            return None
        if now == before:
            return Change(self._("as before"), PLAIN)
        if before == 0:
            return Change(self._("none before"), PLAIN)
        percent = round(abs(now - before) * 100 / abs(before))
        is_more = now > before
        texts = {
            True: self._("▲ {percent}% more, was {before}", percent=self.count(percent), before=value(before)),
            False: self._("▼ {percent}% less, was {before}", percent=self.count(percent), before=value(before)),
        }
        return Change(texts[is_more], _tone(more, is_more=is_more))

    def points(self, now: int, before: int | None) -> Change | None:
        """Of percentages: in points."""
        if before is None:
            return None
        if now == before:
            return Change(self._("as before"), PLAIN)
        points, told = abs(now - before), {"before": before}
        if now > before:
            text = self.words.ngettext(
                "▲ {n} point more, was {before}%", "▲ {n} points more, was {before}%", points, **told
            )
            return Change(text, GOOD)
        text = self.words.ngettext(
            "▼ {n} point less, was {before}%", "▼ {n} points less, was {before}%", points, **told
        )
        return Change(text, BAD)

    def when(self) -> str:
        """The head of the first column of tables."""
        return self._("Hour") if self.view.period.is_one_day else self._("Day")


def _tone(more: str, *, is_more: bool) -> str:
    if more == PLAIN:
        return PLAIN
    return GOOD if is_more == (more == GOOD) else BAD


def bar_card(
    reader: Reader,
    title: str,
    series: Sequence[Series],
    value: Words,
    mark: Words,
    *,
    figure: str,
    about: str,
    change: Change | None = None,
    draw: Callable[[Axis, Sequence[Series]], Markup] = bars,
) -> Card:
    """Of figures that follow each other in time."""
    has_any = any(number for each in series for number in each.values)
    heads = [each.name or title for each in series]
    rows = [
        (Cell(label), *(Cell(reader._("–") if number is None else value(number), is_number=True) for number in numbers))
        for label, numbers in zip(reader.labels, zip(*(each.values for each in series), strict=True), strict=True)
    ]
    return Card(
        title=title,
        figure=figure,
        about=about,
        chart=draw(reader.axis(title, value, mark), series) if has_any else None,
        head=(reader.when(), *heads),
        rows=tuple(reversed(rows)),
        change=change,
        legend=tuple((each.tone, each.name) for each in series) if len(series) > 1 else (),
        empty=reader._("Nothing in this time"),
    )


def line_card(reader: Reader, title: str, series: Sequence[Series], value: Words, mark: Words, **more: object) -> Card:
    return bar_card(reader, title, series, value, mark, draw=lines, **more)  # type: ignore[arg-type]


def short(number: int, units: int, words: Language) -> str:
    """`1.5k`, `20k`, `3M`, `0.5`, `0.05`: of whole `units` of a currency."""
    value = number / units
    for size, name in (
        (1_000_000_000, words._("{number}B")),
        (1_000_000, words._("{number}M")),
        (1_000, words._("{number}k")),
    ):
        if abs(value) >= size:
            return name.format(number=_trimmed(value / size, words))
    return _trimmed(value, words)


def _trimmed(value: float, words: Language) -> str:
    """About two digits of it."""
    places = 2 if abs(value) < 1 else 1 if abs(value) < 100 else 0
    text = f"{value:.{places}f}"
    return words.decimal(text.rstrip("0").rstrip(".") if places else text)


def decimal(tenths: int, words: Language) -> str:
    """`2.5` of 25 tenths."""
    return _trimmed(tenths / 10, words)


__all__ = ["BAD", "GOOD", "PLAIN", "Card", "Cell", "Change", "Reader", "bar_card", "decimal", "line_card", "short"]
