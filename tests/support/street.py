"""A lot whose price falls, the people who open its card, and the queue that wakes the sender."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from starbid.services.cards.falling import card_of
from starbid.services.ports import Look, ShownCard
from starbid.services.views import view_lot

from .factories import market
from .fakes import START

DUTCH: dict[str, Any] = {
    "type": "dutch",
    "start_price": 1_000,
    "floor_price": 700,
    "drop_amount": 100,
    "drop_seconds": 60,
}


class Street:
    """A Dutch lot, people who open its card, and the queue that wakes the sender."""

    def __init__(self, **changes: Any) -> None:
        self.app, self.lot = market(**(DUTCH | changes))
        self.id = self.lot.auction.id
        self.numbers = 70

    def opens(self, person: int) -> int:
        """Show somebody the card, as the webhook does; answers the message's number."""
        app, auction = self.app, self.app.store.auction(self.id, consistent=True)
        self.numbers += 1
        app.shown_cards.put(card_of(auction, person, self.numbers, Look(), app.now()), app.now())
        app.falling.follow(auction, app.now())
        return self.numbers

    def wake(self, due: datetime | None = None) -> None:
        """The message comes, now."""
        self.app.cards.redraw(self.id, self.app.now(), due)

    def next_message(self) -> datetime:
        """Take the only waiting message, and move the clock to its time."""
        ((_, at, _),) = self.app.outgoing.wakes
        self.app.outgoing.wakes.clear()
        self.app.clock.now = at
        return at

    def runs(self) -> list[tuple[float, int, int]]:
        """Deliver all wake-ups: seconds since the start, person and price of each edit."""
        edits = []
        while self.app.outgoing.wakes:
            self.wake(self.next_message())
            edits += self.take_edits()
        return edits

    def take_edits(self) -> list[tuple[float, int, int]]:
        now = self.app.now()
        drawn = [(person.id, view_lot(lot, None, now).price.amount) for person, lot, _ in self.app.messenger.redrawn]
        self.app.messenger.redrawn.clear()
        return [((now - START).total_seconds(), *edit) for edit in drawn]

    def cards(self) -> dict[int, ShownCard]:
        """By chat."""
        return {card.chat_id: card for card in self.app.shown_cards.of_lot(self.id, self.app.now())}
