"""What concerns the operator's side, wired: a part of `bootstrap.App`."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from starbid.money_parts import MoneyParts

if TYPE_CHECKING:  # each function imports the use cases that it asks for
    from starbid.services.exports.asking import Exports
    from starbid.services.exports.making import ExportMaking
    from starbid.services.operators import Operators


class DeskParts(MoneyParts):
    """Who is an operator, and what operators do. Each part is made when it is first asked for."""

    @cached_property
    def operators(self) -> Operators:
        from starbid.services.operators import Operators

        return Operators(self.store, self.settings.business)

    @cached_property
    def exports(self) -> Exports:
        from starbid.services.exports.asking import Exports

        return Exports(self.store, self.desk, self.audit_trail, self.event_log, self.desk_work, self.export_files)

    @cached_property
    def export_making(self) -> ExportMaking:
        from starbid.services.exports.making import ExportMaking
        from starbid.services.exports.sources import Sources

        sources = Sources(self.store, self.audit_trail, self.event_log, self.operators)
        return ExportMaking(self.desk, self.export_files, sources, self.desk_work, self.now)
