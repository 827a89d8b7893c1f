"""Rows of the lines of lots: a bid that waits, what became of it, and the lease of the one who decides."""

from __future__ import annotations

import time
import zlib
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from starbid.domain import errors
from starbid.domain.errors import StarbidError
from starbid.domain.intents import Intent, Memory, Outcome, Placed, Refused, Repeated, Wish
from starbid.domain.money import Money
from starbid.domain.pause import Paused
from starbid.domain.restrictions import Limit, Restricted
from starbid.services.ports import Line
from starbid.storage import rows
from starbid.storage.codec import Item

PLACES = 4
"""Over how many partitions the bids that wait on one lot are spread: one takes 1 000 write units a second."""
INTENT_SECONDS = 3600
LEASE_LIFE = timedelta(days=60)
"""A lot runs 30 days and is extended by hours: as long as it takes bids, its lease tells whether any have waited."""
UNDECIDED = "attribute_exists(id) AND attribute_not_exists(outcome)"
WITHDRAWN: Item = {"withdrawn": True}
"""In the place of an outcome, until the row is deleted: who asks again whether it was withdrawn has to be told so."""
_LEASE = "lease"
_PARTS: Mapping[type[StarbidError], tuple[str, ...]] = {
    errors.NotFound: (),
    errors.Blocked: (),
    Restricted: ("limit", "until"),
    errors.InDebt: ("owed",),
    errors.SubscriptionRequired: ("price",),
    Paused: (),
    errors.NotStarted: (),
    errors.AuctionClosed: (),
    errors.OwnAuction: (),
    errors.LotChanged: ("card_version",),
    errors.BidTooLow: ("next_min",),
    errors.UnusualBid: ("amount",),
    errors.PriceMoved: ("price",),
    errors.NotForSale: (),
    errors.NotBiddable: (),
    errors.InsufficientFunds: ("available", "needed"),
    errors.Invalid: ("field", "reason"),
    errors.Conflict: (),
}
"""Of what each refusal is made; amounts have their currency."""
_REFUSALS = {kind.code: kind for kind in _PARTS}


def places(auction_id: str) -> list[str]:
    return [f"{auction_id}#{number}" for number in range(PLACES)]


def lease_key(auction_id: str) -> Item:
    return {"place": f"{auction_id}#{_LEASE}", "id": _LEASE}


def intent_key(intent: Intent) -> Item:
    """By arrival within a place."""
    number = zlib.crc32(intent.id.encode()) % PLACES
    return {"place": f"{intent.auction_id}#{number}", "id": f"{rows.ms(intent.arrived_at):013}#{intent.id}"}


def intent_item(intent: Intent) -> Item:
    """Under 1 KB, with its outcome. It lives for an hour from now: it may have arrived long before it waits."""
    now = max(int(time.time()), int(intent.arrived_at.timestamp()))
    memory = {"memory": intent.memory.key, "fingerprint": intent.memory.fingerprint} if intent.memory else {}
    return (
        intent_key(intent)
        | {
            "person": intent.person_id,
            "wish": intent.wish.value,
            "amount": intent.amount.amount,
            "currency": intent.amount.currency,
            "card_version": intent.card_version,
            "confirmed": intent.confirmed or None,
            "expires_at": now + INTENT_SECONDS,
        }
        | memory
    )


def intent_from(item: Item) -> Intent:
    arrived, _, intent_id = item["id"].partition("#")
    return Intent(
        id=intent_id,
        auction_id=item["place"].rpartition("#")[0],
        person_id=item["person"],
        wish=Wish(item["wish"]),
        amount=Money(item["amount"], item["currency"]),
        arrived_at=rows.at(int(arrived)),
        card_version=item.get("card_version"),
        confirmed=item.get("confirmed", False),
        memory=Memory(item["memory"], item["fingerprint"]) if "memory" in item else None,
    )


def outcome_item(outcome: Outcome) -> Item:
    match outcome:
        case Placed(number):
            return {"number": number}
        case Repeated():
            return {"repeated": True}
        case Refused(error):
            parts = [_packed(getattr(error, name)) for name in _PARTS.get(type(error), ())]
            facts = {"facts": error.facts} if isinstance(error, errors.Invalid) and error.facts else {}
            return {"code": error.code, "parts": parts} | facts


def outcome_of(item: Item) -> Outcome | None:
    """What became of the bid of this row; None where it waits, or was withdrawn.

    A refusal that only another version of this program knows is a Conflict: nothing happened, and the same bid may be
    sent again.
    """
    outcome = item.get("outcome")
    if outcome is None or outcome == WITHDRAWN:
        return None
    if "number" in outcome:
        return Placed(outcome["number"])
    if "repeated" in outcome:
        return Repeated()
    kind, parts = _REFUSALS.get(outcome["code"], errors.Conflict), outcome["parts"]
    if len(parts) != len(_PARTS[kind]):
        return Refused(errors.Conflict())
    facts = map(_unpacked, parts)
    if kind is Restricted:
        limit, until = facts
        return Refused(Restricted(Limit(limit), rows.at(until)))
    return Refused(kind(*facts, **outcome.get("facts", {})))


def _packed(part: Any) -> Any:
    match part:
        case Money():
            return [part.amount, part.currency]
        case datetime():
            return rows.ms(part)
        case _:
            return part


def _unpacked(part: Any) -> Any:
    return Money(*part) if isinstance(part, list) else part


def lease_end(until: datetime) -> int:
    """When the row of a lease may be deleted, in seconds since 1970."""
    return int((until + LEASE_LIFE).timestamp())


def line_from(item: Item) -> Line:
    return Line(rows.at(item["leased_until"]))
