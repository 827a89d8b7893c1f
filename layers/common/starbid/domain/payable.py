"""What of a person's money can be paid out, and when the rest can (spec, section 7, "Payouts").

Telegram may take Stars back for 21 days (`PAYOUT_HOLD_DAYS`), and providers of a fiat currency have such times too. So
money waits until every payment behind it is older: what was earned counts from the moment at which the buyer's money
went into escrow, since the buyer had paid it in by then.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

from starbid.domain.ledger import Transfer, TransferKind, escrowed_at
from starbid.domain.money import CURRENCIES, Money, TopUp
from starbid.domain.wallet import Wallet


@dataclass(frozen=True, slots=True)
class Young:
    """Money that came in and waits until `free_at`. `is_earned`: by a sale, or by an operator's credit."""

    amount: Money
    free_at: datetime
    is_earned: bool


@dataclass(frozen=True, slots=True)
class Had:
    """What could be paid out of a wallet if all of it were old enough, and nothing were held or owed: `all`, and as
    much of that as was bought.
    """

    all: Money
    bought: Money

    def old(self, young: Iterable[Young]) -> Money:
        """What of it has waited: less what was earned lately, and less what was bought lately and is still there. What
        was bought is spent before what was earned (spec, section 2), so a top-up that is spent keeps nothing back.
        Below zero where earned money was spent before it had waited.
        """
        nothing, young = Money.zero(self.all.currency), tuple(young)
        earned = sum((each.amount for each in young if each.is_earned), nothing)
        topped_up = sum((each.amount for each in young if not each.is_earned), nothing)
        return self.all - earned - min(self.bought, topped_up)


@dataclass(frozen=True, slots=True)
class Freed:
    """So much more can be paid out from `at` on."""

    at: datetime
    amount: Money


@dataclass(frozen=True, slots=True)
class Payable:
    """What can be paid out `now`, and `later`, in the order of time, if nothing else happens."""

    now: Money
    later: tuple[Freed, ...]
    had: Had


def young_of(transfers: Iterable[Transfer], hold: timedelta, now: datetime) -> tuple[Young, ...]:
    """Those that have not waited for `hold` yet.

    Only transfers of the last `hold` can be among them: nobody is paid for a sale before it, so what went into escrow
    within that time was released within it. What comes back (a price, a payout, a refund that was undone) is as old as
    it was.
    """
    incoming = (_incoming(transfer, hold) for transfer in transfers)
    return tuple(each for each in incoming if each and now < each.free_at)


def reckon(wallet: Wallet, young: Iterable[Young]) -> Payable:
    """max(0, min(available - owed, available + held - refundable - what is young)).

    `refundable` is what was bought and not spent. In Stars it goes back to Telegram only; of a fiat currency it can be
    paid out like all the rest.
    """
    waits, had = sorted(young, key=lambda each: each.free_at), had_of(wallet)
    known = first = _capped(wallet, had.old(waits))
    later: list[Freed] = []
    for _, group in groupby(tuple(waits), key=lambda each: each.free_at.date()):
        of_a_day = tuple(group)
        waits = waits[len(of_a_day) :]
        freed = _capped(wallet, had.old(waits))
        if freed > known:
            later.append(Freed(of_a_day[-1].free_at, freed - known))
        known = freed
    return Payable(first, tuple(later), had)


def had_of(wallet: Wallet) -> Had:
    own, bought = wallet.available + wallet.held, _bought(wallet)
    if _bought_can_leave(wallet.currency):
        return Had(own, bought)
    return Had(own - bought, Money.zero(wallet.currency))


def out_of_bought(wallet: Wallet, young: Iterable[Young], amount: Money) -> Money:
    """How much of a payout comes out of what was bought: earned money that is old enough goes first."""
    nothing = Money.zero(wallet.currency)
    if not _bought_can_leave(wallet.currency):
        return nothing
    earned = sum((each.amount for each in young if each.is_earned), nothing)
    old = max(nothing, wallet.available + wallet.held - _bought(wallet) - earned)
    return min(_bought(wallet), max(nothing, amount - old))


def _incoming(transfer: Transfer, hold: timedelta) -> Young | None:
    match transfer.kind:
        case TransferKind.RELEASE:
            return Young(transfer.change, escrowed_at(transfer) + hold, is_earned=True)
        case TransferKind.ADJUSTMENT if transfer.change.amount > 0:
            return Young(transfer.change, transfer.at + hold, is_earned=True)
        case TransferKind.TOP_UP:
            return Young(transfer.change, transfer.at + hold, is_earned=False)
        case _:
            return None


def _capped(wallet: Wallet, old: Money) -> Money:
    return max(Money.zero(wallet.currency), min(wallet.available - wallet.owed, old))


def _bought(wallet: Wallet) -> Money:
    return max(Money.zero(wallet.currency), wallet.bought)


def _bought_can_leave(currency: str) -> bool:
    return CURRENCIES[currency].top_up is not TopUp.STARS
