"""From bids and events to notices on the queue. A lot's end, which may concern thousands, is told in steps."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from starbid.domain.auction import Bid
from starbid.domain.events import AnyEvent
from starbid.services import notices
from starbid.services.notices import Crowd
from starbid.services.ports import Audience, Outgoing, Store

FIRST_BIDS, BIDS = 200, 1000
"""Rows of bids that are read at once: by the stream consumer, and by the sender, which does the rest."""
WATCHERS = 500
"""People who watch a lot that are told at once."""

Watchers = Callable[[str, str, int], tuple[tuple[int, ...], str | None]]
"""Of a lot, those who watch it after a mark (empty: from the first on), so many at most; and the mark to go on from."""


@dataclass(frozen=True, slots=True)
class _Step:
    """Whom one step tells, and what is left for the next ones."""

    people: tuple[int, ...]
    left: tuple[Audience, ...]


class FanOut:
    """It only puts messages on the queue, a bounded number for each record, so that nothing can block a shard."""

    def __init__(
        self,
        store: Store,
        outgoing: Outgoing,
        watchers: Watchers,
        operators: tuple[int, ...] = (),
        admin_chat: int | None = None,
        help_desk: Callable[[AnyEvent], None] | None = None,
    ) -> None:
        """`operators` are told what waits for them, in the chat that they share where there is one. An outside
        `help_desk` hears of tickets.
        """
        self._store, self._outgoing, self._watchers = store, outgoing, watchers
        self._operators, self._admin_chat, self._help_desk = operators, admin_chat, help_desk

    def bids(self, bids: Iterable[Bid]) -> None:
        """Tell of bids that came together: of many on a lot each person hears once."""
        self._outgoing.send(notices.of_bids(bids))

    def event(self, event: AnyEvent) -> None:
        """Tell whom it concerns; where they are many, the first of them, and a message goes out for the others."""
        news, auction_id = notices.of_event(event), _lot_of(event)
        steps = [self._first(crowd, auction_id) for crowd in news.crowds]
        people = dict.fromkeys(who for step in steps for who in step.people)
        self._outgoing.send((*news.notices, *news.to(people)))
        for step in steps:
            self._go_on(event, step)
        if self._help_desk:
            self._help_desk(event)

    def rest(self, event: AnyEvent, audience: Audience) -> None:
        """The next step of an event that concerns many. Safe to repeat: who is told twice has notices of one id."""
        if audience.bidders_below is not None:
            step = self._bidders(_lot_of(event), audience.bidders_below, BIDS)
        else:
            step = self._watching(_lot_of(event), audience.watchers_after or "")
        self._outgoing.send(notices.of_event(event).to(dict.fromkeys(step.people)))
        self._go_on(event, step)

    def _first(self, crowd: Crowd, auction_id: str) -> _Step:
        match crowd:
            case Crowd.BIDDERS:
                return self._bidders(auction_id, None, FIRST_BIDS)
            case Crowd.WATCHERS:
                return self._watching(auction_id, "")
            case Crowd.ADMINS:
                return _Step(self._operators if self._admin_chat is None else (self._admin_chat,), ())
            case Crowd.ADMIN_CHAT:
                return _Step(() if self._admin_chat is None else (self._admin_chat,), ())

    def _go_on(self, event: AnyEvent, step: _Step) -> None:
        for audience in step.left:
            self._outgoing.tell_rest(event, audience)

    def _bidders(self, auction_id: str, below: int | None, limit: int) -> _Step:
        """Consistent: who bid a moment before the end is told too."""
        page = self._store.bids(auction_id, limit=limit, below=below, consistent=True)
        left = (Audience(bidders_below=page.items[-1].number),) if page.items and page.cursor else ()
        return _Step(tuple(bid.bidder_id for bid in page.items), left)

    def _watching(self, auction_id: str, after: str) -> _Step:
        people, following = self._watchers(auction_id, after, WATCHERS)
        return _Step(people, (Audience(watchers_after=following),) if following else ())


def _lot_of(event: AnyEvent) -> str:
    """Empty for an event that is about no lot."""
    return getattr(event, "auction_id", "")
