"""Admins have one living message of all disputes that wait to be settled: how many there are, and the newest.

Opening disputes and withdrawing them again, however often, changes that message. A few openings in a row are told by a
message each; more than SOUNDS in QUIET_SECONDS are shown at once, in place, and told by a new message when it is quiet
again, if they still wait then. The list itself (`/admin`) holds them all.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from starbid.domain.deals import Deal, DealState
from starbid.domain.errors import NotFound
from starbid.domain.people import Person
from starbid.services.claiming import LEASE_SECONDS, Turn, claimed
from starbid.services.living import PACE_SECONDS, Teller
from starbid.services.ports import Claims, DisputesMessage, LivingMessages, Notice, Store, TryLater

SOUNDS, QUIET_SECONDS = 3, 600
KEPT_SECONDS = 3 * 86_400
MOST = 50
"""Disputes that are counted, the oldest first; the message says that there may be more."""

Read = Callable[[], Person | None]
Open = dict[str, Deal]


class OpenDisputes:
    """Tells that disputes were opened, withdrawn or settled: by what is open now."""

    def __init__(self, store: Store, claims: Claims, messages: LivingMessages, messenger: Teller) -> None:
        self._store, self._claims, self._messages, self._messenger = store, claims, messages, messenger

    def tell(self, notice: Notice, read: Read, now: datetime) -> None:
        """Let the admin's message show what is open; nothing is done where it does.

        `read` gives the admin, None where there is nobody to tell. Raises TryLater where the message was changed a
        moment ago, somebody is just at it, or the dispute has to be told again with a sound.
        """
        with claimed(self._claims, f"turn#{_name(notice)}", LEASE_SECONDS, 0, now) as turn:
            if turn is not Turn.MINE:
                raise TryLater(PACE_SECONDS)
            self._tell(notice, read, now)

    def _tell(self, notice: Notice, read: Read, now: datetime) -> None:
        known = self._messages.get(_name(notice), DisputesMessage, now)
        waiting, lot = self._open(str(notice.auction_id)), str(notice.auction_id)
        is_shown = known is not None and lot in known.shown
        if lot not in waiting:
            if known and is_shown:
                self._draw(notice, read, waiting, known, now)
            return
        if known and lot in known.heard:
            return
        quiet = _quiet(known.sounds, now) if known else 0
        if known is None or quiet <= 0:
            self._draw(notice, read, waiting, known, now, afresh=True)
        elif is_shown or not self._draw(notice, read, waiting, known, now):
            raise TryLater(math.ceil(quiet))

    def _draw(
        self,
        notice: Notice,
        read: Read,
        waiting: Open,
        known: DisputesMessage | None,
        now: datetime,
        *,
        afresh: bool = False,
    ) -> bool:
        """Edit the `known` message, or send a new one: without one, asked for it (`afresh`), and where it is gone while
        something waits. True where there is nobody to tell, or a new message did.
        """
        former = None if afresh else known
        if former and now - former.drawn < timedelta(seconds=PACE_SECONDS):
            raise TryLater(PACE_SECONDS)
        person = read()
        if person is None:
            return True
        newest = max(waiting.values(), key=lambda deal: deal.disputed_at or deal.sold_at) if waiting else None
        lot = self._store.lot(newest.auction_id, consistent=True) if newest else None
        facts = {"lots": list(waiting), "more": len(waiting) >= MOST, "text": (newest and newest.dispute) or ""}
        drawn = replace(notice, auction_id=newest.auction_id if newest else None, facts=facts)
        shown, former_id = tuple(waiting), former.message_id if former else None
        edited = former_id is not None and self._messenger.edit(person, drawn, lot, former_id)
        if former and (edited or not waiting):
            message = replace(former, shown=shown, drawn=now)
        else:
            message_id = self._messenger.tell(person, drawn, lot)
            sounds = (*(known.sounds if known else ()), now)[-SOUNDS:]
            message = DisputesMessage(message_id, shown, heard=shown, sounds=sounds, drawn=now)
        self._messages.put(_name(notice), message, KEPT_SECONDS, now)
        return not edited

    def _open(self, auction_id: str) -> Open:
        """Disputes by lot; the one that it is about by its own row, as the list may be a moment behind."""
        found = {deal.auction_id: deal for deal in self._store.open_disputes(MOST)}
        found.pop(auction_id, None)
        try:
            deal = self._store.deal(auction_id)
        except NotFound:
            return found
        return found | {auction_id: deal} if deal.state is DealState.DISPUTED else found


def _quiet(sounds: Sequence[datetime], now: datetime) -> float:
    """Seconds until another message may make a sound, by the moments of the last ones."""
    if len(sounds) < SOUNDS:
        return 0
    return (sounds[-SOUNDS] - now).total_seconds() + QUIET_SECONDS


def _name(notice: Notice) -> str:
    return f"{notice.user_id}#{notice.kind}"
