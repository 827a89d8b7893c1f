"""What every event is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Event:
    id: str
    at: datetime


@dataclass(frozen=True, slots=True)
class LotEvent(Event):
    auction_id: str
    seller_id: int


@dataclass(frozen=True, slots=True)
class DealEvent(LotEvent):
    buyer_id: int


@dataclass(frozen=True, slots=True)
class PersonEvent(Event):
    user_id: int
