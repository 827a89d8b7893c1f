"""Reads the stream of auctions, keeps the lists, the words that find lots and the cards in chats up to date, and has
logs written, new lots told to those who look for such, and posted in groups and channels.

An operator's `{"job": "reindex"}` renews the rows of lots whose words an older version of the program indexed.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from starbid import observability
from starbid.bootstrap import app
from starbid.domain.errors import NotFound
from starbid.domain.lots import Lot
from starbid.services.auctions.browsing import listing_of
from starbid.services.retrying import UNREADABLE
from starbid.storage.stream_records import Record, is_new, key_of, sequence_number, title_before, version_of

SERVICE = "projector"
STATE, CARD = "state", "card"
REINDEX = {"job": "reindex"}
REINDEXED = 200
"""Lots of one call, which take a third of the function's time at most."""
LISTED_PARTS = (STATE, CARD)
"""Nothing that a list shows is in the third part, the deal; and who it concerns is told by its events."""


@dataclass(slots=True)
class _Change:
    """All that a batch says of one lot: from which record on, the newest version of its state (0: unchanged), whether
    its words may have changed, whether it was put up, and the titles that it had before.
    """

    auction_id: str
    first: str
    version: int = 0
    is_titled: bool = False
    is_new: bool = False
    former_titles: list[str] = field(default_factory=list)


def lambda_handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """A batch of stream records. Many changes of one lot become one listing.

    A lot that fails does not stop the others; the batch comes again from the first record of the first such lot.
    """
    if event == REINDEX:
        return _reindex()
    failed = [change.first for change in _changes(event["Records"]) if not _is_projected(change)]
    return {"batchItemFailures": [{"itemIdentifier": first} for first in failed[:1]]}


def _changes(records: list[Record]) -> list[_Change]:
    changes: dict[str, _Change] = {}
    for record in records:
        key = key_of(record)
        if key["part"] in LISTED_PARTS:
            auction_id = key["auction_id"]
            change = changes.setdefault(auction_id, _Change(auction_id, sequence_number(record)))
            if key["part"] == STATE:
                change.version = max(change.version, version_of(record))
                change.is_new = change.is_new or is_new(record)
            elif key["part"] == CARD:
                change.is_titled = True
                change.former_titles += [title for title in [title_before(record)] if title]
    return list(changes.values())


def _is_projected(change: _Change) -> bool:
    try:
        _project(change)
    except Exception:
        observability.failed(SERVICE, "lot %s could not be projected; its records come again", change.auction_id)
        return False
    return True


def _project(change: _Change) -> None:
    """The lists follow the lot as it is now, which may be newer than the record; an ended lot leaves them.

    Of one that has ended the bid log is written.
    """
    lot = _read(change.auction_id)
    if lot is None:
        return
    _list(lot)
    if change.is_titled:
        app().finds.keep_lot(change.auction_id, lot.card.title, change.former_titles)
    if change.is_new:
        app().announcing.announce(lot, app().now())
        app().posting.announce(lot)
    if change.version > 1:  # a new lot has no cards yet
        app().outgoing.refresh_cards(change.auction_id, lot.auction.version)
    if change.version and lot.auction.is_final:
        app().log_requests.ask(change.auction_id)


def _read(auction_id: str) -> Lot | None:
    """None for a lot that is gone, or that this version of the program cannot read: it never will, and would keep all
    later changes waiting.
    """
    try:
        return app().store.lot(auction_id, consistent=True)
    except NotFound:
        observability.logger(SERVICE).warning("lot %s is gone", auction_id)
    except UNREADABLE:
        observability.passed_over(SERVICE, "lot %s cannot be read and is passed over", auction_id)
    return None


def _list(lot: Lot) -> None:
    app().catalogue.put(listing_of(lot, app().now()), lot.card.description)


def _reindex() -> dict[str, Any]:
    """How many rows were renewed, and whether there may be more of them: then the job is to be called again."""
    stale = app().catalogue.stale(REINDEXED)
    renewed = 0
    for lot in filter(None, map(_read, stale)):
        _list(lot)
        renewed += 1
    return {"reindexed": renewed, "more": len(stale) == REINDEXED and renewed > 0}
