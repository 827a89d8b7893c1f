"""The record of the pauses, in the table of lots: so it is read along with every lot, at no further trip.

One item would be read more often than any other, and a partition takes 3 000 read units a second. So there are COPIES
of it, written in one transaction; a reader takes any.
"""

from __future__ import annotations

import random

from starbid.domain.pause import Pause, Pauses
from starbid.storage import rows
from starbid.storage.codec import Item, encode
from starbid.storage.unit_parts import Parts

PART = "pauses"
COPIES = 8
"""48 000 reads a second, at half a unit each."""


class PauseVerbs(Parts):
    """The part of `ports.Unit` about the pauses."""

    def save_pauses(self, before: Pauses, after: Pauses) -> None:
        condition, values = "attribute_not_exists(auction_id)", {}
        if before.version:
            condition, values = "version = :before", {":before": before.version}
        for copy in range(COPIES):
            action = {"Item": encode(pauses_item(after, copy))}
            self._add("pauses", "", "auctions", "Put", action, condition, values, pauses_from)


def pauses_key(copy: int) -> Item:
    """No id of a lot has a `#`."""
    return {"auction_id": f"#pauses-{copy}", "part": PART}


def any_pauses_key() -> Item:
    return pauses_key(random.randrange(COPIES))


def pauses_item(pauses: Pauses, copy: int) -> Item:
    return pauses_key(copy) | {
        "history": [_pause_item(pause) for pause in pauses.history],
        "moved": pauses.moved,
        "stepped_at": rows.ms(pauses.stepped_at) if pauses.stepped_at else None,
        "begun_by": pauses.begun_by or None,
        "ended_by": pauses.ended_by or None,
        "version": pauses.version,
    }


def pauses_from(item: Item | None) -> Pauses:
    """None: there was no pause yet."""
    if item is None:
        return Pauses()
    return Pauses(
        history=tuple(_pause_from(each) for each in item["history"]),
        moved=item["moved"],
        stepped_at=rows.at(item["stepped_at"]) if "stepped_at" in item else None,
        begun_by=item.get("begun_by", ""),
        ended_by=item.get("ended_by", ""),
        version=item["version"],
    )


def is_pauses(item: Item) -> bool:
    return item.get("part") == PART


def _pause_item(pause: Pause) -> Item:
    ended = {"ended": rows.ms(pause.ended)} if pause.ended else {}
    return {"number": pause.number, "began": rows.ms(pause.began), "moved": pause.is_moved} | ended


def _pause_from(item: Item) -> Pause:
    ended = rows.at(item["ended"]) if "ended" in item else None
    return Pause(item["number"], rows.at(item["began"]), ended, item["moved"])
