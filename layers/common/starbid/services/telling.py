"""Telling people: with nothing lost and nothing told twice; and their cards of lots, kept up to date.

A notice is repeated only where the process dies between Telegram's answer and the record of it, or the answer is lost.
"""

from __future__ import annotations

import math
from datetime import datetime

from starbid.domain.errors import NotFound
from starbid.domain.lots import Lot
from starbid.domain.people import Person
from starbid.services import living, open_disputes
from starbid.services.claiming import Turn, claimed
from starbid.services.falling import Falling, stamp, true_until
from starbid.services.living import Living
from starbid.services.open_disputes import OpenDisputes
from starbid.services.people import People
from starbid.services.ports import (
    Messenger,
    Notice,
    Outgoing,
    OutOfOrder,
    Scratch,
    ShownCard,
    Store,
    TryLater,
    Unreachable,
)
from starbid.services.sweeping import each

LEASE_SECONDS = 60
KEEP_SECONDS = 14 * 86_400
CARD_SECONDS = 3 * 86_400
CARDS_AT_ONCE = 50
"""Cards that one turn edits: about ten seconds, which the sender always has; notices wait in the same queue."""
BUSY_SECONDS = 5


class Sending:
    """What the sender does with one message of the queue."""

    def __init__(
        self, store: Store, scratch: Scratch, people: People, messenger: Messenger, outgoing: Outgoing, falling: Falling
    ) -> None:
        self._store, self._scratch, self._people, self._messenger = store, scratch, people, messenger
        self._outgoing, self._falling, self._living = outgoing, falling, Living(scratch, messenger)
        self._disputes = OpenDisputes(store, scratch, messenger)

    def send(self, notice: Notice, now: datetime) -> None:
        """Tell it once. Raises TryLater where it has to be tried again; anything else raised is tried again too."""
        with claimed(self._scratch, f"notice#{notice.id}", LEASE_SECONDS, KEEP_SECONDS, now) as turn:
            if turn is Turn.BUSY:
                raise TryLater(BUSY_SECONDS)
            if turn is Turn.MINE:
                self._tell(notice, now)

    def redraw(self, auction_id: str, now: datetime, due: datetime | None = None) -> None:
        """Edit the lot's cards in all chats to show its present state. Safe to repeat.

        `due`: the moment whose old cards are meant, where the price fell by the clock or a turn left some. Before it
        raises TryLater. One card that fails does not stop the others; then raises TryLater or an ExceptionGroup. Where
        there are more than one turn can edit, those that have waited longest come first, and a message goes out for
        the others.
        """
        if due and now < due:
            raise TryLater(math.ceil((due - now).total_seconds()))
        moment = due or now  # of all turns: they would not end where a price falls faster than cards are edited
        cards = self._cards(auction_id, now)
        if not cards:
            return
        try:
            lot = self._store.lot(auction_id, consistent=True)
        except NotFound:
            return
        outdated = sorted((card for card in cards if _is_old(card, lot, moment)), key=_age)
        more = len(outdated) > CARDS_AT_ONCE
        if not more and (outdated or any(card.until for card in cards)):
            self._falling.follow(lot.auction, now)  # first: a card that fails is no reason to stop
        try:
            done = each("cards not redrawn", outdated[:CARDS_AT_ONCE], lambda card: self._redraw_one(lot, card, now))
        except ExceptionGroup as failures:
            waits = [failure for failure in failures.exceptions if isinstance(failure, TryLater)]
            if waits:
                longest = max(waits, key=lambda wait: wait.seconds)
                kind = OutOfOrder if isinstance(longest, OutOfOrder) else TryLater
                raise kind(longest.seconds) from failures
            raise
        if more and not any(done):  # nothing got less: no message that would only bring the next one
            raise TryLater(BUSY_SECONDS)
        if more:
            self._outgoing.wake_cards(auction_id, moment, 0)

    def _cards(self, auction_id: str, now: datetime) -> list[ShownCard]:
        members = self._scratch.members(card_group(auction_id), now)
        return [ShownCard(int(m), f["message_id"], f["version"], f, f.get("until")) for m, f in members.items()]

    def _redraw_one(self, lot: Lot, card: ShownCard, now: datetime) -> bool:
        """A card that is gone is forgotten; one of somebody blocked or out of reach no longer follows the clock.

        False where the chat shows another one by now: it took a while to come to this card.
        """
        group, chat = card_group(lot.auction.id), str(card.chat_id)
        if self._scratch.member(group, chat, now) != card.facts:
            return False
        person = self._store.person(card.chat_id)
        until, seconds = None, CARD_SECONDS
        try:
            if person and not person.unreachable and not person.blocked:
                seconds = CARD_SECONDS if self._messenger.redraw(person, lot, card) else 0
                until = true_until(lot.auction, now)
        except Unreachable:
            self._people.mark_unreachable(card.chat_id)
        drawn = card.facts | {"version": lot.auction.version, "until": until}
        return self._scratch.exchange_member(group, chat, card.facts, drawn, seconds, now)

    def _tell(self, notice: Notice, now: datetime) -> None:
        try:
            if notice.kind in living.KINDS:
                self._living.tell(notice, lambda: self._told_with_lot(notice), now)
            elif notice.kind == open_disputes.KIND:
                self._disputes.tell(notice, lambda: self._told(notice), now)
            elif person := self._told(notice):
                self._messenger.tell(person, notice, self._lot(notice))
        except Unreachable:
            self._people.mark_unreachable(notice.user_id)

    def _told(self, notice: Notice) -> Person | None:
        """Whom to tell; None where nobody is there, or can be reached, or is spoken to."""
        person = self._store.person(notice.user_id, consistent=True)
        return None if person is None or person.unreachable or person.blocked else person

    def _told_with_lot(self, notice: Notice) -> tuple[Person, Lot] | None:
        person, lot = self._told(notice), self._lot(notice)
        return (person, lot) if person and lot else None

    def _lot(self, notice: Notice) -> Lot | None:
        return self._store.lot(notice.auction_id, consistent=True) if notice.auction_id else None


def _is_old(card: ShownCard, lot: Lot, moment: datetime) -> bool:
    return card.version < lot.auction.version or (card.until is not None and card.until <= stamp(moment))


def _age(card: ShownCard) -> tuple[int, int]:
    return card.version, card.until or 0


def card_group(auction_id: str) -> str:
    return f"card#{auction_id}"


def show_card(
    scratch: Scratch, auction_id: str, chat_id: int, message_id: int, version: int, now: datetime, **facts: object
) -> None:
    """Remember that a lot's card stands in a chat (one a chat: the newest), so that it can be edited in place."""
    value = {"message_id": message_id, "version": version, **facts}
    scratch.put_member(card_group(auction_id), str(chat_id), value, CARD_SECONDS, now)
