"""Entries of the event log, as the streams would tell them; and another way to count them, for comparison."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta, tzinfo
from itertools import count

from starbid.domain.event_log import LogEntry, LogKind

_numbers = count(1)


def told(kind: LogKind, name: str, at: datetime, who: int | None = None, /, **details: str | int) -> LogEntry:
    return LogEntry(f"{kind}:{name}:{next(_numbers)}", at, kind, name, who, "", details)


def bid(at: datetime, who: int) -> LogEntry:
    return told(LogKind.BID, "bid", at, who)


def login(at: datetime, who: int) -> LogEntry:
    return told(LogKind.LOGIN, "began", at, who)


def registered(at: datetime, who: int) -> LogEntry:
    return told(LogKind.PERSON, "registered", at, who)


def topped_up(at: datetime, who: int, amount: int, provider: str = "stars", currency: str = "XTR") -> LogEntry:
    name = "stars" if currency == "XTR" else "top_up"
    parts: dict[str, str | int] = {"currency": currency, "provider": provider, "user": amount, "source": -amount}
    return told(LogKind.TOPUP, name, at, who, **parts)


def published(at: datetime, seller: int) -> LogEntry:
    return told(LogKind.LOT, "published", at, seller, kind="english", category="art")


def sold(at: datetime, seller: int, winner: int, price: int, currency: str = "XTR") -> tuple[LogEntry, ...]:
    """The lot's end: the seller's entry, the winner's, and the transfer."""
    lot: dict[str, str | int] = {"kind": "english", "category": "art", "price": price, "currency": currency}
    return (
        told(LogKind.LOT, "sold", at, seller, **lot),
        told(LogKind.LOT, "won", at, winner, **lot),
        told(LogKind.PAYMENT, "sale", at, winner, currency=currency, user=-price, escrow=price),
    )


def unsold(at: datetime, seller: int) -> LogEntry:
    return told(LogKind.LOT, "unsold", at, seller, kind="dutch", category="")


def released(at: datetime, seller: int, price: int, fee: int) -> LogEntry:
    parts: dict[str, str | int] = {"currency": "XTR", "escrow": -price, "user": price - fee, "revenue": fee}
    return told(LogKind.PAYMENT, "release", at, seller, **parts)


def a_life(seed: int, start: datetime, days: int, people: int = 12, size: int = 120) -> list[LogEntry]:
    """What may happen in some days, in order of time."""
    chance, entries = random.Random(seed), list[LogEntry]()
    moments = sorted(start + timedelta(seconds=chance.randrange(days * 86_400)) for _ in range(size))
    for who in range(1, people + 1):
        if chance.random() < 0.7:
            entries.append(registered(chance.choice(moments), who))
    for at in moments:
        who, other = chance.sample(range(1, people + 1), 2)
        price = chance.randrange(1, 900)
        entries += chance.choice(
            (
                (bid(at, who),),
                (bid(at, who),),
                (login(at, who),),
                (topped_up(at, who, price),),
                (published(at, who),),
                sold(at, who, other, price),
                (unsold(at, who),),
                (released(at, who, price + 9, 9),),
            )
        )
    return sorted(entries, key=lambda entry: (entry.at, entry.id))


def by_day(entries: Iterable[LogEntry], zone: tzinfo, what: str) -> Mapping[date, int]:
    """Counted in the plainest way: `bids`, `active` people, `turnover:XTR` by day of a zone."""
    days: Counter[date] = Counter()
    seen = set[tuple[date, int | None]]()
    for entry in entries:
        day = entry.at.astimezone(zone).date()
        if what == "bids":
            days[day] += entry.kind is LogKind.BID
        elif what == "turnover:XTR":
            days[day] += int(entry.details["escrow"]) if entry.name == "sale" else 0
        elif entry.kind in (LogKind.BID, LogKind.LOGIN) and (day, entry.user_id) not in seen:
            seen.add((day, entry.user_id))
            days[day] += 1
    return {day: number for day, number in days.items() if number}


def funnel_of(entries: Iterable[LogEntry]) -> Mapping[str, int]:
    """How many of those who joined came how far."""
    entries = list(entries)
    new = {entry.user_id for entry in entries if entry.name == "registered"}
    paid = new & {entry.user_id for entry in entries if entry.kind is LogKind.TOPUP}
    bids = paid & {entry.user_id for entry in entries if entry.kind is LogKind.BID}
    wins = Counter(entry.user_id for entry in entries if entry.name == "won")
    won = bids & set(wins)
    again = {who for who in won if wins[who] > 1}
    return {"new": len(new), "paid": len(paid), "bid": len(bids), "won": len(won), "again": len(again)}
