"""Deals. What becomes of the money stands in the ledger, whose entries have the amounts."""

from __future__ import annotations

from starbid.domain.event_log import LogKind
from starbid.domain.events import (
    AddressGiven,
    DealFroze,
    DealReminded,
    DealThawed,
    DisputeAnswered,
    DisputeWithdrawn,
    LotDelivered,
    LotDisputed,
    LotRated,
    MoneyReleased,
    MoneyReturned,
    RatingsShown,
)
from starbid.services.recording.registry import logs, unlogged

DEAL = LogKind.DEAL

logs(LotDelivered, DEAL, "delivered", who="seller_id", facts=("buyer_id",))
logs(AddressGiven, DEAL, "address_given", who="buyer_id", facts=("seller_id", "corrected"))
logs(MoneyReleased, DEAL, "completed", who="seller_id", facts=("buyer_id", "by"))
logs(MoneyReturned, DEAL, "refunded", who="buyer_id", facts=("seller_id", "by"))
logs(LotDisputed, DEAL, "disputed", who="buyer_id", facts=("seller_id",))
logs(DisputeAnswered, DEAL, "answered", who="seller_id", facts=("buyer_id",))
logs(DisputeWithdrawn, DEAL, "dispute_withdrawn", who="buyer_id", facts=("seller_id",))
logs(DealFroze, DEAL, "frozen", who="buyer_id", facts=("seller_id", "until"))
logs(DealThawed, DEAL, "thawed", who="buyer_id", facts=("seller_id", "until"))
logs(LotRated, DEAL, "rated", who="rated_id", facts=("visible",))
logs(RatingsShown, DEAL, "ratings_shown", who="seller_id", facts=("buyer_id",))
unlogged(DealReminded)
