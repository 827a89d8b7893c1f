"""What the bot shows and asks, a module for each subject. All of them register here, in `webhook.registry`."""

from webhook.screens import (
    bidding,
    buying,
    deals,
    disputes,
    logins,
    lots,
    menu,
    mine,
    person,
    ratings,
    refunds,
    rules,
    stars,
    subscription,
    texts,
    watching,
)

__all__ = [
    "bidding",
    "buying",
    "deals",
    "disputes",
    "logins",
    "lots",
    "menu",
    "mine",
    "person",
    "ratings",
    "refunds",
    "rules",
    "stars",
    "subscription",
    "texts",
    "watching",
]
