"""What stands in people's chats, as small records: `card#<lot>` by chat, `living#<name>`.

A record is read strictly: what this version would not have written counts as none.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from starbid.services.ports import (
    CARD_SECONDS,
    DisputesMessage,
    LivingMessage,
    Look,
    Place,
    Scratch,
    ShownCard,
)
from starbid.storage.rows import at, ms


class RecordedCards:
    """Implements `ports.ShownCards`."""

    def __init__(self, records: Scratch) -> None:
        self._records = records

    def put(self, card: ShownCard, now: datetime) -> None:
        self._records.put_member(_group(card.auction_id), str(card.chat_id), _card_value(card), CARD_SECONDS, now)

    def one(self, auction_id: str, chat_id: int, now: datetime) -> ShownCard | None:
        value = self._records.member(_group(auction_id), str(chat_id), now)
        return _card_from(auction_id, chat_id, value) if value else None

    def of_lot(self, auction_id: str, now: datetime) -> list[ShownCard]:
        members = self._records.members(_group(auction_id), now)
        found = (_card_from(auction_id, int(chat_id), value) for chat_id, value in members.items())
        return [card for card in found if card]

    def exchange(self, known: ShownCard, drawn: ShownCard | None, now: datetime) -> bool:
        group, chat_id, value = _group(known.auction_id), str(known.chat_id), _card_value(drawn or known)
        seconds = CARD_SECONDS if drawn else 0
        return self._records.exchange_member(group, chat_id, _card_value(known), value, seconds, now)

    def drop(self, auction_id: str, chat_id: int) -> None:
        self._records.drop_member(_group(auction_id), str(chat_id))


class RecordedMessages:
    """Implements `ports.LivingMessages`."""

    def __init__(self, records: Scratch) -> None:
        self._records = records

    def get(self, name: str, now: datetime) -> LivingMessage | None:
        match self._records.get(_living(name), now):
            case {
                "lot": str(lot),
                "message_id": int() | None as message_id,
                "state": int(state),
                "since": int(since),
                "booked": int(booked),
                "fixed": bool(fixed),
            }:
                return LivingMessage(lot, message_id, state, at(since), at(booked), fixed)
            case _:
                return None

    def put(self, name: str, message: LivingMessage, seconds: int, now: datetime) -> None:
        value = {
            "lot": message.auction_id,
            "message_id": message.message_id,
            "state": message.state,
            "since": ms(message.since),
            "booked": ms(message.booked),
            "fixed": message.fixed,
        }
        self._records.put(_living(name), value, seconds, now)

    def disputes(self, name: str, now: datetime) -> DisputesMessage | None:
        match self._records.get(_living(name), now):
            case {
                "message_id": int() | None as message_id,
                "shown": [*shown],
                "heard": [*heard],
                "sounds": [*sounds],
                "drawn": int(drawn),
            }:
                return DisputesMessage(message_id, tuple(shown), tuple(heard), tuple(map(at, sounds)), at(drawn))
            case _:
                return None

    def put_disputes(self, name: str, message: DisputesMessage, seconds: int, now: datetime) -> None:
        value = {
            "message_id": message.message_id,
            "shown": list(message.shown),
            "heard": list(message.heard),
            "sounds": [ms(sound) for sound in message.sounds],
            "drawn": ms(message.drawn),
        }
        self._records.put(_living(name), value, seconds, now)


def _group(auction_id: str) -> str:
    return f"card#{auction_id}"


def _living(name: str) -> str:
    return f"living#{name}"


def _card_value(card: ShownCard) -> dict[str, Any]:
    look, place = card.look, card.look.place
    return {
        "message_id": card.message_id,
        "version": card.version,
        "place": [place.number, place.total, place.more] if place else None,
        "bidding": look.bidding,
        "watching": look.watching,
        "until": ms(card.until) if card.until else None,
    }


def _card_from(auction_id: str, chat_id: int, value: dict[str, Any]) -> ShownCard | None:
    """None too for a record that says more: written back, it would not be the one that is known, and never change."""
    match value:
        case {
            "message_id": int(message_id),
            "version": int(version),
            "place": [int(), int(), bool()] | None as place,
            "bidding": bool(bidding),
            "watching": bool() | None as watching,
            "until": int() | None as until,
            **more,
        } if not more:
            look = Look(Place(*place) if place else None, bidding, watching)
            moment = at(until) if until is not None else None
            return ShownCard(auction_id, chat_id, message_id, version, look, moment)
        case _:
            return None
