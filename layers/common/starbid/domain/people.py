"""A person, and the right to sell."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from starbid.domain.ledger import REVENUE, TELEGRAM_STARS, Transfer, move, user_account
from starbid.domain.money import Money

SUBSCRIPTION = timedelta(days=30)
LANGUAGES = ("en", "ru")


@dataclass(frozen=True, slots=True)
class Person:
    """`id` is the Telegram user id. `unreachable` marks one who blocked the bot; their next update lifts it."""

    id: int
    name: str
    username: str | None
    language: str
    joined_at: datetime
    subscribed_until: datetime | None = None
    blocked: bool = False
    unreachable: bool = False
    version: int = 1

    def may_sell(self, now: datetime) -> bool:
        return self.subscribed_until is not None and now < self.subscribed_until


def language_of(code: str | None) -> str:
    """The interface language for a Telegram `language_code` or an Accept-Language tag; English where unknown."""
    return "ru" if (code or "").lower().startswith(("ru", "be", "kk", "uk")) else "en"


def extend_subscription(person: Person, now: datetime) -> Person:
    """A subscription bought early is added to the present one (spec, section 3)."""
    start = max(now, person.subscribed_until or now)
    return replace(person, subscribed_until=start + SUBSCRIPTION, version=person.version + 1)


def subscription_from_wallet(person_id: int, price: Money, request_id: str, now: datetime) -> Transfer:
    parts = {user_account(person_id): -price, REVENUE: price}
    return move(f"subscription:{person_id}:{request_id}", "subscription", person_id, now, parts)


def subscription_from_stars(person_id: int, price: Money, charge_id: str, now: datetime) -> Transfer:
    """A native Stars subscription: paid to the bot directly, it never passes the wallet."""
    parts = {TELEGRAM_STARS: -price, REVENUE: price}
    return move(f"stars:{charge_id}", "native_subscription", person_id, now, parts)
