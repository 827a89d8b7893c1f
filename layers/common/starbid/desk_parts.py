"""What concerns the operator's side, wired: a part of `bootstrap.App`."""

from __future__ import annotations

from abc import abstractmethod
from functools import cached_property
from typing import TYPE_CHECKING

from starbid.money_parts import MoneyParts

if TYPE_CHECKING:  # each function imports the use cases that it asks for
    from starbid.services.desk.admin_chat import AdminChat
    from starbid.services.desk.help_desk import HelpDesk, HelpDeskLine
    from starbid.services.desk.ticket_desk import TicketDesk
    from starbid.services.desk.ticket_telling import TicketTelling
    from starbid.services.desk.tickets import Tickets
    from starbid.services.limits import Limits
    from starbid.services.operators import Operators
    from starbid.services.ports import Messenger


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
    def admin_chat(self) -> AdminChat | None:
        from starbid.services.desk.admin_chat import AdminChat

        chat, operators = self.settings.admin_chat_id, self.settings.business.operators
        return AdminChat(chat, operators, self.store, self.desk, self.claims, self.outgoing) if chat else None

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
