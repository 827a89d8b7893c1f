"""What stands in chats, as small records: `card#<lot>` and `post#<lot>` by chat, `living#<name>`.

A record has the fields of its dataclass: `packing`. Only a rich card has `photos`, so that the others are what they
were before there were rich ones.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, TypeVar

from starbid.services.ports import CARD_SECONDS, ShownCard, ShownPost
from starbid.services.ports.chats import AnyMessage
from starbid.storage.packing import pack, read
from starbid.storage.recorded import Recorded

R = TypeVar("R")


class RecordedCards(Recorded):
    """Implements `ports.ShownCards`."""

    def put(self, card: ShownCard, now: datetime) -> None:
        self._records.put_member(_group(card.auction_id), str(card.chat_id), _packed(card), CARD_SECONDS, now)

    def one(self, auction_id: str, chat_id: int, now: datetime) -> ShownCard | None:
        return _read(self._records.member(_group(auction_id), str(chat_id), now))

    def of_lot(self, auction_id: str, now: datetime) -> list[ShownCard]:
        values = self._records.members(_group(auction_id), now).values()
        return [card for value in values if (card := _read(value))]

    def exchange(self, known: ShownCard, drawn: ShownCard | None, now: datetime) -> bool:
        group, chat_id, seconds = _group(known.auction_id), str(known.chat_id), CARD_SECONDS if drawn else 0
        return self._records.exchange_member(group, chat_id, _packed(known), _packed(drawn or known), seconds, now)

    def drop(self, auction_id: str, chat_id: int) -> None:
        self._records.drop_member(_group(auction_id), str(chat_id))


class RecordedPosts(Recorded):
    """Implements `ports.ShownPosts`."""

    def put(self, post: ShownPost, keep_until: datetime, now: datetime) -> None:
        seconds = _seconds(keep_until, now)
        self._records.put_member(_posts(post.auction_id), str(post.chat_id), pack(post), seconds, now)

    def one(self, auction_id: str, chat_id: int, now: datetime) -> ShownPost | None:
        return read(ShownPost, self._records.member(_posts(auction_id), str(chat_id), now))

    def of_lot(self, auction_id: str, now: datetime) -> list[ShownPost]:
        values = self._records.members(_posts(auction_id), now).values()
        return [post for value in values if (post := read(ShownPost, value))]

    def exchange(self, known: ShownPost, drawn: ShownPost, keep_until: datetime, now: datetime) -> bool:
        group, chat_id, seconds = _posts(known.auction_id), str(known.chat_id), _seconds(keep_until, now)
        return self._records.exchange_member(group, chat_id, pack(known), pack(drawn), seconds, now)

    def drop(self, auction_id: str, chat_id: int) -> None:
        self._records.drop_member(_posts(auction_id), str(chat_id))


class RecordedMessages(Recorded):
    """Implements `ports.LivingMessages`."""

    def get(self, name: str, shape: type[R], now: datetime) -> R | None:
        return read(shape, self._records.get(f"living#{name}", now))

    def put(self, name: str, message: AnyMessage, seconds: int, now: datetime) -> None:
        self._records.put(f"living#{name}", pack(message), seconds, now)


def _packed(card: ShownCard) -> dict[str, Any]:
    record: dict[str, Any] = pack(card)
    if card.photos is None:
        del record["photos"]
    return record


def _read(record: dict[str, Any] | None) -> ShownCard | None:
    return read(ShownCard, {"photos": None, **record} if record else None)


def _group(auction_id: str) -> str:
    return f"card#{auction_id}"


def _posts(auction_id: str) -> str:
    return f"post#{auction_id}"


def _seconds(until: datetime, now: datetime) -> int:
    return int((until - now).total_seconds())
