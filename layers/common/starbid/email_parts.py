"""E-mail, wired: a part of `bootstrap.App`."""

from __future__ import annotations

from abc import abstractmethod
from functools import cached_property
from typing import TYPE_CHECKING

from starbid.notice_parts import NoticeParts

if TYPE_CHECKING:  # each function imports the use cases that it asks for
    from starbid.further.email.channel import EmailChannel
    from starbid.further.email.links import EmailLinks
    from starbid.services.emails.addresses import EmailAddresses
    from starbid.services.emails.reports import MailReports
    from starbid.services.emails.stopping import EmailStopping
    from starbid.services.hearing import Hearing


class EmailParts(NoticeParts):
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

        return EmailChannel(self.contacts, self.mails, self.tellings, self.email_links)
