"""Cells of a table that goes to a spreadsheet: texts that nobody's program runs, lines of CSV."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from datetime import UTC, datetime

Cell = str | int
"""Amounts and ids are numbers, in minor units; all else is text."""

_STARTERS = frozenset("=+-@＝＋－＠﹢﹣＠")
"""What a spreadsheet begins a formula with, in their wide forms too."""
_INSIDE = re.compile(r"(?<=[\s\S])([;\t\r\n][^\S\r\n]*)(?=[=+\-@＝＋－＠])")
"""A program that reads the file with another separator, or line by line, would begin a cell here."""
_QUOTED = re.compile(r'[",;\s]')
"""What cells stand in quotes for: separators of any dialect, line breaks, blanks that a reader might strip."""
BOM = "\N{ZERO WIDTH NO-BREAK SPACE}"


def safe(text: str) -> str:
    """A text that is no formula in any spreadsheet: an apostrophe before what would be one.

    What begins with a tab or a line break, or with a starter behind whatever blanks and invisible characters, gets it
    in front; and so does a starter after a separator of another dialect. (OWASP, "CSV Injection".)
    """
    if _INSIDE.search(text):
        text = _INSIDE.sub(r"\1'", text)
    if text[:1] in ("\t", "\r", "\n") or _first_seen(text) in _STARTERS:
        return f"'{text}"
    return text


def _first_seen(text: str) -> str:
    for char in text:
        if not char.isspace() and unicodedata.category(char) not in ("Cc", "Cf"):
            return char
    return ""


def csv_line(cells: Iterable[Cell]) -> str:
    """A record of RFC 4180, with its end. Texts are made safe."""
    return ",".join(str(cell) if isinstance(cell, int) else _quoted(safe(cell)) for cell in cells) + "\r\n"


def _quoted(text: str) -> str:
    if _QUOTED.search(text):
        return '"' + text.replace('"', '""') + '"'
    return text


def moment(at: datetime | None) -> str:
    """ISO 8601 in UTC, with milliseconds; empty for none."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z") if at else ""


def yes_no(value: object) -> str:
    return "true" if value else "false"
