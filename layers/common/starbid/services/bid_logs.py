"""The bid log of a lot that has ended, as a file: written once, served on request.

It is written by messages on a queue, so that nobody waits for it: at the end of the lot, and where somebody asks for
one that is not there. The writer reads the rows in pages and hands the file in by parts; with little time left it keeps
how far it came, and another message goes on. Killed anywhere, its message comes again and does the same again.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import datetime
from typing import Any

from starbid.domain import audit
from starbid.domain.auction import Auction
from starbid.domain.audit_rows import Deciding, opened_of
from starbid.domain.errors import LogNotReady, NotFound
from starbid.services.auctions.browsing import Browsing
from starbid.services.claiming import Turn, claimed
from starbid.services.ports import (
    Claims,
    LogFile,
    LogFiles,
    LogProgress,
    LogRequests,
    Lots,
    Part,
    Unavailable,
    UploadGone,
)

SMALL = 1_000_000
"""Bytes of a log that is answered at once; a larger one, some 2 000 bids, is had by a link."""
PART = 5 * 1024 * 1024
PAGE = 5000
"""Rows asked for at once; DynamoDB gives a MB of them, some 3 000."""
ASK_AGAIN_SECONDS = 60


class BidLogs:
    """Serves the logs."""

    def __init__(self, browsing: Browsing, claims: Claims, files: LogFiles, requests: LogRequests) -> None:
        self._browsing, self._claims, self._files, self._requests = browsing, claims, files, requests

    def find(self, auction_id: str, now: datetime) -> LogFile:
        """The log of a lot that has ended. Raises NotFound, NotClosed, LogNotReady.

        A moment after the end it may not be there yet: one of few bids is made on the spot, and however many ask for
        another, one of them a minute asks for it to be written.
        """
        file = self._files.find(auction_id, SMALL)
        if file is not None:
            return file
        try:
            log = self._browsing.log(auction_id, now)
        except LogNotReady:
            self._ask(auction_id, now)
            raise
        with suppress(Unavailable):
            self._ask(auction_id, now)
        return LogFile(as_json(log))

    def _ask(self, auction_id: str, now: datetime) -> None:
        with claimed(self._claims, f"log#{auction_id}", ASK_AGAIN_SECONDS, ASK_AGAIN_SECONDS, now) as turn:
            if turn is Turn.MINE:
                self._requests.ask(auction_id)


class LogWriting:
    """Writes the logs."""

    def __init__(self, store: Lots, files: LogFiles, requests: LogRequests) -> None:
        self._store, self._files, self._requests = store, files, requests

    def write(self, auction_id: str, step: str, has_time: Callable[[], bool]) -> None:
        """Write a lot's log, from the beginning or from the progress named `step`. Safe to repeat, and at once.

        Nothing is done where it is there, or the lot has not ended. `has_time` tells whether there is time for one
        part more, of some 12 000 bids; where there is none, a message is sent to go on.
        """
        if self._files.exists(auction_id):
            return
        try:
            auction = self._store.auction(auction_id, consistent=True)
        except NotFound:
            return
        if not auction.is_final:
            return
        try:
            self._go_on(auction, self._files.progress(auction_id, step) if step else None, has_time)
        except UploadGone:
            if not self._files.exists(auction_id):
                self._requests.ask(auction_id)

    def _go_on(self, auction: Auction, known: LogProgress | None, has_time: Callable[[], bool]) -> None:
        sheets = _Sheets(self._files, auction.id, known)
        deciding = Deciding(auction, known.deciding if known else ())
        number, head = (known.number, known.head) if known else (0, audit.digest(audit.terms_of(auction)))
        if known is None:
            sheets.add(b'{"terms":' + as_json(audit.terms_of(auction)) + b',"entries":[')
        while rows := self._store.bids_after(auction.id, number, PAGE):
            for row in rows:
                line = audit.link(auction, row, head)
                sheets.add((b"," if number else b"") + as_json(line))
                number, head = row.number, line["hash"]
                deciding.add(row)
            if sheets.hand_in() and not has_time():
                progress = LogProgress(sheets.upload, sheets.parts, number, head, deciding.rows())
                self._requests.ask(auction.id, self._files.save_progress(auction.id, progress))
                return
        if number != auction.bids_count:
            raise LookupError(f"lot {auction.id} has {auction.bids_count} bids, and {number} rows of them were found")
        for piece in _end(auction, deciding, head):
            sheets.add(piece)
            sheets.hand_in()
        sheets.finish()


class _Sheets:
    """What is written of a file: handed in by parts as soon as there is enough of it, and at once where it is small."""

    def __init__(self, files: LogFiles, auction_id: str, known: LogProgress | None) -> None:
        self._files, self._auction_id = files, auction_id
        self.upload, self.parts = (known.upload, known.parts) if known else ("", tuple[Part, ...]())
        self._pieces: list[bytes] = []
        self._size = 0

    def add(self, piece: bytes) -> None:
        self._pieces.append(piece)
        self._size += len(piece)

    def hand_in(self) -> bool:
        """True where there was enough for a part."""
        if self._size < PART:
            return False
        self._hand_in()
        return True

    def finish(self) -> None:
        if not self.upload:
            self._files.write(self._auction_id, b"".join(self._pieces))
            return
        self._hand_in()
        self._files.finish(self._auction_id, self.upload, self.parts)

    def _hand_in(self) -> None:
        self.upload = self.upload or self._files.begin(self._auction_id)
        content = b"".join(self._pieces)
        self.parts += (self._files.add(self._auction_id, self.upload, len(self.parts) + 1, content),)
        self._pieces, self._size = [], 0


def _end(auction: Auction, deciding: Deciding, head: str) -> Iterator[bytes]:
    """All that comes after the entries."""
    rows = deciding.rows()
    yield b'],"openings":['
    for place, opening in enumerate(audit.openings(auction, rows, opened_of(auction, rows))):
        yield (b"," if place else b"") + as_json(opening)
    yield b'],"result":' + as_json(audit.result_of(auction)) + b',"head":' + as_json(auction.head or head) + b"}"


def as_json(value: Any) -> bytes:
    """As a whole log is written, and each piece of it."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
