"""What concerns the operator's side, and what people write to each other, wired: a part of `bootstrap.App`."""

from __future__ import annotations

from abc import abstractmethod
from functools import cached_property
from typing import TYPE_CHECKING

from starbid.money_parts import MoneyParts

if TYPE_CHECKING:  # each function imports the use cases that it asks for
    from datetime import datetime

    from starbid.domain.exports import Export
    from starbid.services.analytics.dashboard import Dashboard
    from starbid.services.analytics.housekeeping import Housekeeping
    from starbid.services.analytics.rebuilding import Rebuilding
    from starbid.services.analytics.remaking import Remaking
    from starbid.services.auctions.closing import Closing
    from starbid.services.auctions.publishing import Publishing
    from starbid.services.desk.admin_chat import AdminChat
    from starbid.services.desk.balances import Balances
    from starbid.services.desk.carrying import Carrying
    from starbid.services.desk.finding import Finding
    from starbid.services.desk.help_desk import HelpDesk, HelpDeskLine
    from starbid.services.desk.letters import Letters
    from starbid.services.desk.lot_lists import LotLists
    from starbid.services.desk.moderation import Moderation
    from starbid.services.desk.notes import Notes
    from starbid.services.desk.pausing import Pausing
    from starbid.services.desk.saved_views import SavedViews
    from starbid.services.desk.searching import Searching
    from starbid.services.desk.ticket_desk import TicketDesk
    from starbid.services.desk.ticket_telling import TicketTelling
    from starbid.services.desk.tickets import Tickets
    from starbid.services.exports.asking import Exports
    from starbid.services.exports.making import ExportMaking
    from starbid.services.exports.sources import Source
    from starbid.services.faults import Faults
    from starbid.services.operators import Operators
    from starbid.services.pauses import PauseNews
    from starbid.services.ports import Broadcasts, Messenger
    from starbid.services.recording import Recording
    from starbid.services.reports import Reports
    from starbid.services.talks.reading import TalkReading
    from starbid.services.talks.telling import TalkTelling
    from starbid.services.talks.writing import Talking
    from starbid.services.watching import Watching


class DeskParts(MoneyParts):
    """Who is an operator, and what operators do. Each part is made when it is first asked for."""

    @cached_property
    def operators(self) -> Operators:
        from starbid.services.operators import Operators

        return Operators(self.store, self.settings.business)

    @cached_property
    def reports(self) -> Reports:
        from starbid.services.reports import Reports

        return Reports(self.store, self.desk, self.limits)

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

        return Searching(self.store, self.tickets, self.finding)

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
        from starbid.domain.exports import What
        from starbid.services.exports.making import ExportMaking
        from starbid.services.exports.sources import Sources

        sources = Sources(self.store, self.audit_trail, self.event_log, self.operators)

        def source_of(export: Export, now: datetime) -> Source:
            return self.own_document(export, now) if export.wish.what is What.OWN_DATA else sources.of(export, now)

        return ExportMaking(self.desk, self.export_files, source_of, self.desk_work, self.now)

    @abstractmethod
    def own_document(self, export: Export, now: datetime) -> Source:
        """Of App."""

    @cached_property
    def broadcasts(self) -> Broadcasts:
        from starbid.storage.broadcasts import DeskBroadcasts

        return DeskBroadcasts(self.desk)

    @property
    @abstractmethod
    def closing(self) -> Closing: ...

    @property
    @abstractmethod
    def watching(self) -> Watching: ...

    @cached_property
    def pause_news(self) -> PauseNews:
        from starbid.services.pauses import PauseNews

        return PauseNews(self.store)

    @cached_property
    def pausing(self) -> Pausing:
        from starbid.services.desk.pausing import Pausing

        return Pausing(self.store, self.pause_news, self.desk_work)

    @cached_property
    def carrying(self) -> Carrying:
        from starbid.services.desk.carrying import Carrying

        return Carrying(self.store, self.closing, self.watching, self.desk_work)

    @cached_property
    def tickets(self) -> Tickets:
        from starbid.imaging.decoding import all_resized
        from starbid.services.desk.tickets import Tickets

        return Tickets(self.store, self.desk, self.pictures, self.limits, all_resized)

    @cached_property
    def ticket_desk(self) -> TicketDesk:
        from starbid.services.desk.ticket_desk import TicketDesk

        return TicketDesk(self.store, self.desk, self.tickets)

    @property
    @abstractmethod
    def messenger(self) -> Messenger:
        """Tells people things."""

    @cached_property
    def ticket_telling(self) -> TicketTelling:
        from starbid.services.desk.ticket_telling import TicketTelling

        chat = self.settings.admin_chat_id
        return TicketTelling(self.tickets, self.desk, self.store, self.claims, self.messenger, chat)

    @cached_property
    def talking(self) -> Talking:
        from starbid.imaging.decoding import all_resized
        from starbid.services.talks.writing import Talking

        times = self.settings.business.deal_times
        return Talking(self.store, self.talks, self.pictures, self.limits, self.tickets, all_resized, times)

    @cached_property
    def talk_telling(self) -> TalkTelling:
        from starbid.services.talks.telling import TalkTelling

        return TalkTelling(self.talks, self.store, self.pictures, self.claims, self.messenger, self.outgoing)

    @cached_property
    def talk_reading(self) -> TalkReading:
        from starbid.services.talks.reading import TalkReading

        return TalkReading(self.store, self.talks, self.pictures)

    @cached_property
    def admin_chat(self) -> AdminChat | None:
        from starbid.services.desk.admin_chat import AdminChat

        place, operators = self.settings.admin_place, self.settings.business.operators
        return AdminChat(place, operators, self.store, self.desk, self.claims, self.outgoing) if place else None

    @cached_property
    def help_desk_line(self) -> HelpDeskLine:
        from starbid.help_desk_line import HttpHelpDesk

        return HttpHelpDesk(self.settings.support_webhook_url)

    @cached_property
    def help_desk(self) -> HelpDesk:
        from starbid.services.desk.help_desk import HelpDesk

        return HelpDesk(
            lambda: self.desk_work, lambda: self.tickets, self.store, lambda: self.help_desk_line,
            lambda: self.settings.secret_key,
        )  # fmt: skip
