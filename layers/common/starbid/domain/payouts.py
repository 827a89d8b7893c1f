"""Payouts: money that leaves a wallet for good (spec, section 7, "Payouts").

The money goes to the account PAYOUTS when it is asked for, and from there to the outside, or back.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from starbid.domain.errors import Invalid
from starbid.domain.ledger import PAYOUTS, Transfer, TransferKind, move, source_account, user_account
from starbid.domain.money import CURRENCIES, MAX_AMOUNT, Money, stars
from starbid.domain.payable import Had
from starbid.domain.payments import LEAST_STARS_PAYOUT, Provider
from starbid.domain.payout_errors import AlreadyDecided, NoSuchPayout, OwnPayout
from starbid.domain.texts import read_text

DETAILS_LENGTH = 500
REASON_LENGTH = 500
OUTSIDE: Final = "outside"
"""The account of the source that fiat payouts leave to: an operator pays them by other means."""
SENT_AGAIN_AFTER = timedelta(minutes=5)
"""So long after a try the list of Telegram's transactions is believed when it does not have the gift. A call is given
up after some seconds, by us and by Telegram's own server, and what was carried out stands in the list at once.
"""
GIFTS_APART = timedelta(minutes=15)
"""Between the tries of two gifts to one person: no purchase can then be taken for another one."""


class PayoutState(StrEnum):
    """How a payout stands. `sending`: it may have left by now. `returned` for one of WhyReturned."""

    REQUESTED = "requested"
    APPROVED = "approved"
    SENDING = "sending"
    PAID = "paid"
    REFUSED = "refused"
    CANCELLED = "cancelled"
    RETURNED = "returned"


OPEN_STATES = frozenset({PayoutState.REQUESTED, PayoutState.APPROVED, PayoutState.SENDING})
"""Its money is in PAYOUTS."""
UNSENT_STATES = frozenset({PayoutState.REQUESTED, PayoutState.APPROVED})
"""It has certainly not left."""


class Method(StrEnum):
    """How money leaves. Stars become Telegram Premium; of a fiat currency an operator pays by what `details` say."""

    PREMIUM_3 = "premium_3"
    PREMIUM_6 = "premium_6"
    PREMIUM_12 = "premium_12"
    OUTSIDE = "outside"


class WhyReturned(StrEnum):
    """Why a payout came back that nobody refused or cancelled."""

    DEBT = "debt"
    TELEGRAM = "telegram"


@dataclass(frozen=True, slots=True)
class Gift:
    """Telegram Premium for so many months, at Telegram's price."""

    months: int
    price: Money


GIFTS: Mapping[Method, Gift] = MappingProxyType(
    {
        Method.PREMIUM_3: Gift(3, LEAST_STARS_PAYOUT),
        Method.PREMIUM_6: Gift(6, stars(1500)),
        Method.PREMIUM_12: Gift(12, stars(2500)),
    }
)
"""What `giftPremiumSubscription` takes: 3, 6 or 12 months, for exactly so many Stars."""


