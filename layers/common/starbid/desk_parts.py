"""What concerns the operator's side, wired: a part of `bootstrap.App`."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from starbid.money_parts import MoneyParts

if TYPE_CHECKING:  # each function imports the use cases that it asks for
    from starbid.services.analytics.dashboard import Dashboard
    from starbid.services.analytics.housekeeping import Housekeeping
    from starbid.services.analytics.rebuilding import Rebuilding
    from starbid.services.analytics.remaking import Remaking
    from starbid.services.desk.letters import Letters
    from starbid.services.desk.lot_lists import LotLists
    from starbid.services.faults import Faults
    from starbid.services.operators import Operators
    from starbid.services.recording import Recording
    from starbid.services.reports import Reports


class DeskParts(MoneyParts):
    """Who is an operator, and what operators do. Each part is made when it is first asked for."""

    @cached_property
    def operators(self) -> Operators:
        from starbid.services.operators import Operators

        return Operators(self.store, self.settings.business)

    @cached_property
    def reports(self) -> Reports:
        from starbid.services.limits import Limits
        from starbid.services.reports import Reports

        return Reports(self.store, self.desk, Limits(self.counters))

    @cached_property
    def lot_lists(self) -> LotLists:
        from starbid.services.desk.lot_lists import LotLists

        return LotLists(self.store)

    @cached_property
    def faults(self) -> Faults:
        from starbid.services.faults import Faults

        return Faults(self.store)

    @cached_property
    def recording(self) -> Recording:
        from starbid.services.recording import Recording

        return Recording(self.store, self.event_log)

    @cached_property
    def dashboard(self) -> Dashboard:
        from starbid.services.analytics.dashboard import Dashboard

        return Dashboard(self.figures)

    @cached_property
    def rebuilding(self) -> Rebuilding:
        from starbid.services.analytics.rebuilding import Rebuilding

        return Rebuilding(self.event_log, self.figures)

    @cached_property
    def housekeeping(self) -> Housekeeping:
        from starbid.services.analytics.housekeeping import Housekeeping

        return Housekeeping(self.figures, self.stars)

    @cached_property
    def remaking(self) -> Remaking:
        from starbid.services.analytics.remaking import Remaking

        return Remaking(self.store, self.desk_work, self.rebuilding, self.figures)

    @cached_property
    def letters(self) -> Letters:
        from starbid.services.desk.letters import Letters

        return Letters(self.store, self.desk, self.letter_queues, self.scheduler)
