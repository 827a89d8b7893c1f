"""Cards in chats follow their lots: each is edited in place to the present state, and none keeps another waiting."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import datetime

from starbid.domain.errors import NotFound
from starbid.domain.lots import Lot
from starbid.services.cards.falling import Falling, true_until
from starbid.services.claiming import BUSY_SECONDS
from starbid.services.people import People
from starbid.services.ports import (
    Claims,
    Messenger,
    Outgoing,
    ShownCard,
    ShownCards,
    Store,
    TryLater,
    Unreachable,
)
from starbid.services.sweeping import each, longest_wait

CARDS_AT_ONCE = 50
"""Cards that one turn edits: about ten seconds, which the sender always has; other lots wait in the same queue."""
PACE_SECONDS = 5
"""The least between two turns for changes of one lot, which in a crowd are many a second: with the notices about it
(services.living) a chat gets less than the one call a second that Telegram takes."""


class Cards:
    """Keeps the cards of lots up to date."""

    def __init__(
        self,
        store: Store,
        shown: ShownCards,
        people: People,
        messenger: Messenger,
        outgoing: Outgoing,
        falling: Falling,
        claims: Claims,
    ) -> None:
        self._store, self._shown, self._people, self._messenger = store, shown, people, messenger
        self._outgoing, self._falling, self._claims = outgoing, falling, claims

    def redraw(self, auction_id: str, now: datetime, due: datetime | None = None, version: int | None = None) -> None:
        """Edit the lot's cards in all chats to show its present state. Safe to repeat.

        `due`: the moment whose old cards are meant, where the price fell by the clock. Before it raises TryLater.
        `version`: that of the lot from which on cards are right, after a change; raises TryLater where there was a turn
        a moment ago, and nothing is done where that left no older card. One card that fails does not stop the others;
        then raises TryLater or an ExceptionGroup. Where there are more than one turn can edit, those that have waited
        longest come first, and a message goes out for the others.
        """
        if due and now < due:
            raise TryLater(math.ceil((due - now).total_seconds()))
        moment = due or now  # of all turns: they would not end where a price falls faster than cards are edited
        cards = self._shown.of_lot(auction_id, now)
        if not any(_is_meant(card, version) or card.until for card in cards):
            return
        try:
            lot = self._store.lot(auction_id, consistent=True)
        except NotFound:
            return
        outdated = sorted((card for card in cards if _is_old(card, lot, moment)), key=_age)
        more = sum(_is_meant(card, version) for card in outdated) > CARDS_AT_ONCE
        if not more and (outdated or any(card.until for card in cards)):
            self._falling.follow(lot.auction, now)  # first: a card that fails is no reason to stop
        if outdated and version is not None and not self._claims.claim(f"redraw#{auction_id}", PACE_SECONDS, now):
            raise TryLater(PACE_SECONDS)
        try:
            done = each("cards not redrawn", outdated[:CARDS_AT_ONCE], lambda card: self._redraw_one(lot, card, now))
        except ExceptionGroup as failures:
            if wait := longest_wait(failures):
                raise wait from failures
            raise
        if more and not any(done):  # nothing got less: no message that would only bring the next one
            raise TryLater(BUSY_SECONDS)
        if more and version is not None:
            self._outgoing.refresh_cards(auction_id, version)
        elif more:
            self._outgoing.wake_cards(auction_id, moment, 0)

    def _redraw_one(self, lot: Lot, card: ShownCard, now: datetime) -> bool:
        """A card that is gone is forgotten; one of somebody blocked or out of reach no longer follows the clock.

        False where the chat shows another one by now: it took a while to come to this card.
        """
        if self._shown.one(card.auction_id, card.chat_id, now) != card:
            return False
        person = self._store.person(card.chat_id)
        until, stands = None, True
        try:
            if person and not person.unreachable and not person.blocked:
                stands = self._messenger.redraw(person, lot, card)
                until = true_until(lot.auction, now)
        except Unreachable:
            self._people.mark_unreachable(card.chat_id)
        drawn = replace(card, version=lot.auction.version, until=until) if stands else None
        return self._shown.exchange(card, drawn, now)


def _is_meant(card: ShownCard, version: int | None) -> bool:
    return version is None or card.version < version


def _is_old(card: ShownCard, lot: Lot, moment: datetime) -> bool:
    return card.version < lot.auction.version or (card.until is not None and card.until <= moment)


def _age(card: ShownCard) -> tuple[int, float]:
    return card.version, card.until.timestamp() if card.until else 0
