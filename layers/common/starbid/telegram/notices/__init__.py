"""Notices in words, topic by topic as in services.notices. Importing it registers them all."""

from starbid.telegram.notices import (
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
    waited,
    watching,
)
from starbid.telegram.notices.telling import WORDS, Message, Telling

__all__ = [
    "WORDS",
    "Message",
    "Telling",
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
    "payouts",
    "refunds",
    "reports",
    "showcases",
    "talks",
    "tickets",
    "top_ups",
    "waited",
    "watching",
    "wording",
]


def wording(telling: Telling) -> Message:
    """Text (HTML) and keyboard of a notice; KeyError for a kind without words."""
    return WORDS[telling.notice.kind](telling)
