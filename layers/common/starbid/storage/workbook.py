"""Workbooks of Excel, by XlsxWriter: written to the disk row by row, in little memory."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path

LONGEST_TEXT = 32_767
"""Of a cell; Excel takes no more."""


def write_workbook(lines: Iterable[bytes], path: Path) -> None:
    """Of JSON arrays, a row each; the first holds the names of the columns. Texts stay texts, whatever they say."""
    import xlsxwriter

    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "tmpdir": path.parent}
    with xlsxwriter.Workbook(path, options) as book:
        bold = book.add_format({"bold": True})
        sheet = book.add_worksheet()
        sheet.freeze_panes(1, 0)
        for number, cells in enumerate(_rows(lines)):
            for column, cell in enumerate(cells):
                if isinstance(cell, int):
                    sheet.write_number(number, column, cell)
                elif cell:
                    sheet.write_string(number, column, cell[:LONGEST_TEXT], None if number else bold)


def _rows(lines: Iterable[bytes]) -> Iterator[list[str | int]]:
    return (json.loads(line) for line in lines)