@dataclass(frozen=True, slots=True)
class Payout:
    """`details` say where money of a fiat currency goes: they are for the person and the operators alone, and stand in
    no event, notice or log. `bought` is how much came out of what had been bought, minor units. `had` is what could
    have been paid out when it was asked for if all money had been old enough (domain.payable).

    `reason` is an operator's, or a WhyReturned. `tried_first` and `tried_at` are the first and the last try to send a
    gift; `transaction_id` is its purchase's in Telegram's list, where that was looked up.
    """

    id: str
    user_id: int
    amount: Money
    method: Method
    created_at: datetime
    had: Had
    details: str = field(default="", repr=False)
    state: PayoutState = PayoutState.REQUESTED
    bought: int = 0
    reason: str = ""
    decided_by: int | None = None
    decided_at: datetime | None = None
    tried_first: datetime | None = None
    tried_at: datetime | None = None
    transaction_id: str = ""
    ended_at: datetime | None = None
    version: int = 1

    @property
    def gift(self) -> Gift | None:
        """None for one that an operator pays."""
        return GIFTS.get(self.method)

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES

    @property
    def is_unsent(self) -> bool:
        return self.state in UNSENT_STATES


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody asks to be paid out."""

    amount: Money
    method: Method
    details: str = field(default="", repr=False)


def read_wish(currency: str, amount: int, method: str, details: str) -> Wish:
    """A request, checked but for the money. `amount` in minor units. Raises Invalid.

    Stars leave by one of GIFTS, at its price, and nothing else does. For a fiat currency how and where to is free text:
    whatever stands in `method` goes before `details`.
    """
    if currency not in CURRENCIES:
        raise Invalid("currency", "choice")
    if leaves_as_gift(currency):
        return _stars_wish(amount, method)
    if method in set(GIFTS):
        raise Invalid("method", "choice")
    if not 0 < amount <= MAX_AMOUNT:
        raise Invalid("amount", "amount")
    named = "" if method == Method.OUTSIDE else method.strip()
    written = "\n".join(part for part in (named, details.strip()) if part)
    return Wish(Money(amount, currency), Method.OUTSIDE, read_text("details", written, 1, DETAILS_LENGTH))


def leaves_as_gift(currency: str) -> bool:
    """Money of this currency leaves as one of GIFTS; all other money is paid by an operator."""
    return any(gift.price.currency == currency for gift in GIFTS.values())


def _stars_wish(amount: int, method: str) -> Wish:
    gift = GIFTS.get(Method(method)) if method in set(Method) else None
    if gift is None:
        raise Invalid("method", "choice")
    if amount != gift.price.amount:
        raise Invalid("amount", "price_of_method", price=gift.price.amount)
    return Wish(gift.price, Method(method))


def requested(payout_id: str, user_id: int, wish: Wish, bought: Money, had: Had, now: datetime) -> Payout:
    return Payout(payout_id, user_id, wish.amount, wish.method, now, had, wish.details, bought=bought.amount)


def cancelled(payout: Payout, person_id: int, now: datetime) -> Payout:
    """The person takes it back, until it is approved; twice is once. Raises NoSuchPayout, AlreadyDecided."""
    if payout.user_id != person_id:
        raise NoSuchPayout
    if payout.state is PayoutState.CANCELLED:
        return payout
    return _ended(payout, PayoutState.CANCELLED, now, PayoutState.REQUESTED)


def approved(payout: Payout, operator_id: int, now: datetime) -> Payout:
    """An operator lets it go, another than its owner. Raises OwnPayout, AlreadyDecided."""
    _require(payout, PayoutState.REQUESTED)
    if payout.user_id == operator_id:
        raise OwnPayout
    return _moved(payout, state=PayoutState.APPROVED, decided_by=operator_id, decided_at=now)


def refused(payout: Payout, operator_id: int, reason: str, now: datetime) -> Payout:
    """An operator does not let it go, or could not pay it: one whose money may have left by itself is not refused.

    `reason` has 1 to REASON_LENGTH characters; the person reads it. Raises Invalid, AlreadyDecided.
    """
    states = UNSENT_STATES if payout.gift else OPEN_STATES
    reason = read_text("reason", reason, 1, REASON_LENGTH)
    ended = _ended(payout, PayoutState.REFUSED, now, *states, reason=reason)
    return replace(ended, decided_by=operator_id, decided_at=now)


def sending(payout: Payout, now: datetime) -> Payout:
    """It is about to leave, or to be tried once more. Raises AlreadyDecided."""
    _require(payout, PayoutState.APPROVED, *([PayoutState.SENDING] if payout.gift else []))
    return _moved(payout, state=PayoutState.SENDING, tried_first=payout.tried_first or now, tried_at=now)


def paid(payout: Payout, now: datetime, transaction_id: str = "") -> Payout:
    """It has left. Raises AlreadyDecided."""
    return _ended(payout, PayoutState.PAID, now, PayoutState.SENDING, transaction_id=transaction_id)


def returned(payout: Payout, why: WhyReturned, now: datetime) -> Payout:
    """It did not leave: a debt brings back what is unsent, Telegram's refusal what was being sent. Raises
    AlreadyDecided.
    """
    return _ended(payout, PayoutState.RETURNED, now, *OPEN_STATES, reason=why.value)


def found_bought(payout: Payout, transaction_id: str) -> Payout:
    """Which purchase of Telegram's list a gift was, once that is known."""
    return _moved(payout, transaction_id=transaction_id)


def taken(payout: Payout) -> Transfer:
    """The money leaves the wallet."""
    parts = {user_account(payout.user_id): -payout.amount, PAYOUTS: payout.amount}
    facts = {"bought": str(-payout.bought)}
    return move(f"payout:{payout.id}", TransferKind.PAYOUT, payout.user_id, payout.created_at, parts, **facts)


def given_back(payout: Payout, now: datetime) -> Transfer:
    """All of it comes back to where it was taken from; it is as old as it was."""
    parts = {PAYOUTS: -payout.amount, user_account(payout.user_id): payout.amount}
    facts = {"bought": str(payout.bought)}
    return move(f"payout-returned:{payout.id}", TransferKind.PAYOUT_RETURNED, payout.user_id, now, parts, **facts)


def sent(payout: Payout, now: datetime) -> Transfer:
    """The money leaves us: Stars to Telegram, other money to the outside."""
    source = source_account(Provider.STARS if payout.gift else OUTSIDE)
    parts = {PAYOUTS: -payout.amount, source: payout.amount}
    return move(f"payout-sent:{payout.id}", TransferKind.PAYOUT_SENT, payout.user_id, now, parts)


def _require(payout: Payout, *states: PayoutState) -> None:
    if payout.state not in states:
        raise AlreadyDecided(payout.state.value)


def _ended(payout: Payout, state: PayoutState, now: datetime, *before: PayoutState, **changes: object) -> Payout:
    _require(payout, *before)
    return _moved(payout, state=state, ended_at=now, **changes)


def _moved(payout: Payout, **changes: object) -> Payout:
    return replace(payout, version=payout.version + 1, **changes)  # type: ignore[arg-type]
