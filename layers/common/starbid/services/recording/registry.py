"""Which event is logged as what: each topic registers its own.

    logs(LotDelivered, LogKind.DEAL, "delivered", who="seller_id", facts=("buyer_id",))

`facts` are fields of the event that the entry tells: ids, codes, flags, and amounts where nobody hides them. A field
that somebody wrote (a text, a reason) is never one: `test_recording` hunts for them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from starbid.domain.event_log import LogEntry, LogKind
from starbid.domain.events import AnyEvent, Event
from starbid.domain.money import Money

E = TypeVar("E", bound=Event)
Details = dict[str, str | int]


@dataclass(frozen=True, slots=True)
class LotFacts:
    """What a lot is, beside an event that does not say it."""

    kind: str
    category: str
    goods: str

    def details(self) -> Details:
        return {"kind": self.kind, "category": self.category, "goods": self.goods}


@dataclass(frozen=True, slots=True)
class Log:
    """How an event is logged: `tell` makes its entries."""

    tell: Callable[[Any], tuple[LogEntry, ...]]
    needs_lot: bool = False


LOGGED: dict[type[Event], Log] = {}
"""Every event. One whose entries are none is told by something else, or is nothing that happened."""
NAMES: dict[tuple[LogKind, str], None] = {}
"""Every name within its kind, for those who find words for it; those of operators' acts are the acts' own."""


def name(kind: LogKind, *names: str) -> str:
    """Registers names of a kind; answers the first."""
    NAMES.update(dict.fromkeys((kind, each) for each in names))
    return names[0]


def logs(
    event: type[E],
    kind: LogKind,
    what: str,
    *,
    who: str = "user_id",
    facts: tuple[str, ...] = (),
    more: Callable[[E], Details] = lambda _: {},
    needs_lot: bool = False,
) -> None:
    """Of this event there is one entry, about the person in its field `who`. `needs_lot`: with what the lot is.

    Raises ValueError for an event that is registered.
    """
    name(kind, what)

    def tell(happened: E) -> tuple[LogEntry, ...]:
        details = {fact: value for field in facts for fact, value in _packed(field, getattr(happened, field))}
        return (entry(happened, kind, what, getattr(happened, who), details | more(happened)),)

    logged(event, tell, needs_lot=needs_lot)


def logged(event: type[E], tell: Callable[[E], tuple[LogEntry, ...]], *, needs_lot: bool = False) -> None:
    """Raises ValueError for an event that is registered."""
    if event in LOGGED:
        raise ValueError(f"{event.__name__} is registered twice")
    LOGGED[event] = Log(tell, needs_lot)


def unlogged(*events: type[Event]) -> None:
    """These make no entry."""
    for event in events:
        logged(event, lambda _: ())


def entry(event: Event, kind: LogKind, what: str, user_id: int | None, details: Details) -> LogEntry:
    """Its id is that of the event, with its name: an event may be an entry for each of two people."""
    return LogEntry(f"{event.id}:{what}", event.at, kind, what, user_id, subject_of(event), details)


def subject_of(event: Event) -> str:
    for field, what in (("auction_id", "lot"), ("payout_id", "payout"), ("bill_id", "bill"), ("ticket_id", "ticket")):
        found = getattr(event, field, "")
        if found:
            return f"{what}/{found}"
    return ""


def needs_lot(event: Event) -> bool:
    """Raises LookupError for one that nobody registered."""
    return LOGGED[type(event)].needs_lot


def of_event(event: AnyEvent, lot: LotFacts | None = None) -> tuple[LogEntry, ...]:
    """Raises LookupError for one that nobody registered."""
    known = LOGGED[type(event)]
    entries: tuple[LogEntry, ...] = known.tell(event)
    if not known.needs_lot or lot is None:
        return entries
    return tuple(
        LogEntry(each.id, each.at, each.kind, each.name, each.user_id, each.subject, {**lot.details(), **each.details})
        for each in entries
    )


def _packed(field: str, value: Any) -> Iterator[tuple[str, str | int]]:
    """Amounts in minor units with their currency, flags as 0 and 1, moments in ISO format; nothing for None."""
    match value:
        case None:
            return
        case Money():
            yield field, value.amount
            yield "currency", value.currency
        case datetime():
            yield field, value.isoformat()
        case bool():
            yield field, int(value)
        case _:
            yield field, value
