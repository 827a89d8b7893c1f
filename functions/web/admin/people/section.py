"""What a section of a person's page is made of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from starbid.domain.people import Person
from starbid.i18n import Language
from web.kernel.http import Request

SHOWN = 20


@dataclass(frozen=True)
class Row:
    """Its first cell leads to `url`."""

    url: str
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """A table below another one, with a name of its own."""

    name: str
    heads: tuple[str, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Section:
    """A table of a person's page. `all_url` leads to the whole list, where there is one elsewhere. `facts` with their
    names and a table of `more` stand above it.
    """

    heads: tuple[str, ...] = ()
    rows: tuple[Row, ...] = ()
    empty: str = ""
    cursor: str | None = None
    all_url: str = ""
    notes: tuple[tuple[str, str, str], ...] = ()
    """Of notes: author, moment, text."""
    facts: tuple[tuple[str, str], ...] = ()
    more: Table | None = None


Read = Callable[[Request, Person, Language, str | None], Section]
"""What a section shows, from a cursor on."""
