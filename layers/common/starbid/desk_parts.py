"""What concerns the operator's side, wired: a part of `bootstrap.App`."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from starbid.money_parts import MoneyParts

if TYPE_CHECKING:  # each function imports the use cases that it asks for
    from starbid.services.faults import Faults
    from starbid.services.operators import Operators
    from starbid.services.ports import Broadcasts
    from starbid.services.recording import Recording


class DeskParts(MoneyParts):
    """Who is an operator, and what operators do. Each part is made when it is first asked for."""

    @cached_property
    def operators(self) -> Operators:
        from starbid.services.operators import Operators

        return Operators(self.store, self.settings.business)

    @cached_property
    def broadcasts(self) -> Broadcasts:
        from starbid.storage.broadcasts import DeskBroadcasts

        return DeskBroadcasts(self.desk)

    @cached_property
    def faults(self) -> Faults:
        from starbid.services.faults import Faults

        return Faults(self.store)

    @cached_property
    def recording(self) -> Recording:
        from starbid.services.recording import Recording

        return Recording(self.store, self.event_log)
