"""Ending mail from the mail itself: this kind, or all of it (RFC 8058)."""

from __future__ import annotations

from starbid.domain.channels import Channel
from starbid.domain.email_addresses import mark_of
from starbid.domain.switches import Switch
from starbid.services.emails.addresses import EmailAddresses
from starbid.services.hearing import Hearing


class EmailStopping:
    """Every step is safe to repeat. A link of a mail to an address that the person no longer has changes nothing: no
    more mail goes there as it is.
    """

    def __init__(self, hearing: Hearing, addresses: EmailAddresses) -> None:
        self._hearing, self._addresses = hearing, addresses

    def address(self, person_id: int, mark: str) -> str | None:
        """The address that a link was sent to, as long as mail goes there."""
        contact = self._addresses.contact(person_id)
        address = str(contact.facts["address"]) if contact else None
        return address if address and mark_of(address) == mark else None

    def stop(self, person_id: int, mark: str, switch: Switch | None) -> None:
        """No more of `switch`, or no mail at all where it is None. Raises Conflict."""
        if self.address(person_id, mark) is None:
            return
        if switch is None:
            self._addresses.take_down(person_id)
        else:
            self._hearing.listen(person_id, Channel.EMAIL, {switch: False})
