"""What is reported of mail that was sent: it came back for good, or somebody called it spam.

A report counts for one person and one address: the person whom that mail was to, while that is still the address they
have, or have asked for. So no report about one address takes down another, none about one person takes down another
who has the same, and none that comes again takes down an address that was asked for or confirmed since.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from starbid.domain.channels import Channel
from starbid.domain.email_addresses import masked, same_mailbox
from starbid.domain.events import EmailStopped, WhyStopped
from starbid.services.emails.addresses import EmailAddresses
from starbid.services.hearing import Hearing
from starbid.services.ports import Store

CLOCKS_DIFFER = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class MailReport:
    """`id` is that of the report, the same each time it is told; `sent_at` is when the mail was sent. `addresses` are
    those that it is about; `why` is BOUNCED (for good) or COMPLAINED.
    """

    id: str
    person_id: int
    sent_at: datetime
    addresses: tuple[str, ...]
    why: WhyStopped


class MailReports:
    def __init__(self, store: Store, hearing: Hearing, addresses: EmailAddresses) -> None:
        self._store, self._hearing, self._addresses = store, hearing, addresses

    def take(self, report: MailReport, now: datetime) -> None:
        """Safe to repeat, whatever died in between: the row that makes it count goes last, and the event has one id.

        Raises Conflict and what the stores raise.
        """
        contact = self._addresses.contact(report.person_id)
        if contact and _is_about(report, contact.facts["address"], contact.since):
            self._hearing.take_down(report.person_id, Channel.EMAIL)
            self._tell(report, contact.facts["address"], report.why, now)
            self._addresses.take_down(report.person_id)
            return
        ask = self._addresses.waiting(report.person_id, contact, now)
        if ask and _is_about(report, ask.address, ask.since):
            self._tell(report, ask.address, WhyStopped.UNCONFIRMED, now)
            self._addresses.drop_ask(report.person_id)

    def _tell(self, report: MailReport, address: str, why: WhyStopped, now: datetime) -> None:
        event_id = f"email-stopped:{report.person_id}:{report.id}"
        unit = self._store.unit()
        unit.emit(EmailStopped(event_id, now, report.person_id, masked(address), why))
        unit.commit()


def _is_about(report: MailReport, address: str, since: datetime) -> bool:
    """Whether it is of mail to an address that the person has given at `since`."""
    is_of_now = report.sent_at >= since - CLOCKS_DIFFER
    return is_of_now and any(same_mailbox(address, each) for each in report.addresses)
