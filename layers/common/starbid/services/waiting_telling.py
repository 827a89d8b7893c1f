"""What waited for the end of quiet hours: one message of all of it, or the only one as it is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from starbid.domain.lots import Lot
from starbid.domain.people import Person
from starbid.services.claiming import Turn, claimed
from starbid.services.notices import KINDS
from starbid.services.notices.switches import ONLY_IN_CHAT
from starbid.services.notices.waited import WAITED
from starbid.services.ports import Claims, Messenger, Notice, Store, TryLater, WaitingNotice
from starbid.services.quiet import Quiet

LEASE_SECONDS, BUSY_SECONDS = 60, 5
SHOWN = 10
"""Lines of one message: of the longest titles they still fit."""

Hears = Callable[[Notice, datetime], Person | None]


class WaitingTelling:
    """What the sender does when the quiet hours of a person are over."""

    def __init__(self, quiet: Quiet, store: Store, claims: Claims, messenger: Messenger) -> None:
        self._quiet, self._store, self._claims, self._messenger = quiet, store, claims, messenger

    def tell(self, person: Person, hears: Hears, tell_it: Callable[[Notice], None], now: datetime) -> None:
        """Tell all that waits for them; nothing where nothing does.

        `hears`: whether they still want to hear one, which also brings it to further channels. `tell_it` tells one by
        itself. Raises TryLater where somebody is at it, and what the messenger does: what was not told waits on.
        """
        with claimed(self._claims, f"turn#waited#{person.id}", LEASE_SECONDS, 0, now) as turn:
            if turn is not Turn.MINE:
                raise TryLater(BUSY_SECONDS)
            waiting = self._quiet.kept(person, now)
            together = [each for each in waiting if each.notice.kind not in ONLY_IN_CHAT]
            for each in waiting:
                if each not in together or len(together) == 1:
                    tell_it(each.notice)
                    self._quiet.told(person.id, each)
            if len(together) > 1:
                self._tell_together(person, together, hears, now)

    def _tell_together(self, person: Person, waiting: list[WaitingNotice], hears: Hears, now: datetime) -> None:
        heard = [(each, lot) for each in waiting if hears(each.notice, now) and _is_news(each, lot := self._lot(each))]
        if heard:
            lines = [self._messenger.headline(person, each.notice, lot) for each, lot in heard[:SHOWN]]
            facts = {"lines": lines, "more": len(heard) - len(lines)}
            self._messenger.tell(person, WAITED.notice(f"waited:{now.isoformat()}", person.id, None, **facts), None)
        for each in waiting:
            self._quiet.told(person.id, each)

    def _lot(self, waiting: WaitingNotice) -> Lot | None:
        auction_id = waiting.notice.auction_id
        return self._store.lot(auction_id, consistent=True) if auction_id else None


def _is_news(waiting: WaitingNotice, lot: Lot | None) -> bool:
    """Whether it still says something, as its lot stands by now."""
    kind = KINDS[waiting.notice.kind]
    if lot is None:
        return True
    return kind.holds(waiting.notice, lot) and (kind.latest is None or kind.latest.is_news(waiting.notice, lot))
