"""The operator's side: what its pages read, and what the event log and the figures write for a bid."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count

from bench.cases import Act
from bench.market import SELLER, START, Market
from starbid.domain.analytics.quarters import day_of, quarter_of
from starbid.domain.event_log import LogEntry, LogKind
from starbid.domain.roles import Role

DAYS = 182
"""Of 90 days and the 90 before, in any zone."""
A_DAY = 6
BATCH = 30
_numbers = count(1)


def operator(market: Market) -> int:
    """Somebody who may see the panel, with figures of half a year to look at."""
    user_id = market.person(stars=0)
    person = market.store.person(user_id, consistent=True)
    assert person
    unit = market.store.unit()
    unit.save_person(person, replace(person, role=Role.VIEWER, version=person.version + 1))
    unit.commit()
    today = day_of(quarter_of(START))
    begin = START - timedelta(days=DAYS)
    entries = [
        _entry(LogKind.LOT, "sold", begin + timedelta(days=day, hours=3 * hour), SELLER, price=1000, currency="XTR",
               kind="english", category="other")
        for day in range(DAYS)
        for hour in range(A_DAY)
    ]  # fmt: skip
    market.event_log.keep(entries, START)
    for day in market.figures.unpacked(today - DAYS, today - 2):
        market.figures.pack(day)
    return user_id


def recorded(bidders: int) -> Callable[[Market], Act]:
    """The log and the figures of a batch with a bid of each of so many people."""

    def prepare(market: Market) -> Act:
        entries = [_entry(LogKind.BID, "bid", START, SELLER + 900 + number, number=7) for number in range(bidders)]
        return lambda: market.event_log.keep(entries, START)

    return prepare


def _entry(what: LogKind, name: str, at: datetime, who: int, **details: str | int) -> LogEntry:
    number = next(_numbers)
    return LogEntry(f"bench:{number:07}", at, what, name, who, f"lot/bench{number:07}", details)
