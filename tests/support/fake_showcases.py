"""Groups and channels where lots are posted: their rows, and Telegram's side of them, in memory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from starbid.domain.lots import Lot
from starbid.domain.showcases import Showcase, Venue
from starbid.services.ports import Contended, ShownPost

from .failing import Failing


class FakeShowcases:
    """Implements `ports.Showcases`."""

    def __init__(self) -> None:
        self.kept: dict[int, Showcase] = {}

    def one(self, chat_id: int) -> Showcase | None:
        return self.kept.get(chat_id)

    def of(self, person_id: int) -> list[Showcase]:
        mine = (each for each in self.kept.values() if person_id in each.keepers)
        return sorted(mine, key=lambda each: (each.connected_at, each.chat_id))

    def filed(self, place: str, after: str, limit: int) -> tuple[tuple[int, ...], str | None]:
        refs = sorted(str(each.chat_id) for each in self.kept.values() if each.filed == place)
        refs = [ref for ref in refs if ref > after]
        return tuple(map(int, refs[:limit])), refs[limit - 1] if len(refs) > limit else None

    def put(self, known: Showcase | None, showcase: Showcase) -> None:
        moves = known is not None and known.chat_id != showcase.chat_id
        self._check(known)
        if (known is None or moves) and showcase.chat_id in self.kept:
            raise Contended
        if known:
            self.kept.pop(known.chat_id)
        self.kept[showcase.chat_id] = showcase

    def drop(self, known: Showcase) -> None:
        self._check(known)
        self.kept.pop(known.chat_id)

    def _check(self, known: Showcase | None) -> None:
        stands = self.kept.get(known.chat_id) if known else None
        if known and (stands is None or stands.version != known.version):
            raise Contended


class FakePoster(Failing):
    """Implements `ports.Poster`. `posts` are those that stand, by chat and number, each as the lot was last drawn;
    `calls` what was done, in order: what, chat, and the lot's version.
    """

    def __init__(self) -> None:
        super().__init__()
        self.posts: dict[tuple[int, int], Lot] = {}
        self.calls: list[tuple[str, int, int]] = []
        self.gone: set[int] = set()
        self._numbers = 0

    def post(self, showcase: Showcase, lot: Lot, now: datetime) -> int | None:
        with self._deed():
            self._numbers += 1
            self.posts[showcase.chat_id, self._numbers] = lot
            self.calls.append(("post", showcase.chat_id, lot.auction.version))
        return self._numbers

    def redraw(self, post: ShownPost, lot: Lot, now: datetime) -> bool:
        with self._deed():
            self.calls.append(("redraw", post.chat_id, lot.auction.version))
            if post.message_id in self.gone:
                return False
            self.posts[post.chat_id, post.message_id] = lot
        return True

    def close(self, post: ShownPost, lot: Lot, now: datetime) -> None:
        with self._deed():
            self.calls.append(("close", post.chat_id, lot.auction.version))

    def take_down(self, post: ShownPost) -> None:
        with self._deed():
            self.calls.append(("take down", post.chat_id, post.version))
            self.posts.pop((post.chat_id, post.message_id), None)

    def shown(self, chat_id: int) -> list[Lot]:
        """The lots that stand in a chat, as they were last drawn."""
        return [lot for (chat, _), lot in self.posts.items() if chat == chat_id]


class FakeVenues(Failing):
    """Implements `ports.Venues`: `known` by number, and the `admins` of each."""

    def __init__(self) -> None:
        super().__init__()
        self.known: dict[int, Venue] = {}
        self.admins: dict[int, set[int]] = {}

    def add(self, chat_id: int, *admins: int, title: str = "Lamps", is_channel: bool = False) -> Venue:
        venue = Venue(chat_id, title, is_channel, may_post=True)
        self.known[chat_id], self.admins[chat_id] = venue, set(admins)
        return venue

    def change(self, chat_id: int, **facts: bool) -> Venue:
        self.known[chat_id] = replace(self.known[chat_id], **facts)  # type: ignore[arg-type]
        return self.known[chat_id]

    def venue(self, chat_id: int) -> Venue | None:
        with self._deed():
            return self.known.get(chat_id)

    def admins_among(self, chat_id: int, people: Sequence[int]) -> frozenset[int]:
        with self._deed():
            return frozenset(people) & self.admins.get(chat_id, set())
