"""Marks of watched lots, in memory."""

from __future__ import annotations

from datetime import datetime, timedelta

from starbid.services.ports import Mark


class FakeWatches:
    """Implements `ports.Watches`."""

    def __init__(self) -> None:
        self._marks: dict[tuple[int, str], Mark] = {}

    def put(self, mark: Mark) -> None:
        self._marks[mark.user_id, mark.auction_id] = mark

    def drop(self, user_id: int, auction_id: str) -> None:
        self._marks.pop((user_id, auction_id), None)

    def mark(self, user_id: int, auction_id: str, now: datetime) -> Mark | None:
        mark = self._marks.get((user_id, auction_id))
        return mark if mark and now < mark.until else None

    def marks_of(self, user_id: int, now: datetime) -> list[Mark]:
        return [mark for mark in self._marks.values() if mark.user_id == user_id and now < mark.until]

    def watchers(self, auction_id: str, after: str, limit: int) -> tuple[tuple[int, ...], str | None]:
        found = sorted(who for who, lot in self._marks if lot == auction_id and who > int(after or 0))
        return tuple(found[:limit]), str(found[limit - 1]) if len(found) > limit else None


def fill_list(watches: FakeWatches, user_id: int, count: int, now: datetime) -> None:
    """Put lots `x0`, `x1`, ... on a person's list, for a minute."""
    for number in range(count):
        watches.put(Mark(user_id, f"x{number}", now, now + timedelta(minutes=1)))
