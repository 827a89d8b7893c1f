"""What stands in people's chats, as small records: `card#<lot>` by chat, `living#<name>`.

A record has the fields of its dataclass, and is read strictly: what this version would not have written counts as none.
"""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from datetime import datetime
from functools import cache
from types import NoneType, UnionType
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

from starbid.services.ports import CARD_SECONDS, DisputesMessage, LivingMessage, ShownCard
from starbid.storage.recorded import Recorded
from starbid.storage.rows import at, ms

R = TypeVar("R")
_hints = cache(get_type_hints)


class RecordedCards(Recorded):
    """Implements `ports.ShownCards`."""

    def put(self, card: ShownCard, now: datetime) -> None:
        self._records.put_member(_group(card.auction_id), str(card.chat_id), _pack(card), CARD_SECONDS, now)

    def one(self, auction_id: str, chat_id: int, now: datetime) -> ShownCard | None:
        return _read(ShownCard, self._records.member(_group(auction_id), str(chat_id), now))

    def of_lot(self, auction_id: str, now: datetime) -> list[ShownCard]:
        values = self._records.members(_group(auction_id), now).values()
        return [card for value in values if (card := _read(ShownCard, value))]

    def exchange(self, known: ShownCard, drawn: ShownCard | None, now: datetime) -> bool:
        group, chat_id, seconds = _group(known.auction_id), str(known.chat_id), CARD_SECONDS if drawn else 0
        return self._records.exchange_member(group, chat_id, _pack(known), _pack(drawn or known), seconds, now)

    def drop(self, auction_id: str, chat_id: int) -> None:
        self._records.drop_member(_group(auction_id), str(chat_id))


class RecordedMessages(Recorded):
    """Implements `ports.LivingMessages`."""

    def get(self, name: str, shape: type[R], now: datetime) -> R | None:
        return _read(shape, self._records.get(f"living#{name}", now))

    def put(self, name: str, message: LivingMessage | DisputesMessage, seconds: int, now: datetime) -> None:
        self._records.put(f"living#{name}", _pack(message), seconds, now)


def _group(auction_id: str) -> str:
    return f"card#{auction_id}"


def _pack(value: Any) -> Any:
    """As JSON: a dataclass by the names of its fields, moments in milliseconds since 1970."""
    if is_dataclass(value):
        return {field.name: _pack(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, tuple):
        return [_pack(each) for each in value]
    return ms(value) if isinstance(value, datetime) else value


def _read(shape: type[R], value: dict[str, Any] | None) -> R | None:
    try:
        found: R | None = _unpack(shape, value) if value else None
    except (TypeError, OverflowError):
        return None
    return found


def _unpack(shape: Any, value: Any) -> Any:
    """What `_pack` made of a `shape`; raises TypeError for anything else, OverflowError for no moment."""
    if get_origin(shape) is UnionType:  # of a shape and None
        (shape,) = (each for each in get_args(shape) if each is not NoneType)
        return None if value is None else _unpack(shape, value)
    if get_origin(shape) is tuple and type(value) is list:
        return tuple(_unpack(get_args(shape)[0], each) for each in value)
    if isinstance(shape, type) and is_dataclass(shape) and type(value) is dict and value.keys() == _hints(shape).keys():
        # One field more would not be written back, and the record never be the one that is known.
        return shape(**{name: _unpack(hint, value[name]) for name, hint in _hints(shape).items()})
    if shape is datetime and type(value) is int:
        return at(value)
    if type(value) is not shape:
        raise TypeError(f"{value!r} is no {shape}")
    return value
