"""Sends what was handed over along with the notice of it, album by album, each once."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime

from starbid.domain.deals import Deal
from starbid.domain.delivered_files import DeliveredFile, together
from starbid.domain.people import Person
from starbid.services.claiming import BUSY_SECONDS, KEEP_SECONDS, LEASE_SECONDS, Turn, claimed
from starbid.services.ports import Claims, DealFiles, FileCopies, Messenger, Notice, Rejected, TryLater


class FileTelling:
    """What Telegram refuses to send, and an upload that is not there, is left out: the words of the notice come all the
    same, and count the files.
    """

    def __init__(self, files: DealFiles, copies: FileCopies, claims: Claims, messenger: Messenger) -> None:
        self._files, self._copies, self._claims, self._messenger = files, copies, claims, messenger

    def tell(self, notice: Notice, person: Person, deal: Deal, now: datetime) -> None:
        """Raises TryLater, after which what was sent is not sent again, and Unreachable."""
        for number, album in enumerate(together(self._files.of(deal.auction_id, now))):
            key = f"notice#{notice.id}#{number}"
            with claimed(self._claims, key, LEASE_SECONDS, KEEP_SECONDS, now) as turn:
                if turn is Turn.BUSY:
                    raise TryLater(BUSY_SECONDS)
                if turn is Turn.MINE:
                    with suppress(Rejected):
                        self._send(person.id, deal.auction_id, album)

    def _send(self, person_id: int, auction_id: str, album: Sequence[DeliveredFile]) -> None:
        """Those that Telegram has, or an upload, which stands alone."""
        file = album[0]
        if not file.upload:
            self._messenger.files(person_id, album)
        elif data := self._copies.load(auction_id, file.upload):
            self._messenger.file(person_id, data, file.name)
