"""Rows of the outbox."""

from __future__ import annotations

from dataclasses import fields
from datetime import datetime
from typing import Any

from starbid.domain.events import EVENTS, AnyEvent
from starbid.domain.money import Money
from starbid.storage.codec import Item
from starbid.storage.rows import at, ms

EVENT_SECONDS = 30 * 86_400


def event_item(event: AnyEvent) -> Item:
    """An outbox row: `type`, and under `facts` the event's own fields."""
    facts = {field.name: _pack(getattr(event, field.name)) for field in fields(event) if field.name not in ("id", "at")}
    return {
        "event_id": event.id,
        "type": type(event).__name__,
        "at": ms(event.at),
        "facts": facts,
        "expires_at": int(event.at.timestamp()) + EVENT_SECONDS,
    }


def event_from(item: Item) -> AnyEvent | None:
    """The event of a row; None for a type that this version does not know."""
    kind = EVENTS.get(item["type"])
    if kind is None:
        return None
    facts = {name: _unpack(value) for name, value in item["facts"].items()}
    return kind(id=item["event_id"], at=at(item["at"]), **facts)


def _pack(value: Any) -> Any:
    match value:
        case Money():
            return {"amount": value.amount, "currency": value.currency}
        case datetime():
            return {"ms": ms(value)}
        case tuple():
            return list(value)
        case _:
            return value


def _unpack(value: Any) -> Any:
    match value:
        case {"amount": amount, "currency": currency}:
            return Money(amount, currency)
        case {"ms": moment}:
            return at(moment)
        case list():
            return tuple(value)
        case _:
            return value
