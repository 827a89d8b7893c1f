"""A lot whose price falls, the people who open its card, and the queue that wakes the sender."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from starbid.services.falling import true_until
from starbid.services.telling import card_group, show_card
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
        until = true_until(auction, app.now())
        show_card(app.scratch, self.id, person, self.numbers, auction.version, app.now(), until=until)
        app.falling.follow(auction, app.now())
        return self.numbers

    def wake(self, due: datetime | None = None) -> None:
        """The message is delivered now."""
        self.app.sending.redraw(self.id, self.app.now(), due)

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

    def cards(self) -> dict[str, dict[str, Any]]:
        return self.app.scratch.members(card_group(self.id), self.app.now())
