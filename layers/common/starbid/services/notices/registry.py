"""The kinds of notices, and which event is told by which: each topic registers its own.

    SOLD = kind("sold")

    @tells(LotSold)
    def lot_sold(event: LotSold) -> News: ...

A kind says here all that is special about it but its words; those register for it in the same way (telegram.notices).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any, TypeVar

from starbid.domain.events import AnyEvent, Event
from starbid.domain.lots import Lot
from starbid.domain.money import Money
from starbid.services.ports import Notice

E = TypeVar("E", bound=Event)
V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class Latest:
    """A kind that tells how a thing stands: of many notices the last one says it all, at a pace (services.living).

    Its state only grows: `told` is the one that a notice is about, `shown` the one that its words show of the lot.
    """

    told: Callable[[Notice], int]
    shown: Callable[[Lot], int] = lambda _: 0
    of_all_lots: bool = False
    """One message for a person, which shows the lot that the newest notice is about; otherwise one for each lot."""
    sounds: bool = False
    """The person has to act: each telling is a new message. Otherwise one message is edited in place."""
    is_fixed: Callable[[Lot], bool] = lambda _: False
    """Whether it tells by now what no longer moves: for that it makes a sound, whatever was told before."""
    is_news: Callable[[Notice, Lot], bool] = lambda *_: True
    """False where, as the lot stands by now, another notice tells it."""
    is_undecided: Callable[[Lot, datetime], bool] = lambda *_: False
    """Whether it shows in a moment only if it is news: it is told then."""


@dataclass(frozen=True, slots=True)
class Kind:
    """What a notice is about. Each notice of a kind without `latest` is a message, with a sound; it is told if it still
    `holds` as the lot stands by then.

    `mutes`: whether those who muted the lot do not hear a notice. What concerns their money or their deal they do.
    """

    name: str
    latest: Latest | None = None
    mutes: Callable[[Notice], bool] = lambda _: False
    holds: Callable[[Notice, Lot], bool] = lambda *_: True

    def of(self, event: Event, user_id: int, **facts: Any) -> Notice:
        return self.notice(event.id, user_id, getattr(event, "auction_id", None), **facts)

    def notice(self, source: str, user_id: int, auction_id: str | None, **facts: Any) -> Notice:
        """`source` is unique per happening."""
        packed = {name: pack(value) for name, value in facts.items()}
        return Notice(f"{source}:{self.name}:{user_id}", user_id, self.name, auction_id, packed)

    def subject(self, user_id: int, auction_id: str | None) -> str:
        """The name of all that a person hears of this kind about a lot."""
        return f"{user_id}#{auction_id}#{self.name}"


class Crowd(Enum):
    """Many people whom an event concerns and does not name."""

    BIDDERS = "all who bid on the lot"
    WATCHERS = "all who watch the lot"
    ADMINS = "the admins"
    """In the chat that they share, or each in their own."""
    ADMIN_CHAT = "the chat that the admins share, if there is one"


@dataclass(frozen=True, slots=True)
class News:
    """What there is to tell of an event: to those it names, and to each of its crowds (None: nothing to this one)."""

    notices: tuple[Notice, ...] = ()
    crowds: tuple[Crowd, ...] = ()
    to_each: Callable[[int], Notice | None] = lambda _: None

    def to(self, people: Iterable[int]) -> tuple[Notice, ...]:
        """The notices to people of its crowds."""
        return tuple(notice for notice in map(self.to_each, people) if notice)


KINDS: dict[str, Kind] = {}
"""Every kind of notice, by name; each has words in both languages."""
NEWS: dict[type[Event], Callable[[Any], News]] = {}
"""What there is to tell, for each of `domain.events`."""


def kind(
    name: str,
    latest: Latest | None = None,
    *,
    mutes: Callable[[Notice], bool] = lambda _: False,
    holds: Callable[[Notice, Lot], bool] = lambda *_: True,
) -> Kind:
    """A new kind of notice. Raises ValueError for a name that is taken."""
    return register(KINDS, name, Kind(name, latest, mutes, holds))


def always(_: Notice) -> bool:
    """A kind that only tells how the bidding goes."""
    return True


def tells(event: type[E]) -> Callable[[Callable[[E], News]], Callable[[E], News]]:
    """Of this event the function says what there is to tell. Raises ValueError where another one does."""
    return lambda tell: register(NEWS, event, tell)


def to_one(event: type[Event], name: str, who: str, *facts: str) -> Kind:
    """A new kind that tells one person of an event: whom its field `who` names, with these fields of it."""
    known = kind(name)

    def tell(happened: Event) -> News:
        told = {fact: getattr(happened, fact) for fact in facts}
        return News((known.of(happened, getattr(happened, who), **told),))

    register(NEWS, event, tell)
    return known


def register(known: dict[Any, Any], key: object, value: V) -> V:
    """Raises ValueError for a key that is taken."""
    if key in known:
        raise ValueError(f"{key} is registered twice")
    known[key] = value
    return value


def of_event(event: AnyEvent) -> News:
    return NEWS[type(event)](event)


def pack(value: Any) -> Any:
    """A fact as JSON: money as `[amount, currency]`, a moment in ISO format."""
    match value:
        case Money():
            return [value.amount, value.currency]
        case datetime():
            return value.isoformat()
        case tuple():
            return [*value]
        case _:
            return value


def unpack_money(value: list[Any]) -> Money:
    return Money(int(value[0]), str(value[1]))


def unpack_moment(value: Any) -> datetime:
    return datetime.fromisoformat(str(value))
