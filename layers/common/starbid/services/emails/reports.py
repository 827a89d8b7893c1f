"""What is reported of mail that was sent: it came back for good, or somebody called it spam.

A report counts for one person and one address: the person whom that mail was to, while that is still the address they
have, or have asked for. So no report about one address takes down another, and none about one person takes down
another who has the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from starbid.domain.email_addresses import masked
from starbid.domain.events import EmailStopped, WhyStopped
from starbid.services.emails.addresses import EmailAddresses
from starbid.services.ports import Store
from starbid.services.retrying import committed


@dataclass(frozen=True, slots=True)
class MailReport:
    """`id` is that of the report, the same each time it is told. `addresses` are those that it is about; `why` is
    BOUNCED (for good) or COMPLAINED.
    """

    id: str
    person_id: int
    addresses: tuple[str, ...]
    why: WhyStopped


class MailReports:
    def __init__(self, store: Store, addresses: EmailAddresses) -> None:
        self._store, self._addresses = store, addresses

    def take(self, report: MailReport, now: datetime) -> None:
        """Safe to repeat: told once, whatever dies in between. Raises Conflict and what the stores raise."""
        for address in report.addresses:
            if self._addresses.is_now(report.person_id, address):
                self._tell(report, address, report.why, now)
                self._addresses.take_down(report.person_id)
            elif self._addresses.is_asked(report.person_id, address, now):
                self._tell(report, address, WhyStopped.UNCONFIRMED, now)
                self._addresses.drop_ask(report.person_id)

    def _tell(self, report: MailReport, address: str, why: WhyStopped, now: datetime) -> None:
        """Before anything is taken away: what is told twice has one id, what is not told is never made up for."""
        unit = self._store.unit()
        unit.emit(
            EmailStopped(f"email-stopped:{report.person_id}:{report.id}", now, report.person_id, masked(address), why)
        )
        committed(unit, None)
