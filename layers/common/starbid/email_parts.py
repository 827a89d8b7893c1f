"""E-mail, wired: a part of `bootstrap.App`."""

from __future__ import annotations

from abc import abstractmethod
from functools import cached_property
from typing import TYPE_CHECKING

from starbid.deal_parts import DealParts

if TYPE_CHECKING:  # each function imports the use cases that it asks for
    from starbid.domain.wallet import Wallet
    from starbid.further.email.channel import EmailChannel
    from starbid.further.email.links import EmailLinks
    from starbid.services.emails.addresses import EmailAddresses
    from starbid.services.emails.reports import MailReports
    from starbid.services.emails.stopping import EmailStopping
    from starbid.services.hearing import Hearing


class EmailParts(DealParts):
    """Each part is made when it is first asked for."""

    @property
    @abstractmethod
    def hearing(self) -> Hearing: ...

    @cached_property
    def email_links(self) -> EmailLinks:
        from starbid.further.email.links import EmailLinks

        return EmailLinks(lambda: self.settings.secret_key, self.settings.base_url)

    @cached_property
    def email_addresses(self) -> EmailAddresses:
        from starbid.further.email.letters import EmailConfirmations
        from starbid.services.emails.addresses import EmailAddresses

        mails = EmailConfirmations(self.mails, self.email_links)
        return EmailAddresses(self.hearing, self.contacts, self.email_asks, mails, self.limits)

    @cached_property
    def email_stopping(self) -> EmailStopping:
        from starbid.services.emails.stopping import EmailStopping

        return EmailStopping(self.hearing, self.email_addresses)

    @cached_property
    def mail_reports(self) -> MailReports:
        from starbid.services.emails.reports import MailReports

        return MailReports(self.store, self.hearing, self.email_addresses)

    @cached_property
    def email_channel(self) -> EmailChannel:
        from starbid.further.email.channel import EmailChannel
        from starbid.telegram.tellings import Tellings

        def wallet(user_id: int, currency: str) -> Wallet:
            return self.store.wallet(user_id, currency, consistent=True)

        tellings = Tellings(self.settings, self.now, wallet)
        return EmailChannel(self.contacts, self.mails, tellings, self.email_links)
