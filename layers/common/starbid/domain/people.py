"""A person, and the right to sell."""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import TypeGuard

from starbid.domain.channels import FURTHER, Channel, Wanted
from starbid.domain.ledger import REVENUE, Transfer, TransferKind, move, user_account
from starbid.domain.money import Money
from starbid.domain.paid_days import PaidDays
from starbid.domain.quiet import QuietHours
from starbid.domain.renewals import Renewals, running
from starbid.domain.restrictions import NONE, Restrictions
from starbid.domain.roles import Role
from starbid.domain.sessions import EndedSessions
from starbid.domain.star_view import StarView
from starbid.domain.switches import Switch
from starbid.domain.wallet import Wallet
from starbid.manners import MANNERS

SUBSCRIPTION = timedelta(days=30)
ENDING = timedelta(days=3)
"""So long before its end a subscription is told of that nobody pays on."""
LANGUAGES = tuple(MANNERS)
MOST_USER_ID = 2**52 - 1
"""Telegram says that its ids have no more significant bits."""
_TENTH = Decimal("0.1")


def is_user_id(value: object) -> TypeGuard[int]:
    """Whether it is a number that a person can have."""
    return type(value) is int and 0 < value <= MOST_USER_ID


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
    `paid_days` lie one after the other; `subscribed_until` is where the last of them ends, `ending_told` the end that
    they were told of before. `renewals` say whether Telegram will pay for more. `zone` is the IANA name of their time
    zone, None while it is not known. `role` is what an owner has granted them on the operator's side: ask
    `services.operators`, which knows the others too.
    `restrictions` are what an operator has barred them from for a while.
    `switched_off`: notices that they do not want to hear in the chat; `heard_by`: the further channels that they have
    set up, and what they want to hear there. `quiet`: when what can wait does. `star_view`: whether the bot may see
    their own Stars. `calendar_at`: since when their favourites have their present address as a calendar; None: they
    have none. `leaves_at`: when the account is deleted, as they wish (domain.leaving); `left_at`: when it was, and
    nothing of theirs is in the row any more.
    """

    id: int
    name: str
    username: str | None
    language: str
    joined_at: datetime
    subscribed_until: datetime | None = None
    ending_told: datetime | None = None
    paid_days: tuple[PaidDays, ...] = ()
    renewals: Renewals = ()
    blocked: bool = False
    unreachable: bool = False
    reputation: Reputation = Reputation()
    version: int = 1
    public_id: str = ""
    ended_sessions: EndedSessions = field(default_factory=EndedSessions)
    tokens: int = 0
    zone: str | None = None
    role: Role | None = None
    restrictions: Restrictions = NONE
    switched_off: frozenset[Switch] = frozenset()
    heard_by: Wanted = field(default_factory=dict)
    quiet: QuietHours | None = None
    star_view: StarView | None = None
    calendar_at: datetime | None = None
    leaves_at: datetime | None = None
    left_at: datetime | None = None

    def hears(self, channel: Channel) -> frozenset[Switch]:
        """The notices that they want to hear there; nothing by a channel that they have not set up."""
        if channel is Channel.CHAT:
            return frozenset(Switch) - self.switched_off
        return self.heard_by.get(channel, frozenset())

    @property
    def channels(self) -> tuple[Channel, ...]:
        """The chat, and what they have set up."""
        return (Channel.CHAT, *(each for each in FURTHER if each in self.heard_by))

    def is_called(self, public_id: str) -> bool:
        """Whether what was put up under this public id is theirs still: who left and came again has another one. Lots
        of an earlier version carry none.
        """
        return self.left_at is None and public_id in ("", self.public_id)

    def may_sell(self, now: datetime) -> bool:
        return self.subscribed_until is not None and now < self.subscribed_until

    @property
    def subscription_due(self) -> datetime | None:
        """When there is something to tell of the subscription: once that it ends soon, where nothing renews it, and
        that it has ended.
        """
        until = self.subscribed_until
        if until is None or self.ending_told == until or running(self.renewals):
            return until
        return until - ENDING


def extend_subscription(person: Person, source: str, now: datetime) -> Person:
    """A subscription bought early is added to the present one (spec, section 3). `source`: the transfer's id."""
    start = max(now, person.subscribed_until or now)
    bought = PaidDays(source, start, start + SUBSCRIPTION)
    days = (*(each for each in person.paid_days if each.ends > now), bought)
    return replace(person, subscribed_until=bought.ends, paid_days=days, version=person.version + 1)


def told_of_ending(person: Person, now: datetime) -> Person:
    """Somebody who is told now where their days end, which is soon, is not told so a second time."""
    until = person.subscribed_until
    return replace(person, ending_told=until) if until and until - now <= ENDING else person


def is_running(person: Person, source: str, now: datetime) -> bool:
    """Whether something of what `source` paid for is yet to pass."""
    return any(each.source == source and each.ends > now for each in person.paid_days)


def unused_days(person: Person, source: str, now: datetime) -> timedelta:
    """How much of what `source` paid for has not been used: all of it before its first day begins."""
    lasting = (
        max(each.ends - max(each.begins, now), timedelta(0)) for each in person.paid_days if each.source == source
    )
    return sum(lasting, timedelta(0))


def is_unused(person: Person, source: str, now: datetime) -> bool:
    """Whether nothing of what `source` paid for has been used: its first day is yet to begin (spec, section 2)."""
    return unused_days(person, source, now) == SUBSCRIPTION and all(
        each.begins > now for each in person.paid_days if each.source == source
    )


def withdraw_days(person: Person, source: str, now: datetime) -> Person:
    """What `source` paid for and is unused is taken away, and later days move up; the same person where nothing is."""
    unused = unused_days(person, source, now)
    if not unused or person.subscribed_until is None:
        return person
    place = next(place for place, each in enumerate(person.paid_days) if each.source == source)
    before, mine, after = person.paid_days[:place], person.paid_days[place], person.paid_days[place + 1 :]
    moved = tuple(replace(each, begins=each.begins - unused, ends=each.ends - unused) for each in after)
    kept = (replace(mine, ends=mine.ends - unused),) if mine.ends - unused > mine.begins else ()
    until = person.subscribed_until - unused
    return replace(person, subscribed_until=until, paid_days=(*before, *kept, *moved), version=person.version + 1)


def subscription_id(person_id: int, request_id: str) -> str:
    """The transfer that pays a subscription from the wallet, once for each request."""
    return f"subscription:{person_id}:{request_id}"


def subscription_from_wallet(wallet: Wallet, price: Money, request_id: str, now: datetime) -> Transfer:
    person_id, bought = wallet.user_id, wallet.out_of_bought(price)
    parts = {user_account(person_id): -price, REVENUE: price}
    facts = {"bought": str(-bought.amount)}
    return move(subscription_id(person_id, request_id), TransferKind.SUBSCRIPTION, person_id, now, parts, **facts)
