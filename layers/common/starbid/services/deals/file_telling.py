"""Sends what was handed over along with the notice of it, album by album, each once."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime

from starbid.domain.deals import Deal
from starbid.domain.delivered_files import together
from starbid.domain.people import Person
from starbid.services.claiming import BUSY_SECONDS, KEEP_SECONDS, LEASE_SECONDS, Turn, claimed
from starbid.services.ports import Claims, DealFiles, Messenger, Notice, Rejected, TryLater


class FileTelling:
    """What Telegram refuses to send is left out: the words of the notice come all the same, and count the files."""

    def __init__(self, files: DealFiles, claims: Claims, messenger: Messenger) -> None:
        self._files, self._claims, self._messenger = files, claims, messenger

    def tell(self, notice: Notice, person: Person, deal: Deal, now: datetime) -> None:
        """Raises TryLater, after which what was sent is not sent again, and Unreachable."""
        for number, album in enumerate(together(self._files.of(deal.auction_id, now))):
            key = f"notice#{notice.id}#{number}"
            with claimed(self._claims, key, LEASE_SECONDS, KEEP_SECONDS, now) as turn:
                if turn is Turn.BUSY:
                    raise TryLater(BUSY_SECONDS)
                if turn is Turn.MINE:
                    with suppress(Rejected):
                        self._messenger.files(person.id, album)
