"""What waited for the end of quiet hours: one message of all of it, or the only one as it is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from starbid.domain.errors import NotFound
from starbid.domain.lots import Lot
from starbid.domain.people import Person
from starbid.services.claiming import BUSY_SECONDS, LEASE_SECONDS, Turn, claimed
from starbid.services.notices import KINDS
from starbid.services.notices.switches import BY_ITSELF
from starbid.services.notices.waited import WAITED
from starbid.services.ports import Claims, Messenger, Notice, Outgoing, Rejected, Store, TryLater, WaitingNotice
from starbid.services.quiet import Quiet
from starbid.services.retrying import UNREADABLE

SHOWN = 10
"""Lines of one message: of the longest titles they still fit."""

Hears = Callable[[Notice, datetime], Person | None]


class WaitingTelling:
    """What the sender does when the quiet hours of a person are over."""

    def __init__(self, quiet: Quiet, store: Store, claims: Claims, messenger: Messenger, outgoing: Outgoing) -> None:
        self._quiet, self._store, self._claims = quiet, store, claims
        self._messenger, self._outgoing = messenger, outgoing

    def tell(self, person: Person, hears: Hears, now: datetime) -> None:
        """Tell all that waits for them; nothing where nothing does.

        `hears`: whether they still want to hear one, which also brings it to further channels. One that is told by
        itself goes back to the queue, where it waits for no other. Raises TryLater where somebody is at it, and what
        the messenger does: what was not told waits on.
        """
        with claimed(self._claims, f"turn#waited#{person.id}", LEASE_SECONDS, 0, now) as turn:
            if turn is not Turn.MINE:
                raise TryLater(BUSY_SECONDS)
            waiting = self._quiet.kept(person, now)
            together = [each for each in waiting if each.notice.kind in KINDS and each.notice.kind not in BY_ITSELF]
            if len(together) > 1:
                self._tell_together(person, together, hears, now)
                waiting = [each for each in waiting if each not in together]
            self._give_back(person, waiting)

    def _tell_together(self, person: Person, waiting: Sequence[WaitingNotice], hears: Hears, now: datetime) -> None:
        """One whose words fail is told by itself, or not at all: it keeps no other from being told."""
        lines: list[str] = []
        odd: list[WaitingNotice] = []
        for each in waiting:
            try:
                if hears(each.notice, now) and _is_news(each.notice, lot := self._lot(each.notice)):
                    lines.append(self._messenger.headline(person, each.notice, lot))
            except (*UNREADABLE, NotFound, Rejected):
                odd.append(each)
        if lines:
            facts = {"lines": lines[:SHOWN], "more": max(0, len(lines) - SHOWN)}
            self._messenger.tell(person, WAITED.notice(f"waited:{now.isoformat()}", person.id, None, **facts), None)
        self._give_back(person, odd)
        for each in waiting:
            self._quiet.told(person.id, each)

    def _give_back(self, person: Person, waiting: Sequence[WaitingNotice]) -> None:
        """Each is on the queue before it waits no longer: who dies in between sends it twice, and it is told once."""
        self._outgoing.send(each.notice for each in waiting)
        for each in waiting:
            self._quiet.told(person.id, each)

    def _lot(self, notice: Notice) -> Lot | None:
        return self._store.lot(notice.auction_id, consistent=True) if notice.auction_id else None


def _is_news(notice: Notice, lot: Lot | None) -> bool:
    """Whether it still says something, as its lot stands by now."""
    kind = KINDS[notice.kind]
    if lot is None:
        return True
    return kind.holds(notice, lot) and (kind.latest is None or kind.latest.is_news(notice, lot))
