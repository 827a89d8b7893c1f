"""Files that sellers hand over. A unit keeps what is known of them along with its deal; the rest is here."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from starbid.domain.delivered_files import DeliveredFile, Part

LINK_SECONDS = 300
"""How long a link to a copy is good for."""


class DealFiles(Protocol):
    """What is over is told to nobody, whether or not it has been erased."""

    def of(self, auction_id: str, now: datetime) -> tuple[DeliveredFile, ...]:
        """In the order in which they were sent. Consistent."""

    def known(self, auction_id: str) -> tuple[DeliveredFile, ...]:
        """All that were not erased so far, over or not: to erase them."""

    def due(self, now: datetime, limit: int) -> list[str]:
        """The lots whose files are over and still known; a moment behind."""

    def erase(self, auction_id: str, now: datetime) -> None:
        """Nothing changes where they are not over, or not there any more."""


FilePlace = int | str
"""Of a copy in its lot: the number of a file that Telegram has (from 1 on), or the digest of an upload."""


class FileCopies(Protocol):
    """The files themselves in a private store, by lot and place. That of a number is a copy for those who ask on the
    site: it may be missing, and made again. That of an upload is all there is. Who may have it is for those to say who
    ask for it.
    """

    def link(self, auction_id: str, place: FilePlace, saved_as: str) -> str | None:
        """To fetch it by, for LINK_SECONDS: as a file of this name, never as a page. None where there is none."""

    def load(self, auction_id: str, place: FilePlace) -> bytes | None: ...

    def keep(self, auction_id: str, place: FilePlace, data: bytes) -> None:
        """Kept again, it is the same."""

    def erase(self, auction_id: str, uploads: Sequence[str]) -> None:
        """All copies of a lot, and these uploads. Safe to repeat."""


class PartsAside(Protocol):
    """What a seller has sent to the bot and not handed over yet: by person, lot and message, for a day."""

    def keep(self, person_id: int, auction_id: str, number: int, part: Part, now: datetime) -> None:
        """In the place of what the same message brought before."""

    def of(self, person_id: int, auction_id: str, now: datetime) -> dict[int, Part]:
        """Consistent."""

    def drop(self, person_id: int, auction_id: str, now: datetime) -> None:
        """Whatever is there."""
