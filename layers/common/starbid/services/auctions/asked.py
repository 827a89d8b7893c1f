"""What a person asked a lot for, as a use case passes it on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar
from uuid import uuid4

from starbid.domain.auction import Auction
from starbid.domain.closing import Closed
from starbid.domain.errors import Invalid
from starbid.domain.intents import Intent, Wish
from starbid.domain.kinds.base import Accepted
from starbid.domain.money import MAX_AMOUNT, Money
from starbid.domain.typed_numbers import TypedAmount, beyond_limits
from starbid.domain.wallet import Wallet
from starbid.services.idempotency import MakeRecord
from starbid.services.ports import Unit

Done = TypeVar("Done", Accepted, Closed)
"""What a bid or a purchase comes to."""


@dataclass(frozen=True, slots=True)
class Asked(Generic[Done]):
    """What a person asked for; `field` names its amount, `until` is when it is given up, by `Pace.elapsed`. How it is
    decided, written and told depends on the wish.
    """

    wish: Wish
    auction_id: str
    person_id: int
    amount: int | TypedAmount
    field: str
    arrived_at: datetime
    card_version: int | None
    confirmed: bool
    until: float
    make_record: MakeRecord[Done] | None
    decide: Callable[[Auction, Wallet | None, Intent], Done]
    write: Callable[[Unit, Auction, Done], None]
    cost: Callable[[Done], Money]
    tell: Callable[[str, int], Done]

    def money(self, auction: Auction) -> Money:
        """Raises Invalid, with its limits in the units that the amount came in."""
        if isinstance(self.amount, int):
            require_sane(self.amount, self.field)
            return Money(self.amount, auction.currency)
        minor = self.amount.minor_units(auction.currency)
        if not _is_sane(minor):
            raise beyond_limits(self.field, auction.currency)
        return Money(minor, auction.currency)

    def intent(self, auction: Auction) -> Intent:
        """Raises Invalid."""
        return Intent(
            id=uuid4().hex,
            auction_id=auction.id,
            person_id=self.person_id,
            wish=self.wish,
            amount=self.money(auction),
            arrived_at=self.arrived_at,
            card_version=self.card_version,
            confirmed=self.confirmed,
            memory=self.make_record.memory if self.make_record else None,
        )


def require_sane(amount: int, field: str) -> None:
    """A whole number of minor units from 1 to MAX_AMOUNT, whatever the lot; raises Invalid."""
    if not _is_sane(amount):
        raise Invalid(field, "range", least=1, most=MAX_AMOUNT)


def _is_sane(amount: int) -> bool:
    return 1 <= amount <= MAX_AMOUNT
