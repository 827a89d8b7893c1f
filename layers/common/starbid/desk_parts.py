"""What concerns the operator's side, wired: a part of `bootstrap.App`."""

from __future__ import annotations

from abc import abstractmethod
from functools import cached_property
from typing import TYPE_CHECKING

from starbid.money_parts import MoneyParts

if TYPE_CHECKING:  # each function imports the use cases that it asks for
    from starbid.services.analytics.dashboard import Dashboard
    from starbid.services.analytics.housekeeping import Housekeeping
    from starbid.services.analytics.rebuilding import Rebuilding
    from starbid.services.analytics.remaking import Remaking
    from starbid.services.auctions.publishing import Publishing
    from starbid.services.desk.balances import Balances
    from starbid.services.desk.finding import Finding
    from starbid.services.desk.letters import Letters
    from starbid.services.desk.lot_lists import LotLists
    from starbid.services.desk.moderation import Moderation
    from starbid.services.desk.notes import Notes
    from starbid.services.desk.saved_views import SavedViews
    from starbid.services.desk.searching import Searching
    from starbid.services.exports.asking import Exports
    from starbid.services.exports.making import ExportMaking
    from starbid.services.faults import Faults
    from starbid.services.operators import Operators
    from starbid.services.ports import Broadcasts
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

    @cached_property
    @abstractmethod
    def publishing(self) -> Publishing:
        """Of App."""

    @cached_property
    def finding(self) -> Finding:
        from starbid.services.desk.finding import Finding

        return Finding(self.store, self.finds, self.operators, self.settings.business)

    @cached_property
    def searching(self) -> Searching:
        from starbid.services.desk.searching import Searching

        return Searching(self.store, self.desk, self.finding)

    @cached_property
    def moderation(self) -> Moderation:
        from starbid.services.desk.moderation import Moderation

        business = self.settings.business
        return Moderation(self.store, self.desk_work, self.operators, self.publishing, business)

    @cached_property
    def balances(self) -> Balances:
        from starbid.services.desk.balances import Balances

        return Balances(self.store, self.debts)

    @cached_property
    def notes(self) -> Notes:
        from starbid.services.desk.notes import Notes

        return Notes(self.desk)

    @cached_property
    def saved_views(self) -> SavedViews:
        from starbid.services.desk.saved_views import SavedViews

        return SavedViews(self.desk)

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

    @cached_property
    def broadcasts(self) -> Broadcasts:
        from starbid.storage.broadcasts import DeskBroadcasts

        return DeskBroadcasts(self.desk)
