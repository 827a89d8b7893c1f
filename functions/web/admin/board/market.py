"""Cards of lots and bids."""

from __future__ import annotations

from collections.abc import Callable

from starbid.domain.analytics import metrics
from starbid.i18n import Language
from web.admin.board import names
from web.admin.board.card import Card, Cell, Reader, bar_card, decimal, line_card
from web.shared.charts import Series, Share, shares


def market_cards(reader: Reader) -> list[Card]:
    return [
        _live(reader),
        _bids(reader),
        _bids_per_lot(reader),
        _sell_through(reader),
        _divided(reader, "kind", reader._("Sell-through by kind"), reader._("Kind of auction"), names.kind),
        _divided(reader, "category", reader._("Sell-through by category"), reader._("Category"), names.category),
    ]


def _live(reader: Reader) -> Card:
    levels = reader.view.levels(metrics.LIVE)
    return line_card(
        reader,
        reader._("Live lots"),
        [Series(levels)],
        reader.count,
        reader.mark(),
        figure=reader.count(levels[-1]),
        about=reader._("Published and not yet ended."),
        change=reader.change(levels[-1], reader.view.gauges_before.get(metrics.LIVE, 0), reader.count),
    )


def _bids(reader: Reader) -> Card:
    total, before = (sums.get(metrics.BIDS, 0) for sums in (reader.view.total, reader.view.before))
    return bar_card(
        reader,
        reader._("Bids"),
        [Series(reader.view.series(metrics.BIDS))],
        reader.count,
        reader.mark(),
        figure=reader.count(total),
        about=reader._("Accepted bids and purchases at a price."),
        change=reader.change(total, before, reader.count),
    )


def _bids_per_lot(reader: Reader) -> Card:
    """In tenths."""

    def value(tenths: int) -> str:
        return decimal(tenths, reader.words)

    bids, ended = reader.view.series(metrics.BIDS), reader.view.series(metrics.ENDED)
    points = [_ratio(bid, lots, 10) for bid, lots in zip(bids, ended, strict=True)]
    now, before = (
        _ratio(sums.get(metrics.BIDS, 0), sums.get(metrics.ENDED, 0), 10)
        for sums in (reader.view.total, reader.view.before)
    )
    return line_card(
        reader,
        reader._("Bids per lot"),
        [Series(points)],
        value,
        lambda tenths: decimal(tenths, reader.words),
        figure=reader._("–") if now is None else value(now),
        about=reader._("Bids divided by the lots that ended in the same time."),
        change=None if now is None or before is None else reader.change(now, before, value),
    )


def _sell_through(reader: Reader) -> Card:
    sold, ended = reader.view.series(metrics.SOLD), reader.view.series(metrics.ENDED)
    points = [_ratio(won, lots, 100) for won, lots in zip(sold, ended, strict=True)]
    now, before = (
        _ratio(sums.get(metrics.SOLD, 0), sums.get(metrics.ENDED, 0), 100)
        for sums in (reader.view.total, reader.view.before)
    )

    def value(percent: int) -> str:
        return f"{percent}%"

    return line_card(
        reader,
        reader._("Sell-through"),
        [Series(points)],
        value,
        value,
        figure=reader._("–") if now is None else value(now),
        about=reader._("Lots that were sold, of those that ended. Withdrawn lots are not among them."),
        change=None if now is None else reader.points(now, before),
    )


def _divided(reader: Reader, by: str, title: str, head: str, named: Callable[[str, Language], str]) -> Card:
    view = reader.view
    rows = []
    for (name,) in view.names(metrics.ENDED, by):
        ended, sold = (view.total.get(metrics.of(what, by, name), 0) for what in (metrics.ENDED, metrics.SOLD))
        if ended:
            rows.append((named(name, reader.words), sold, ended))
    rows.sort(key=lambda row: -row[2])
    percents = [_ratio(sold, ended, 100) or 0 for _, sold, ended in rows]
    drawn = [
        Share(name, sold, ended, reader._("{percent}% · {sold} of {ended}", percent=percent, sold=sold, ended=ended))
        for (name, sold, ended), percent in zip(rows, percents, strict=True)
    ]
    _ = reader._
    return Card(
        title=title,
        figure="",
        about="",
        chart=shares(title, _("The table below the chart has all of it."), drawn) if drawn else None,
        head=(head, _("Ended"), _("Sold"), _("Sell-through")),
        rows=[
            (Cell(name), _number(reader, ended), _number(reader, sold), Cell(f"{percent}%", is_number=True))
            for (name, sold, ended), percent in zip(rows, percents, strict=True)
        ],
        empty=_("No lot ended in this time"),
    )


def _number(reader: Reader, number: int) -> Cell:
    return Cell(reader.count(number), is_number=True)


def _ratio(part: int, whole: int, of: int) -> int | None:
    """`part` of `whole` in parts of `of`, rounded; None of nothing."""
    return None if whole <= 0 else (part * of * 2 + whole) // (whole * 2)
