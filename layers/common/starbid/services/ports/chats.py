"""What stands in people's chats and is edited in place: cards of lots, and living messages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeVar

CARD_SECONDS = 3 * 86_400
"""How long a card is remembered after it was shown or edited."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a card stands in a list that is being paged through; `number` counts from 1, `more` follow `total`."""

    number: int
    total: int
    more: bool = False


@dataclass(frozen=True, slots=True)
class Look:
    """What a card shows besides its lot. `bidding`: the person has bid on it.

    `watching`: whether they watch it; None for one who is not asked. `photo`: which of its photos, from 0 on.
    """

    place: Place | None = None
    bidding: bool = False
    watching: bool | None = None
    photo: int = 0


@dataclass(frozen=True, slots=True)
class ShownCard:
    """A lot's card standing in a chat, and the version of the lot it shows.

    `until`: when it will show an old price; None where time alone does not make it old. `photos`: Telegram's ids of
    those that a rich card shows; None for a photo with a caption, which is edited as one.
    """

    auction_id: str
    chat_id: int
    message_id: int
    version: int
    look: Look = Look()
    until: datetime | None = None
    photos: tuple[str, ...] | None = None


class ShownCards(Protocol):
    """The cards in chats: of a lot one a chat, the newest. What cannot be read counts as no card."""

    def put(self, card: ShownCard, now: datetime) -> None: ...

    def one(self, auction_id: str, chat_id: int, now: datetime) -> ShownCard | None: ...

    def of_lot(self, auction_id: str, now: datetime) -> list[ShownCard]: ...

    def exchange(self, known: ShownCard, drawn: ShownCard | None, now: datetime) -> bool:
        """Put a card in the place of the known one, or forget that (None). False, and nothing changes, where another
        one stands there.
        """

    def drop(self, auction_id: str, chat_id: int) -> None: ...


@dataclass(frozen=True, slots=True)
class LivingMessage:
    """A message that shows how a lot stands (services.living). `message_id` is None where it is not known.

    `state` is the newest that it shows, `since` when it was sent, `booked` the time of its next edit; `fixed` where it
    told what no longer moves.
    """

    auction_id: str
    message_id: int | None
    state: int
    since: datetime
    booked: datetime
    fixed: bool


@dataclass(frozen=True, slots=True)
class DisputesMessage:
    """An admin's message of all open disputes (services.open_disputes). `message_id` is None where it is not known.

    `shown` are the lots that it shows since it was `drawn`, `heard` those that were told with a sound, and `sounds` the
    moments of the last ones.
    """

    message_id: int | None
    shown: tuple[str, ...]
    heard: tuple[str, ...]
    sounds: tuple[datetime, ...]
    drawn: datetime


@dataclass(frozen=True, slots=True)
class FoundLot:
    """A new lot, and the saved search that it fits."""

    auction_id: str
    search_id: str


@dataclass(frozen=True, slots=True)
class FoundMessage:
    """What a person was told of new lots (services.found_telling): those that wait, the last that were `told`, and from
    when on there may be another message.
    """

    waiting: tuple[FoundLot, ...]
    told: tuple[str, ...]
    booked: datetime


AnyMessage = LivingMessage | DisputesMessage | FoundMessage
M = TypeVar("M", LivingMessage, DisputesMessage, FoundMessage)


class LivingMessages(Protocol):
    """The messages that are edited in place, each by a name of its own. What cannot be read counts as no message."""

    def get(self, name: str, shape: type[M], now: datetime) -> M | None: ...

    def put(self, name: str, message: AnyMessage, seconds: int, now: datetime) -> None:
        """Remember it for so long."""
