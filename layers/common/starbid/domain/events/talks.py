"""What the two sides of a deal write to each other. Never the words: a message is named by its number."""

from __future__ import annotations

from dataclasses import dataclass

from starbid.domain.events.base import DealEvent


@dataclass(frozen=True, slots=True)
class TalkMessaged(DealEvent):
    """A side wrote message `number`, which began with a `photo` or without. `away`: the other side could not be told
    at that time, as the writer knows.
    """

    number: int
    by_buyer: bool
    photo: bool
    away: bool


@dataclass(frozen=True, slots=True)
class TalkReported(DealEvent):
    """Its receiver reported message `number`, which was `by_buyer` or by the seller. `why` is the name of a reason."""

    number: int
    by_buyer: bool
    why: str
