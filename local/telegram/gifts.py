"""Telegram Premium that the bot gives to people, out of its own Stars."""

from __future__ import annotations

import secrets

from local.telegram import charges
from local.telegram.context import Context
from local.telegram.errors import bad_request
from local.telegram.people import Person

PRICES = {3: 1000, 6: 1500, 12: 2500}
"""Stars by months, as the Bot API has them at `giftPremiumSubscription`."""


def give(context: Context, person: Person, months: int, stars: int) -> None:
    """Each call is a purchase of its own. Raises `ApiError` 400 for another price, or where there are too few Stars."""
    if PRICES.get(months) != stars:
        raise bad_request("invalid star_count specified")
    with context.store.transaction():
        if charges.balance(context) < stars:
            raise bad_request("BALANCE_TOO_LOW")
        context.store.run(
            "INSERT INTO gifts VALUES (?, ?, ?, ?, ?)",
            f"stx{secrets.token_urlsafe(30)}",
            person.id,
            months,
            stars,
            context.timestamp(),
        )
