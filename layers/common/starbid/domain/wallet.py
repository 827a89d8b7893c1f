"""A person's money in one currency."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from starbid.domain.errors import Blocked, InsufficientFunds, Unsettled
from starbid.domain.money import Money


@dataclass(frozen=True, slots=True)
class Wallet:
    """`available` can be spent, `held` backs bids, `owed` is left of a taken-back payment. None is ever negative.

    `stakes` are the live sealed bids by lot, which are part of `held`: a hold and what it is for change in one item.
    `settlements` counts how often a debt was settled from what was available (domain.debts).
    """

    user_id: int
    available: Money
    held: Money
    owed: Money
    blocked: bool = False
    stakes: Mapping[str, Money] = field(default_factory=dict)
    settlements: int = 0

    @classmethod
    def empty(cls, user_id: int, currency: str) -> Wallet:
        nothing = Money.zero(currency)
        return cls(user_id, nothing, nothing, nothing)

    @property
    def currency(self) -> str:
        return self.available.currency

    @property
    def covered(self) -> Money:
        """How much of what is owed can be settled now: whatever is available, and no more than the debt."""
        return min(self.available, self.owed)

    def settled(self) -> Wallet:
        """As it is once what is available has gone to what is owed."""
        part = self.covered
        return replace(self, available=self.available - part, owed=self.owed - part) if part else self

    def require_standing(self) -> None:
        """Raises Blocked or Unsettled for a person who may neither bid nor sell."""
        if self.blocked:
            raise Blocked
        if self.owed:
            raise Unsettled(self.owed)

    def require(self, needed: Money) -> None:
        """Raises InsufficientFunds where `available` does not cover `needed`."""
        if self.available < needed:
            raise InsufficientFunds(self.available, needed)


@dataclass(frozen=True, slots=True)
class Stake:
    """A person's sealed bid on a lot, changed from `before` (None: none) to `after` (None: it has ended)."""

    auction_id: str
    before: Money | None
    after: Money | None


@dataclass(frozen=True, slots=True)
class WalletChange:
    """What an action does to one wallet, as differences. A transaction holds one per person at most."""

    user_id: int
    available: Money
    held: Money
    stake: Stake | None = None

    @classmethod
    def hold(cls, user_id: int, amount: Money, stake: Stake | None = None) -> WalletChange:
        """Set `amount` aside (a negative one gives it back)."""
        return cls(user_id, -amount, amount, stake)

    @classmethod
    def credit(cls, user_id: int, amount: Money) -> WalletChange:
        """Put `amount` in from outside (a negative one takes it out)."""
        return cls(user_id, amount, Money.zero(amount.currency))

    @classmethod
    def capture(cls, user_id: int, held: Money, price: Money, stake: Stake | None = None) -> WalletChange:
        """End a hold: `price` leaves the wallet, the rest of `held` is free again (invariant 6)."""
        return cls(user_id, held - price, -held, stake)
