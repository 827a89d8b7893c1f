"""Double-entry transfers. A transfer is immutable; a correction is another transfer (spec, section 2)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from starbid.domain.money import Money

REVENUE = "platform:revenue"
ESCROW = "platform:escrow"
ADJUSTMENTS = "platform:adjustments"
PAYOUTS = "platform:payouts"
"""Money that people asked to be paid out and that has not left yet."""


def user_account(user_id: int) -> str:
    """`available + held` of a person: a hold is no movement, its record is the bid."""
    return f"user:{user_id}"


def source_account(provider: str) -> str:
    """Where money comes from and goes back to: one for each provider (spec, section 2, "Money")."""
    return f"source:{provider}"


def receivable_account(user_id: int) -> str:
    """What a person owes after a payment was taken back that they had already spent."""
    return f"receivable:{user_id}"


class TransferKind(StrEnum):
    """What a movement is to the person whom it concerns; each has words (starbid.wording)."""

    STARS = "stars"
    TOP_UP = "top_up"
    SUBSCRIPTION = "subscription"
    NATIVE_SUBSCRIPTION = "native_subscription"
    PACK = "pack"
    NATIVE_PACK = "native_pack"
    SALE = "sale"
    RELEASE = "release"
    RETURN = "return"
    REFUND = "refund"
    REFUND_UNDONE = "refund_undone"
    OFFSET_DEBT = "offset_debt"
    ADJUSTMENT = "adjustment"
    PAYOUT = "payout"
    PAYOUT_RETURNED = "payout_returned"
    PAYOUT_SENT = "payout_sent"
    GIVEN_UP = "given_up"


_EPOCH, _MS = datetime(1970, 1, 1, tzinfo=UTC), timedelta(milliseconds=1)
_ABOUT_LOTS = frozenset({TransferKind.SALE, TransferKind.RELEASE, TransferKind.RETURN})
"""Their ids are `<what>:<lot>`."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line: `change` is added to the balance of `account`."""

    account: str
    change: Money


@dataclass(frozen=True, slots=True)
class Transfer:
    """A movement of money. `id` is its idempotency key, `kind` names it for people, `user_id` is whom it concerns.

    A transfer touches one person at most: money passes from one to another through escrow. The fact `bought` is what
    it did to the bought part of their money, minor units (`Wallet.bought`).
    """

    id: str
    kind: TransferKind
    user_id: int
    at: datetime
    entries: tuple[Entry, ...]
    facts: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if len(self.entries) < 2:
            raise ValueError("a transfer has two sides")
        currency = self.entries[0].change.currency
        if sum((entry.change for entry in self.entries), Money.zero(currency)):
            raise ValueError(f"the entries of {self.id} do not add up to nothing")

    @property
    def currency(self) -> str:
        return self.entries[0].change.currency

    @property
    def change(self) -> Money:
        """What it did to the person's own money (`available + held`)."""
        mine = user_account(self.user_id)
        return sum((e.change for e in self.entries if e.account == mine), Money.zero(self.currency))


def lot_of(transfer: Transfer) -> str | None:
    """The lot that a transfer is about: its fact, or what its id names where the fact is missing; None without one."""
    told = transfer.facts.get("auction_id")
    if told or transfer.kind not in _ABOUT_LOTS:
        return told
    return transfer.id.partition(":")[2] or None


def fee_of(transfer: Transfer) -> Money:
    """What Starbid kept of a price that was paid out; nothing of any other movement."""
    kept = (e.change for e in transfer.entries if transfer.kind is TransferKind.RELEASE and e.account == REVENUE)
    return sum(kept, Money.zero(transfer.currency))


def bought_part(transfer: Transfer) -> Money:
    """What a transfer did to the bought part of the person's money."""
    return Money(int(transfer.facts.get("bought", "0")), transfer.currency)


def escrowed(at: datetime) -> dict[str, str]:
    """The fact of a release that says since when its price had been in escrow: whole milliseconds since 1970 UTC."""
    return {"escrowed_at": str((at - _EPOCH) // _MS)}


def escrowed_at(transfer: Transfer) -> datetime:
    """When the price of a release went into escrow. An older row does not tell: its own time is later."""
    told = transfer.facts.get("escrowed_at")
    return _EPOCH + int(told) * _MS if told else transfer.at


def move(
    transfer_id: str, kind: TransferKind, user_id: int, at: datetime, parts: dict[str, Money], **facts: str
) -> Transfer:
    """A transfer from what it does to each account; parts of nothing are left out."""
    entries = tuple(Entry(account, change) for account, change in parts.items() if change)
    if facts.get("bought") == "0":
        del facts["bought"]
    return Transfer(transfer_id, kind, user_id, at, entries, facts)
