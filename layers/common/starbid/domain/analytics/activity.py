"""How many different people were active, for the days of any zone, from counts that are only ever added up.

Who is active in a quarter of an hour is counted there once, by how many quarters ago they were active before. The
people of a day are then those who at a quarter of it had not been there since it began: gap > quarter - first.
"""

from __future__ import annotations

FAR = 100
"""Quarters: 25 hours, the longest day. Longer gaps are all the same."""
KEPT = 16 * 96
"""Quarters that a person's activity is remembered: what is told still later does not count as activity."""
_NAME = "seen"
Change = tuple[int, str, int]
"""A quarter, a figure, and what is added to it."""


def gap_name(before: int | None, quarter: int) -> str:
    """The figure of those who were active in `quarter` and last before it in `before`."""
    gap = FAR if before is None else min(quarter - before, FAR)
    return f"{_NAME}:{gap}"


def gap_of(metric: str) -> int | None:
    """None for a figure of something else."""
    name, _, gap = metric.partition(":")
    return int(gap) if name == _NAME else None


def active_in(quarters: frozenset[int], quarter: int) -> tuple[frozenset[int], tuple[Change, ...]]:
    """The quarters that a person was active in, with one more, and what that changes. Once is enough; any order does:
    who comes late corrects the next one.
    """
    newest = max(quarters, default=quarter)
    if quarter in quarters or quarter <= newest - KEPT:
        return quarters, ()
    before = max((each for each in quarters if each < quarter), default=None)
    after = min((each for each in quarters if each > quarter), default=None)
    changes: list[Change] = [(quarter, gap_name(before, quarter), 1)]
    if after is not None and (was := gap_name(before, after)) != (now := gap_name(quarter, after)):
        changes += [(after, was, -1), (after, now, 1)]
    oldest = max(newest, quarter) - KEPT
    return frozenset(each for each in (*quarters, quarter) if each > oldest), tuple(changes)
