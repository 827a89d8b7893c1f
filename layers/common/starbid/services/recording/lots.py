"""Lots, from their publication to their end."""

from __future__ import annotations

from starbid.domain.event_log import LogEntry, LogKind
from starbid.domain.events import (
    LotBegan,
    LotCancelled,
    LotEndingSoon,
    LotPublished,
    LotSold,
    LotUnsold,
    SecondChanceDeclined,
    SecondChanceExpired,
    SecondChanceOffered,
)
from starbid.services.recording.registry import Details, entry, logged, logs, name, unlogged

LOT = LogKind.LOT
SOLD, WON = name(LOT, "sold"), name(LOT, "won")


def _sold(event: LotSold) -> tuple[LogEntry, ...]:
    """An entry of the seller's and one of the winner's. A lot that is sold hides its price no longer."""
    price: Details = {"price": event.price.amount, "currency": event.price.currency}
    return (
        entry(event, LOT, SOLD, event.seller_id, price | {"winner_id": event.winner_id}),
        entry(event, LOT, WON, event.winner_id, price | {"seller_id": event.seller_id}),
    )


logs(
    LotPublished,
    LOT,
    "published",
    who="seller_id",
    facts=("kind", "category", "goods", "currency", "starts_at", "ends_at", "again"),
)
logs(LotBegan, LOT, "began", who="seller_id", facts=("ends_at",))
logged(LotSold, _sold, needs_lot=True)
logs(LotUnsold, LOT, "unsold", who="seller_id", more=lambda event: {"had_bids": int(event.leader_id is not None)},
     needs_lot=True)  # fmt: skip
logs(LotCancelled, LOT, "cancelled", who="seller_id", more=lambda event: {"by_operator": int(bool(event.reason))},
     needs_lot=True)  # fmt: skip
# What an offer asks is what the runner-up had bid at most.
logs(SecondChanceOffered, LOT, "offered", who="to_id", facts=("seller_id", "until"))
logs(SecondChanceDeclined, LOT, "offer_declined", who="seller_id")
logs(SecondChanceExpired, LOT, "offer_expired", who="seller_id")
unlogged(LotEndingSoon)
