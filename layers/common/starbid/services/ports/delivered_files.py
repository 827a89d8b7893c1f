"""Files that sellers hand over. A unit keeps what is known of them along with its deal; the rest is here."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from starbid.domain.delivered_files import DeliveredFile, Part

LINK_SECONDS = 300
"""How long a link to a copy is good for."""


class DealFiles(Protocol):
    """What is over is told to nobody, whether or not it has been erased."""

    def of(self, auction_id: str, now: datetime) -> tuple[DeliveredFile, ...]:
        """In the order in which they were sent. Consistent."""

    def due(self, now: datetime, limit: int) -> list[str]:
        """The lots whose files are over and still known; a moment behind."""

    def erase(self, auction_id: str, now: datetime) -> None:
        """Nothing changes where they are not over, or not there any more."""


class FileCopies(Protocol):
    """Copies of such files in a private store, by lot and place (from 1 on), for those who ask on the site. A copy may
    be missing, and may be made again; who may have it is for those to say who ask for it.
    """

    def link(self, auction_id: str, number: int, saved_as: str) -> str | None:
        """To fetch it by, for LINK_SECONDS: as a file of this name, never as a page. None where there is no copy."""

    def keep(self, auction_id: str, number: int, data: bytes) -> None:
        """Kept again, it is the same."""

    def erase(self, auction_id: str) -> None:
        """All of a lot. Safe to repeat."""


class PartsAside(Protocol):
    """What a seller has sent to the bot and not handed over yet: by person, lot and message, for a day."""

    def keep(self, person_id: int, auction_id: str, number: int, part: Part, now: datetime) -> None:
        """In the place of what the same message brought before."""

    def of(self, person_id: int, auction_id: str, now: datetime) -> dict[int, Part]:
        """Consistent."""

    def drop(self, person_id: int, auction_id: str, now: datetime) -> None:
        """Whatever is there."""
