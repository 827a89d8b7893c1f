"""How often one person may do what costs much: generous for people, and an end to what a program can make us pay.

Bids are not among it: each is paid for by the hold that it needs, and none waits for anything but other bids.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Deed(StrEnum):
    """What is counted. The values are parts of keys in the scratch table."""

    LOT = "lot"
    """Putting a lot up, also again, and editing one: some 25 writes, schedules, and cards that are redrawn."""
    PICTURE = "picture"
    """A form to upload one with, and a file that is decoded."""
    UNPAID_PICTURE = "unpaid_picture"
    """The same of one who is yet to pay for the right to sell: a picture counts when it is uploaded and when it is
    decoded.
    """
    DRAFT = "draft"
    """Keeping what is typed into the form of a lot."""
    INVOICE = "invoice"
    """A call of Telegram's, or of a provider of bills, and an order."""
    PAYOUT = "payout"
    """Asking for one, or for a refund: an operator is told."""
    ADDRESS = "address"
    """Saying where a lot goes, or correcting it: the seller is told each time."""
    REPORT = "report"
    """Reporting a lot: an operator looks into it."""
    EMAIL = "email"
    """Asking for a mail with the link of a confirmation, which goes to somebody who may not have asked for it."""
    EMAIL_TO = "email_to"
    """The same, to one mailbox, of all people together."""
    BROWSER = "browser"
    """Being told things in a browser: some ten writes."""
    TOKEN = "token"  # noqa: S105 - a name
    FILE = "file"
    """Fetching a file that was handed over: the first time it is copied, up to 20 MB."""
    TICKET = "ticket"
    """A message to support: an operator is told."""
    SHARE = "share"
    """Sending a lot on: a call of Telegram's."""
    OWN_EXPORT = "own_export"
    """A file of all that is known of the person: every row of theirs is read."""
    LEAVING = "leaving"
    """Asking for the account to be deleted, or giving up more money with it: the person is told."""
    TALK = "talk"
    """A message to the other side of a deal. Counted with what they write to each other, for each deal."""


@dataclass(frozen=True, slots=True)
class Limit:
    """`most` in a window of `seconds`. Windows begin at multiples of their length since 1970 UTC, so that two of them
    that meet let twice as many through in a short time: the cost of a day is bounded all the same.
    """

    most: int
    seconds: int

    def window(self, now: datetime) -> tuple[int, int]:
        """The number of the present window, and the seconds until the next one begins: 1 at least."""
        passed = int(now.timestamp())
        return passed // self.seconds, self.seconds - passed % self.seconds


HOUR = 3600
LIMITS = {
    Deed.LOT: Limit(500, HOUR),
    Deed.PICTURE: Limit(2000, HOUR),
    Deed.UNPAID_PICTURE: Limit(48, 24 * HOUR),
    Deed.DRAFT: Limit(1200, HOUR),
    Deed.INVOICE: Limit(300, HOUR),
    Deed.PAYOUT: Limit(30, HOUR),
    Deed.ADDRESS: Limit(20, HOUR),
    Deed.REPORT: Limit(20, HOUR),
    Deed.EMAIL: Limit(10, 24 * HOUR),
    Deed.EMAIL_TO: Limit(8, 24 * HOUR),
    Deed.BROWSER: Limit(60, HOUR),
    Deed.TOKEN: Limit(100, HOUR),
    Deed.FILE: Limit(200, HOUR),
    Deed.TICKET: Limit(600, HOUR),
    Deed.SHARE: Limit(200, HOUR),
    Deed.OWN_EXPORT: Limit(8, 24 * HOUR),
    Deed.LEAVING: Limit(10, 24 * HOUR),
    Deed.TALK: Limit(20, HOUR),
}
