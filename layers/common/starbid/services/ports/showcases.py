"""Groups and channels where lots are posted, and the posts there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from starbid.domain.lots import Lot
from starbid.domain.showcases import Showcase, Venue


class Showcases(Protocol):
    """By chat, by keeper, and by the place where each is filed. Reads are consistent, but for `filed`."""

    def one(self, chat_id: int) -> Showcase | None: ...

    def of(self, person_id: int) -> list[Showcase]:
        """All that a person looks after, the oldest first."""

    def filed(self, place: str, after: str, limit: int) -> tuple[tuple[int, ...], str | None]:
        """The chats of a place behind a mark (empty: from the first on), so many at most; and the mark to go on from,
        None at the end. What it names may have changed since: `one` knows.
        """

    def put(self, known: Showcase | None, showcase: Showcase) -> None:
        """In the place of the known one (None: where there is none). Raises Contended where another one stands there.

        With another `chat_id` than the known one it moves there.
        """

    def drop(self, known: Showcase) -> None:
        """Raises Contended where another one stands there."""


@dataclass(frozen=True, slots=True)
class ShownPost:
    """A lot's post in a showcase, and what of the lot it shows: `version` of its state, `card_version` of its words and
    pictures. `language` and `zone` are those that it was written in. `edited_at` is when it was last drawn.

    `until`: when it will show an old price or button; None where time alone does not make it old. `closed`: the result
    was posted as an answer to it.
    """

    auction_id: str
    chat_id: int
    message_id: int
    version: int
    card_version: int
    language: str
    zone: str
    edited_at: datetime
    until: datetime | None = None
    closed: bool = False


class ShownPosts(Protocol):
    """The posts of lots, of a lot one a chat. What cannot be read counts as no post."""

    def put(self, post: ShownPost, keep_until: datetime, now: datetime) -> None: ...

    def one(self, auction_id: str, chat_id: int, now: datetime) -> ShownPost | None: ...

    def of_lot(self, auction_id: str, now: datetime) -> list[ShownPost]: ...

    def exchange(self, known: ShownPost, drawn: ShownPost, keep_until: datetime, now: datetime) -> bool:
        """Put a post in the place of the known one; False, and nothing changes, where another one stands there."""

    def drop(self, auction_id: str, chat_id: int) -> None: ...


class GroupMoved(Exception):
    """The group has become another one: `chat_id` is its new number."""

    def __init__(self, chat_id: int) -> None:
        super().__init__(f"it is {chat_id} now")
        self.chat_id = chat_id


class Barred(Exception):
    """The bot may not post there, or is not there any more."""


class NoTopic(Exception):
    """The topic of the showcase is closed or gone."""


class Poster(Protocol):
    """Posts in groups and channels. Every method may raise TryLater, Barred and GroupMoved."""

    def post(self, showcase: Showcase, lot: Lot, now: datetime) -> int | None:
        """A new post of an open lot; its number in the chat, None where Telegram did not say it. Raises Rejected,
        and NoTopic.
        """

    def redraw(self, post: ShownPost, lot: Lot, now: datetime) -> bool:
        """Edit a post in place; one that shows the same is no error. False where it is gone, or never to be edited."""

    def close(self, post: ShownPost, lot: Lot, now: datetime) -> None:
        """A new post, in answer to that of the lot, with what came of it. Raises Rejected."""

    def take_down(self, post: ShownPost) -> None:
        """Remove a post; where Telegram no longer removes it, nothing of the lot is left in it."""


class Venues(Protocol):
    """What Telegram knows of groups and channels. Every method may raise TryLater."""

    def venue(self, chat_id: int) -> Venue | None:
        """None where the bot is not in it."""

    def admins_among(self, chat_id: int, people: Sequence[int]) -> frozenset[int]:
        """Those who are admins there now, as far as the bot can see."""
