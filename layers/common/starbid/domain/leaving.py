"""Leaving for good: a person asks for their account to be deleted, and has some days to change their mind.

What stands in the way is looked for when it is asked for and again on the day. What the books need stays, by number;
the name and all that is the person's own goes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from starbid.domain.errors import StarbidError
from starbid.domain.ledger import ADJUSTMENTS, Transfer, TransferKind, move, user_account
from starbid.domain.people import Person, Reputation
from starbid.domain.switches import Switch
from starbid.domain.wallet import Wallet

GRACE = timedelta(days=14)
"""From the wish to the day on which it is carried out."""
PUT_OFF = timedelta(days=7)
"""So much later it is tried again where something stands in the way on the day."""


class Obstacle(StrEnum):
    """What has to end first, in the order in which it is told."""

    OPERATOR = "operator"
    """They work here: an owner takes the role away first."""
    LOTS = "lots"
    """Lots that are up, or offered to a runner-up."""
    BIDS = "bids"
    """A leading maximum, or a sealed bid: money that is frozen."""
    DEALS = "deals"
    DEBT = "debt"
    PAYOUTS = "payouts"
    BILLS = "bills"
    REFUNDS = "refunds"
    """Requests for a refund that nobody has decided about."""
    RENEWAL = "renewal"
    """Telegram would go on to take a payment every 30 days."""
    MONEY = "money"
    """Money that the person has not given up."""
    FORMER = "former"
    """They left and came again, and what they had before is still being erased."""


class CannotLeave(StarbidError, code="cannot_leave"):
    """`obstacles` stand in the way."""

    def __init__(self, obstacles: tuple[Obstacle, ...]) -> None:
        super().__init__(", ".join(obstacles), obstacles=[each.value for each in obstacles])
        self.obstacles = obstacles


class Stage(StrEnum):
    """ASKED until the day comes. ERASING: the name is gone, and the rest is going. DONE and STAYED end it."""

    ASKED = "asked"
    ERASING = "erasing"
    DONE = "done"
    STAYED = "stayed"


@dataclass(frozen=True, slots=True)
class Leaving:
    """What became of a wish. `given_up`: what the person lets go of at most, minor units by currency. `erased`: the
    kinds of data that are gone.
    """

    user_id: int
    asked_at: datetime
    due_at: datetime
    stage: Stage = Stage.ASKED
    given_up: Mapping[str, int] = field(default_factory=dict)
    erased: frozenset[str] = frozenset()
    version: int = 1

    @property
    def is_over(self) -> bool:
        return self.stage in (Stage.DONE, Stage.STAYED)


def given_up(wallet: Wallet, leaving: Leaving, now: datetime) -> Transfer:
    """All that is left in a wallet goes to the platform, what was bought of it first."""
    amount, bought = wallet.available, wallet.out_of_bought(wallet.available)
    parts = {user_account(wallet.user_id): -amount, ADJUSTMENTS: amount}
    name = f"given-up:{wallet.user_id}:{wallet.currency}:{leaving.version}"
    return move(name, TransferKind.GIVEN_UP, wallet.user_id, now, parts, bought=str(-bought.amount))


def left(person: Person, nameless: str, public_id: str, now: datetime) -> Person:
    """The person without all that is theirs. What an operator decided about them stays: nobody escapes it so.

    The bot still says what nobody may miss, in their language; nothing that can be switched off.
    """
    return Person(
        id=person.id,
        name=nameless,
        username=None,
        language=person.language,
        joined_at=person.joined_at,
        blocked=person.blocked,
        unreachable=person.unreachable,
        reputation=Reputation(),
        version=person.version + 1,
        public_id=public_id,
        ended_sessions=person.ended_sessions.with_all(now),
        tokens=person.tokens,
        restrictions=person.restrictions,
        switched_off=frozenset(Switch),
        left_at=now,
    )


def returned(person: Person, newcomer: Person) -> Person:
    """Somebody who left and comes again begins as a newcomer does, under what an operator decided about them."""
    return replace(
        newcomer,
        joined_at=person.joined_at,
        blocked=person.blocked,
        restrictions=person.restrictions,
        ended_sessions=person.ended_sessions,
        tokens=person.tokens,
        version=person.version + 1,
    )
