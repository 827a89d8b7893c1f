"""Who is told what. Pure: from a bid row or an event to notices; words and channels come later.

Importing it registers every topic.
"""

from starbid.services.notices import (
    achievements,
    assistant,
    bids,
    broadcasts,
    browsers,
    deals,
    desk,
    email,
    found,
    leaving,
    low_balance,
    money,
    payouts,
    refunds,
    reports,
    showcases,
    talks,
    tickets,
    top_ups,
    untold,
    waited,
    watching,
)
from starbid.services.notices.bids import of_bid, of_bids
from starbid.services.notices.registry import KINDS, Crowd, News, of_event

__all__ = [
    "KINDS",
    "Crowd",
    "News",
    "achievements",
    "assistant",
    "bids",
    "broadcasts",
    "browsers",
    "deals",
    "desk",
    "email",
    "found",
    "leaving",
    "low_balance",
    "money",
    "of_bid",
    "of_bids",
    "of_event",
    "payouts",
    "refunds",
    "reports",
    "showcases",
    "talks",
    "tickets",
    "top_ups",
    "untold",
    "waited",
    "watching",
]
