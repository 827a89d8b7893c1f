"""Tables that are too wide for a telephone, or have links: each row as some lines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain

from starbid.domain.graphemes import shortened
from starbid.domain.texts import flat, shows
from starbid.telegram.markdown.parsing import Step, added, words_of

WIDEST = 42
"""Characters of a line: what a telephone shows of monospaced text."""
_BETWEEN_CELLS = len(" | ")
_LONGEST_LABEL = 40
Row = list[list[Step]]


def readable_tables(steps: Iterable[Step]) -> Iterator[Step]:
    """Narrow tables as they are: the library sets them in monospace, and drops the looks of cells. Other ones as a
    paragraph a row: its first cell bold, each other one on its line behind the name of its column.
    """
    steps = iter(steps)
    for step in steps:
        match step[0]:
            case {"Start": {"Table": _}}:
                table = [step, *_rest(steps)]
                rows = list(_rows(table))
                yield from table if _is_narrow(rows) else _in_lines(rows)
            case _:
                yield step


def without_filling(steps: Iterable[Step]) -> Iterator[Step]:
    """Without the cells that the parser fills rows up with: a long head above short rows would make hundreds of
    thousands of them.
    """
    held: list[Step] = []
    for event, place in steps:
        match event:
            case {"Start": "TableCell"} | {"End": "TableCell"} if place["start"] == place["end"]:
                held.append((event, place))
                continue
            case {"End": "TableRow"}:
                held = []
        yield from held
        held = []
        yield event, place


def _rest(steps: Iterator[Step]) -> Iterator[Step]:
    for step in steps:
        yield step
        if step[0] == {"End": "Table"}:
            return


def _rows(table: list[Step]) -> Iterator[Row]:
    row: Row = []
    cell: list[Step] = []
    for step in table:
        match step[0]:
            case {"Start": "TableHead" | "TableRow"}:
                row = []
            case {"Start": "TableCell"}:
                cell = []
            case {"End": "TableCell"}:
                row.append(cell)
            case {"End": "TableHead" | "TableRow"}:
                yield row
            case _:
                cell.append(step)


def _is_narrow(rows: list[Row]) -> bool:
    widths = [0] * len(rows[0])
    for row in rows:
        for number, cell in enumerate(row):
            widths[number] = max(widths[number], len(words_of(cell)))
    linked = any(map(_begins_link, chain.from_iterable(chain.from_iterable(rows))))
    return not linked and sum(widths) + _BETWEEN_CELLS * (len(widths) - 1) <= WIDEST


def _begins_link(step: Step) -> bool:
    match step[0]:
        case {"Start": {"Link": _}}:
            return True
    return False


def _in_lines(rows: list[Row]) -> Iterator[Step]:
    head, *body = rows
    labels = [shortened(flat(words_of(cell)), _LONGEST_LABEL) if body else "" for cell in head]
    for row in body or [head]:
        cells = [(label, cell) for label, cell in zip(labels, row, strict=False) if shows(words_of(cell))]
        if cells:
            yield added({"Start": "Paragraph"})
            yield from _lines(cells)
            yield added({"End": "Paragraph"})


def _lines(cells: list[tuple[str, list[Step]]]) -> Iterator[Step]:
    (_, first), *others = cells
    if others:
        first = [added({"Start": "Strong"}), *first, added({"End": "Strong"})]
    yield from first
    for label, cell in others:
        yield added("SoftBreak")
        if label:
            yield added({"Text": f"{label}: "})
        yield from cell
