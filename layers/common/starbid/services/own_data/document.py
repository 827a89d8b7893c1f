"""One JSON document with a key for each kind of data, in pieces as `exports.making` writes them.

A cursor is `<number of the kind>|<whether it has entries>|<the cursor within it>`.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime

from starbid.domain.exports import Export
from starbid.services.exports.sources import Piece, Source
from starbid.services.own_data.kind import Entry, Kind


def document(kinds: Sequence[Kind], export: Export, now: datetime) -> Source:
    """What there is of the person who asked; one who writes on in another turn begins no entry again."""

    def read(cursor: str | None) -> Piece:
        number, begun, place = _place(cursor)
        kind = kinds[number]
        page = kind.read(export.by, place or None, now)
        opening = "" if place else f"{',' if number else ''}\n{json.dumps(kind.key)}: ["
        body = "".join(f"{',' if begun or n else ''}\n{_line(each)}" for n, each in enumerate(page.items))
        is_begun = begun or bool(page.items)
        if page.cursor:
            return Piece(((opening + body,),), len(page.items), f"{number}|{int(is_begun)}|{page.cursor}")
        last = number + 1 == len(kinds)
        ending = ("\n]" if is_begun else "]") + ("\n}\n" if last else "")
        return Piece(((opening + body + ending,),), len(page.items), "" if last else f"{number + 1}|0|")

    return Source(("{",), read)


def _place(cursor: str | None) -> tuple[int, bool, str]:
    number, begun, place = (cursor or "0|0|").split("|", 2)
    return int(number), begun == "1", place


def _line(entry: Entry) -> str:
    return json.dumps(entry, ensure_ascii=False)
