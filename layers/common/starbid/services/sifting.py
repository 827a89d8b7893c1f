"""Lists of which a page shows a part only: read on until there is enough to show, and no further than a few reads."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from starbid.services.ports import Page

T = TypeVar("T")

READS = 4
"""Of one page: somebody with a thousand lots of another kind gets a short page, and a way on."""


def sifted(first: Page[T], read: Callable[[str], Page[T]], keep: Callable[[T], bool], enough: int) -> Page[T]:
    """What is kept of the page `first` and of those that `read` has after it, until `enough` is found.

    It ends where a page ends, so it may hold more than enough, and after `READS` pages less, even nothing.
    """
    kept, cursor = [item for item in first.items if keep(item)], first.cursor
    for _ in range(READS - 1):
        if cursor is None or len(kept) >= enough:
            break
        page = read(cursor)
        kept += filter(keep, page.items)
        cursor = page.cursor
    return Page(tuple(kept), cursor)
