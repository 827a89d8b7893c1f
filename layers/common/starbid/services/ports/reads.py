"""Batches of reading: several items in one round trip, as a unit writes them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, Protocol, TypeVar

from starbid.domain.auction import Auction, Bid
from starbid.domain.lots import Lot
from starbid.domain.people import Person
from starbid.domain.wallet import Wallet
from starbid.services.ports.intents import Line
from starbid.services.ports.unit import IdempotencyRecord

T = TypeVar("T")


def questions_of(user_id: int) -> tuple[str, str]:
    """Group and member of the small record with what the bot has asked a person."""
    return f"conv#{user_id}", "question"


def mute_of(user_id: int, auction_id: str) -> tuple[str, str]:
    """Group and member of the small record that says that a person muted a lot."""
    return f"mute#{user_id}", auction_id


def photo_of(picture_id: str | None) -> str:
    """Key of the small record with Telegram's id of a picture; None is the drawing for lots without one."""
    return f"photo#{picture_id or 'none'}"


class Found(Generic[T]):
    """What one verb of a batch asked for."""

    __slots__ = ("_value",)

    def fill(self, value: T) -> None:
        """For the batch, when it is fetched."""
        self._value = value

    @property
    def value(self) -> T:
        """Raises AttributeError before the batch is fetched."""
        return self._value


@dataclass(frozen=True, slots=True)
class StoredAuction:
    """A lot as its `row` has it, and as it stands (`auction`): under the pauses that the row knows nothing of."""

    row: Auction
    auction: Auction

    @property
    def is_behind(self) -> bool:
        """Whether the row is to be moved."""
        return self.row.ends_at != self.auction.ends_at


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A lot whose buyer gave its seller so many stars."""

    auction_id: str
    stars: int


class ReadBatch(Protocol):
    """One read of several items. Verbs collect, `fetch` reads, and then each verb's `value` is there.

    At most 100 items; a lot is three of them. The items of a table are read consistently where one verb asks for it.
    What does not exist is None.
    """

    def auction(self, auction_id: str, *, consistent: bool = False) -> Found[Auction | None]: ...

    def lot(self, auction_id: str, *, consistent: bool = False) -> Found[Lot | None]: ...

    def bid(self, auction_id: str, number: int) -> Found[Bid | None]:
        """Consistent."""

    def wallet(self, user_id: int, currency: str, *, consistent: bool = False) -> Found[Wallet | None]: ...

    def person(self, user_id: int, *, consistent: bool = False) -> Found[Person | None]: ...

    def watch_mark(self, user_id: int, auction_id: str, now: datetime) -> Found[bool]:
        """Whether the lot is on the person's list. Consistent."""

    def is_muted(self, user_id: int, auction_id: str, now: datetime) -> Found[bool]:
        """Whether the person muted the lot. Consistent."""

    def question(self, user_id: int, now: datetime) -> Found[dict[str, Any] | None]:
        """What the bot has asked the person and waits to be told. Consistent."""

    def file_id(self, picture_id: str | None, now: datetime) -> Found[str | None]:
        """As `FileIds.find`."""

    def line(self, auction_id: str, *, consistent: bool = False) -> Found[Line | None]:
        """None where no bid of the lot has waited so far."""

    def record(self, key: str) -> Found[IdempotencyRecord | None]:
        """Consistent."""

    def fetch(self) -> None:
        """One round trip. Raises Unavailable."""
