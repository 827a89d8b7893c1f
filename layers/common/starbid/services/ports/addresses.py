"""Where physical lots are sent. A unit keeps an address along with its deal; the rest is here."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Protocol

from starbid.domain.addresses import Address

TYPED_FOR = timedelta(days=1)
"""How long parts of an address wait for the rest and for their confirmation."""


class Addresses(Protocol):
    """What is over is told to nobody, whether or not it has been erased."""

    def address(self, auction_id: str, now: datetime) -> Address | None:
        """Consistent."""

    def put_typed(self, auction_id: str, parts: Mapping[str, str], now: datetime) -> None:
        """Keep what the buyer of a lot has typed so far, in the place of what was there, for a day."""

    def typed(self, auction_id: str, now: datetime) -> dict[str, str]:
        """By the parts of an address; empty where nothing is kept. Consistent."""

    def drop_typed(self, auction_id: str) -> None:
        """Nothing changes where there is nothing."""

    def due(self, now: datetime, limit: int) -> list[str]:
        """What is over and still there, by names that `erase` takes; a moment behind."""

    def erase(self, name: str, now: datetime) -> None:
        """Nothing changes where it is not over, or not there any more."""
