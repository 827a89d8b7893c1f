"""How often one person may do what costs much: generous for people, and an end to what a program can make us pay.

Bids are not among it: each is paid for by the hold that it needs, and none waits for anything but other bids.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
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


SKEW = 5_000_000
"""How far apart the clocks of our servers are at most, in microseconds."""
_SECOND = 1_000_000
_EPOCH = datetime.fromtimestamp(0, UTC)


@dataclass(frozen=True, slots=True)
class Limit:
    """`most` at once, and as many more, one by one, every `seconds`: a bucket of tokens that refills evenly.

    What is left in it follows from one moment, `full_at`: that at which it will be full again (the generic cell rate
    algorithm). Moments are microseconds since 1970 UTC. None stands for a bucket that nobody has drawn from.
    """

    most: int
    seconds: int

    def times(self, number: int) -> Limit:
        """So many times as wide."""
        return Limit(self.most * number, self.seconds)

    def draw(self, now: datetime, number: int = 1) -> Draw:
        """Taking so many out."""
        every = self.seconds * _SECOND // max(1, self.most)
        return Draw(micros(now), every * number, every * self.most)


@dataclass(frozen=True, slots=True)
class Draw:
    """What is taken out of a bucket at the moment `now`. It takes `cost` to refill that, and `span` to refill an empty
    bucket: both are microseconds.
    """

    now: int
    cost: int
    span: int

    @property
    def fits(self) -> bool:
        """Whether a full bucket has as much as that."""
        return self.cost <= self.span

    @property
    def from_full(self) -> int:
        """The next `full_at` of a bucket that is full now."""
        return self.now + self.cost

    @property
    def latest(self) -> int:
        """The last `full_at` of a bucket that has enough left."""
        return self.now + self.span - self.cost

    @property
    def absurd(self) -> int:
        """What is after this moment was written by a clock that was wrong, or under a limit that was wider: the bucket
        counts as full, so that nobody is locked out.
        """
        return self.now + self.span + SKEW

    def is_full(self, full_at: int | None) -> bool:
        return full_at is None or full_at <= self.now or full_at > self.absurd

    def wait(self, full_at: int | None) -> int:
        """0 where there is enough left; otherwise the seconds until there is, 1 at least."""
        if not self.fits:
            return max(1, math.ceil(self.cost / _SECOND))
        if full_at is None or self.is_full(full_at):
            return 0
        return max(0, -((self.latest - full_at) // _SECOND))

    def after(self, full_at: int | None) -> int:
        """The next `full_at` of a bucket that has enough left."""
        return self.from_full if full_at is None or self.is_full(full_at) else full_at + self.cost


def micros(moment: datetime) -> int:
    return (moment - _EPOCH) // timedelta(microseconds=1)


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
