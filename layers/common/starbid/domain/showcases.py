"""Groups and channels where lots are posted. Each is connected once, by whichever of its admins came first; all admins
who have opened it here look after it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from starbid.domain.errors import StarbidError
from starbid.domain.lots import CATEGORIES, Lot

MOST: Final = 20
"""Showcases that one person looks after."""
MOST_KEEPERS: Final = 20
"""People who look after one showcase."""
MOST_TITLE: Final = 128
"""Characters of a group's title that are kept; Telegram allows as many."""
NOTHING, OWN, ALL = "", "own", "all"
"""What is posted, where it is no category: nothing yet, the lots of the admin who chose it, every lot."""


class NotAdmin(StarbidError, code="not_admin"):
    """The person is no admin of the group or channel, or the bot cannot see that they are."""


class NotConnected(StarbidError, code="not_connected"):
    """The bot is not in this group or channel, or it is not one of this person's."""


class ShowcasesFull(StarbidError, code="showcases_full"):
    """A person looks after `most` showcases already, or one has `most` keepers."""

    def __init__(self, most: int) -> None:
        super().__init__(f"there are {most} already", most=most)
        self.most = most


@dataclass(frozen=True, slots=True)
class Venue:
    """A group or channel as Telegram tells of it. `may_post`: the bot is in it and may post there."""

    chat_id: int
    title: str
    is_channel: bool
    may_post: bool


@dataclass(frozen=True, slots=True)
class Showcase:
    """`shows` is NOTHING, OWN, ALL or a category; OWN means the lots of `seller_id`. `language` is that of the posts,
    `zone` the IANA name of the zone of their times (None: UTC), `thread` the topic of a forum. `may_post` turns false
    where the bot loses the right; what was chosen stays. `keepers` look after it.
    """

    chat_id: int
    title: str
    is_channel: bool
    may_post: bool
    language: str
    zone: str | None
    connected_at: datetime
    keepers: tuple[int, ...]
    shows: str = NOTHING
    seller_id: int | None = None
    thread: int | None = None
    version: int = 1

    @property
    def filed(self) -> str | None:
        """Where new lots look for it; None while nothing is posted."""
        if not self.may_post or self.shows == NOTHING:
            return None
        if self.shows == OWN:
            return f"seller#{self.seller_id}"
        return ALL if self.shows == ALL else f"category#{self.shows}"

    def changed(self, **facts: object) -> Showcase:
        """The next version, with other facts."""
        return replace(self, **{"version": self.version + 1, **facts})  # type: ignore[arg-type]

    def showing(self, shows: str, keeper_id: int) -> Showcase:
        """What is posted from now on, as this keeper chose. Raises ValueError for what nobody can choose."""
        if shows not in (NOTHING, OWN, ALL, *CATEGORIES):
            raise ValueError(shows)
        return self.changed(shows=shows, seller_id=keeper_id if shows == OWN else None)

    def kept_by(self, person_id: int) -> Showcase:
        """With another keeper. Raises ShowcasesFull."""
        if person_id in self.keepers:
            return self
        if len(self.keepers) >= MOST_KEEPERS:
            raise ShowcasesFull(MOST_KEEPERS)
        return self.changed(keepers=(*self.keepers, person_id))

    def in_topic(self, thread: int | None) -> Showcase:
        """With the topic that somebody comes from; without one it stays where it is."""
        return self.changed(thread=thread) if thread and thread != self.thread else self

    def left_by(self, person_id: int) -> Showcase:
        """Without a keeper, who takes their own lots along."""
        if person_id not in self.keepers:
            return self
        rest = tuple(keeper for keeper in self.keepers if keeper != person_id)
        own: dict[str, object] = {"shows": NOTHING, "seller_id": None} if self.seller_id == person_id else {}
        return self.changed(keepers=rest, **own)

    def without_rights(self) -> Showcase:
        """Nothing may be posted there."""
        return self.changed(may_post=False) if self.may_post else self

    def as_told(self, venue: Venue) -> Showcase:
        """With what Telegram says of the chat now; the same showcase where that is nothing new."""
        told = {"title": venue.title[:MOST_TITLE], "is_channel": venue.is_channel, "may_post": venue.may_post}
        return self if all(getattr(self, name) == value for name, value in told.items()) else self.changed(**told)


def places_of(lot: Lot) -> tuple[str, ...]:
    """All places where showcases are filed that show this lot."""
    return ALL, f"category#{lot.card.listed_in}", f"seller#{lot.auction.seller_id}"
