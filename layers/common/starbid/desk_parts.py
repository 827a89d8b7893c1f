"""What concerns the operator's side, wired: a part of `bootstrap.App`."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from starbid.money_parts import MoneyParts

if TYPE_CHECKING:  # each function imports the use cases that it asks for
    from starbid.services.desk.ticket_desk import TicketDesk
    from starbid.services.desk.tickets import Tickets
    from starbid.services.limits import Limits
    from starbid.services.operators import Operators


class DeskParts(MoneyParts):
    """Who is an operator, and what operators do. Each part is made when it is first asked for."""

    @cached_property
    def operators(self) -> Operators:
        from starbid.services.operators import Operators

        return Operators(self.store, self.settings.business)

    @cached_property
    def limits(self) -> Limits:
        from starbid.services.limits import Limits

        return Limits(self.counters)

    @cached_property
    def tickets(self) -> Tickets:
        from starbid.imaging.decoding import all_resized
        from starbid.services.desk.tickets import Tickets

        return Tickets(self.store, self.desk, self.pictures, self.limits, all_resized)

    @cached_property
    def ticket_desk(self) -> TicketDesk:
        from starbid.services.desk.ticket_desk import TicketDesk

        return TicketDesk(self.store, self.desk, self.tickets)
