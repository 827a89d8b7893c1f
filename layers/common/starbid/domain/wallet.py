"""A person's money in one currency."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from starbid.domain.errors import Blocked, InDebt, InsufficientFunds
from starbid.domain.money import DEFAULT_CURRENCY, Money
from starbid.domain.restrictions import Limit, require_free


@dataclass(frozen=True, slots=True)
class Wallet:
    """`available` can be spent, `held` backs bids, `owed` is left of a taken-back payment. None is ever negative.

    `stakes` are the live sealed bids by lot, which are part of `held`: a hold and what it is for change in one item.
    `offsets` counts how often a debt was settled from what was available (domain.debts). `bought` is what was paid
    in, less what of it was spent, refunded or taken back; taking back what was spent makes it negative (spec, section
    2, `refundable`). `blocked` and `no_bids_until` (domain.restrictions) are the same in all wallets of a person:
    each is asked alone.
    """

    user_id: int
    available: Money
    held: Money
    owed: Money
    bought: Money
    blocked: bool = False
    stakes: Mapping[str, Money] = field(default_factory=dict)
    offsets: int = 0
    no_bids_until: datetime | None = None

    @classmethod
    def empty(cls, user_id: int, currency: str) -> Wallet:
        nothing = Money.zero(currency)
        return cls(user_id, nothing, nothing, nothing, nothing)

    @property
    def currency(self) -> str:
        return self.available.currency

    @property
    def covered(self) -> Money:
        """How much of what is owed can be settled now: whatever is available, and no more than the debt."""
        return min(self.available, self.owed)

    @property
    def owes(self) -> bool:
        """More is owed than is available: such a person wins nothing (spec, section 2)."""
        return self.owed > self.available

    @property
    def refundable(self) -> Money:
        """What of the money paid in may go back where it came from: min(available - owed, bought), never below 0."""
        return max(Money.zero(self.currency), min(self.available - self.owed, self.bought))

    def out_of_bought(self, price: Money) -> Money:
        """How much of a spending comes out of what was bought: that goes first, what was earned afterwards."""
        return min(price, max(Money.zero(self.currency), self.bought))

    def after_offset(self) -> Wallet:
        """As it is once what is available has gone to what is owed."""
        part = self.covered
        return replace(self, available=self.available - part, owed=self.owed - part) if part else self

    def after(self, hold: WalletChange) -> Wallet:
        """As it is once a hold has been made, raised or given back."""
        stakes = self.stakes
        if hold.stake:
            others = {lot: stake for lot, stake in stakes.items() if lot != hold.stake.auction_id}
            stakes = others | ({hold.stake.auction_id: hold.stake.after} if hold.stake.after else {})
        return replace(self, available=self.available + hold.available, held=self.held + hold.held, stakes=stakes)

    def require_standing(self) -> None:
        """Raises Blocked or InDebt for a person who may neither bid nor sell."""
        if self.blocked:
            raise Blocked
        if self.owed:
            raise InDebt(self.owed)

    def barred_until(self, now: datetime) -> datetime | None:
        """Until when its owner may not bid; None for one who may."""
        until = self.no_bids_until
        return until if until is not None and now < until else None

    def require_bidder(self, at: datetime) -> None:
        """Raises Blocked, Restricted or InDebt for a person who may neither bid nor buy at `at`."""
        if not self.blocked:
            require_free(Limit.BIDS, self.no_bids_until, at)
        self.require_standing()

    def missing(self, needed: Money) -> Money | None:
        """What has to come in before `needed` can be spent or held; None where it is there."""
        return needed - self.available if self.available < needed else None

    def require(self, needed: Money) -> None:
        """Raises InsufficientFunds where `available` does not cover `needed`."""
        if self.missing(needed):
            raise InsufficientFunds(self.available, needed)


def with_default(wallets: Iterable[Wallet], user_id: int) -> tuple[Wallet, ...]:
    """All wallets of a person: that of the default currency first, be it empty, then the others by code."""
    known = {wallet.currency: wallet for wallet in wallets}
    first = known.pop(DEFAULT_CURRENCY, None) or Wallet.empty(user_id, DEFAULT_CURRENCY)
    return (first, *(known[currency] for currency in sorted(known)))


@dataclass(frozen=True, slots=True)
class Stake:
    """A person's sealed bid on a lot, changed from `before` (None: none) to `after` (None: it has ended)."""

    auction_id: str
    before: Money | None
    after: Money | None


@dataclass(frozen=True, slots=True)
class WalletChange:
    """What an action does to one wallet, as differences. A transaction holds one per person at most.

    Spending names in `bought_was` the figure that `bought` was reckoned from: it must still be so. So must
    `available_was`, where it is named.
    """

    user_id: int
    available: Money
    held: Money
    stake: Stake | None = None
    bought: Money | None = None
    bought_was: Money | None = None
    available_was: Money | None = None

    @classmethod
    def hold(cls, user_id: int, amount: Money, stake: Stake | None = None) -> WalletChange:
        """Set `amount` aside (a negative one gives it back)."""
        return cls(user_id, -amount, amount, stake)

    def and_then(self, later: WalletChange) -> WalletChange:
        """Two holds of one person, made, raised or given back one after the other, as one."""
        stake = later.stake or self.stake
        if self.stake and later.stake:
            stake = replace(later.stake, before=self.stake.before)
        return replace(self, available=self.available + later.available, held=self.held + later.held, stake=stake)

    @classmethod
    def credit(cls, user_id: int, amount: Money, bought: Money | None = None) -> WalletChange:
        """Put `amount` in, of which `bought` counts as paid in."""
        return cls(user_id, amount, Money.zero(amount.currency), bought=bought)

    @classmethod
    def take(cls, wallet: Wallet, amount: Money, bought: Money) -> WalletChange:
        """Take `amount` out of what is available in `wallet`, `bought` of it out of what was paid in."""
        return cls(wallet.user_id, -amount, Money.zero(amount.currency), None, -bought, wallet.bought)

    @classmethod
    def capture(cls, wallet: Wallet, held: Money, price: Money, stake: Stake | None = None) -> WalletChange:
        """End a hold: `price` leaves the wallet, the rest of `held` is free again (invariant 6)."""
        bought = -wallet.out_of_bought(price)
        return cls(wallet.user_id, held - price, -held, stake, bought, wallet.bought)
