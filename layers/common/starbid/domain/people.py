"""A person, and the right to sell."""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

from starbid.domain.ledger import REVENUE, TELEGRAM_STARS, Transfer, move, user_account
from starbid.domain.money import Money
from starbid.domain.sessions import EndedSessions

SUBSCRIPTION = timedelta(days=30)
LANGUAGES = ("en", "ru")
_TENTH = Decimal("0.1")


@dataclass(frozen=True, slots=True)
class Reputation:
    """Counters of a person's completed deals and of the ratings that have appeared; also a rise of them.

    `seller_*` is what buyers said of the person, `buyer_*` what sellers did; `…_stars` is a sum over `…_ratings`.
    """

    sold: int = 0
    bought: int = 0
    seller_stars: int = 0
    seller_ratings: int = 0
    buyer_stars: int = 0
    buyer_ratings: int = 0

    @property
    def seller_average(self) -> Decimal | None:
        """1.0 to 5.0, rounded half up to tenths; None without a rating."""
        return _average(self.seller_stars, self.seller_ratings)

    @property
    def buyer_average(self) -> Decimal | None:
        """1.0 to 5.0, rounded half up to tenths; None without a rating."""
        return _average(self.buyer_stars, self.buyer_ratings)

    def counters(self) -> dict[str, int]:
        """Every counter by its name."""
        return {counter.name: getattr(self, counter.name) for counter in fields(self)}

    def __add__(self, other: Reputation) -> Reputation:
        mine, theirs = self.counters(), other.counters()
        return Reputation(**{name: mine[name] + theirs[name] for name in mine})

    def __sub__(self, other: Reputation) -> Reputation:
        mine, theirs = self.counters(), other.counters()
        return Reputation(**{name: mine[name] - theirs[name] for name in mine})

    def __bool__(self) -> bool:
        return any(self.counters().values())


def _average(stars: int, ratings: int) -> Decimal | None:
    return (Decimal(stars) / ratings).quantize(_TENTH, ROUND_HALF_UP) if ratings else None


@dataclass(frozen=True, slots=True)
class Person:
    """`id` is the Telegram user id, which nobody else is told; `public_id` is what others know the person by.

    `unreachable` marks one who blocked the bot; their next update lifts it. `tokens` counts their API tokens.
    """

    id: int
    name: str
    username: str | None
    language: str
    joined_at: datetime
    subscribed_until: datetime | None = None
    blocked: bool = False
    unreachable: bool = False
    reputation: Reputation = Reputation()
    version: int = 1
    public_id: str = ""
    ended_sessions: EndedSessions = field(default_factory=EndedSessions)
    tokens: int = 0

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
