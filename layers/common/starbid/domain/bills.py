"""Bills: money of a fiat currency that a provider collects for us (spec, section 7, "The way of a bill")."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from starbid.domain.errors import StarbidError
from starbid.domain.money import CURRENCIES, MAX_AMOUNT, Money, TopUp
from starbid.domain.payment_errors import PaymentRefused
from starbid.domain.payments import Charge, Order, Provider, Purpose
from starbid.domain.unfinished import Unfinished

_INVOICE = re.compile(rf"{Purpose.TOP_UP}:([0-9a-f]{{32}})")
LOOKED_AFTER = timedelta(days=1)
"""So long after its end a bill that the provider may still take money for is asked about."""


class BillState(StrEnum):
    """How a bill stands. `creating`: the provider was or will be asked to make it, and has not answered. `different`:
    something else was paid than was asked for, and an operator decides; then it is `paid` or `returned`.
    """

    CREATING = "creating"
    WAITING = "waiting"
    PAID = "paid"
    REJECTED = "rejected"
    EXPIRED = "expired"
    FAILED = "failed"
    DIFFERENT = "different"
    RETURNED = "returned"


OPEN_STATES = frozenset({BillState.CREATING, BillState.WAITING})
UNPAID_ENDS = frozenset({BillState.REJECTED, BillState.EXPIRED, BillState.FAILED})
"""It has ended; should the provider be paid after all, it counts."""
_PUBLIC = {
    BillState.CREATING: "waiting",
    BillState.DIFFERENT: "failed",
    BillState.RETURNED: "failed",
}


class ProviderStatus(StrEnum):
    """What a provider says of a bill. `unknown`: something that we do not know, which changes nothing."""

    WAITING = "waiting"
    PAID = "paid"
    REJECTED = "rejected"
    EXPIRED = "expired"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Reported:
    """A bill as its provider reports it. `value` is in whole units of `currency`, both as the provider has them.

    `ref` is the provider's own id; `said` is its word for the status.
    """

    bill_id: str
    status: ProviderStatus
    value: Decimal
    currency: str
    pay_url: str = ""
    ref: str = ""
    said: str = ""


@dataclass(frozen=True, slots=True)
class Bill:
    """`id` is unguessable, and the order's of the same money: that keeps the act that waits for it.

    `expires_at` ends its life. `look_at` is when the sweep next asks the provider, None where there is nothing more to
    hear. `paid` is what was paid in place of `amount`, as the provider has it (`500.00 RUB`). `puzzled`: the person has
    been told that the provider says something unknown. `charge_id` is what was credited.
    """

    id: str
    provider: Provider
    user_id: int
    amount: Money
    created_at: datetime
    expires_at: datetime
    state: BillState = BillState.CREATING
    pay_url: str = ""
    ref: str = ""
    look_at: datetime | None = None
    paid: str = ""
    puzzled: bool = False
    charge_id: str = ""
    ended_at: datetime | None = None
    version: int = 1

    @property
    def is_open(self) -> bool:
        """It waits for its money: a person has one such of each provider at most."""
        return self.state in OPEN_STATES

    @property
    def status(self) -> str:
        """`waiting`, `paid`, `rejected`, `expired` or `failed` (spec, section 7)."""
        return _PUBLIC.get(self.state, self.state.value)

    def is_over(self, now: datetime) -> bool:
        """Its life has passed, whether or not anybody has noticed."""
        return now >= self.expires_at

    def matches(self, reported: Reported) -> bool:
        """Exactly what was asked for has been paid; amounts are compared as numbers."""
        minor = reported.value * CURRENCIES[self.amount.currency].minor_units
        return reported.currency == self.amount.currency and minor == self.amount.amount


@dataclass(frozen=True, slots=True)
class BillTerms:
    """What a bill may be (`TOPUP_*`): amounts in whole units of `currency`; `providers` are those on offer here."""

    currency: str = "RUB"
    least_units: int = 10
    most_units: int = 100_000
    seconds: int = 300
    telegram_least_units: int = 100
    providers: tuple[Provider, ...] = ()

    def least(self, provider: Provider | None = None) -> Money:
        """The least amount of a bill at `provider`; None: at the one that asks for the least."""
        offered = (provider,) if provider else self.providers
        only_telegram = bool(offered) and set(offered) == {Provider.TELEGRAM}
        units = max(self.least_units, self.telegram_least_units) if only_telegram else self.least_units
        return self._money(units)

    @property
    def most(self) -> Money:
        return self._money(self.most_units)

    def _money(self, units: int) -> Money:
        return Money(units * CURRENCIES[self.currency].minor_units, self.currency)


class BillOpen(StarbidError, code="bill_open"):
    """The person has a bill at this provider that waits for its money, over another amount."""

    def __init__(self, bill: Bill) -> None:
        super().__init__(f"{bill.id} is open", id=bill.id, amount=bill.amount.amount)
        self.bill = bill


class ProviderFailed(StarbidError, code="provider_error"):
    """A provider failed, or gave no answer in time. An operator has been told."""

    def __init__(self, provider: Provider) -> None:
        super().__init__(f"{provider} failed", provider=provider.value)
        self.provider = provider


class WrongBillState(StarbidError, code="wrong_bill_state"):
    """The bill is not in a state in which this can be decided; somebody was faster, it may be."""

    def __init__(self, state: BillState) -> None:
        super().__init__(state, state=state.value)
        self.state = state


def new_bill(bill_id: str, provider: Provider, user_id: int, amount: Money, now: datetime, seconds: int) -> Bill:
    """A bill that the provider is about to be asked for. A sweep looks after it from its end on."""
    until = now + timedelta(seconds=seconds)
    return Bill(bill_id, provider, user_id, amount, now, until, look_at=until)


def order_of(bill: Bill, unfinished: Unfinished | None = None) -> Order:
    """The order of a bill's money, with the act that waits for it."""
    return Order(bill.id, bill.provider, Purpose.TOP_UP, bill.user_id, bill.amount, unfinished)


def charge_of(bill: Bill, amount: Money, now: datetime) -> Charge:
    """What was paid on a bill: the one charge of it, however often it is reported."""
    return Charge(bill.id, bill.provider, bill.user_id, amount, Purpose.TOP_UP, bill.id, now)


def invoice_payload(bill: Bill) -> str:
    """What comes back with a payment inside Telegram. Nobody can guess it, and the bill is stored: no signature."""
    return f"{Purpose.TOP_UP}:{bill.id}"


def billed_in(payload: str) -> str:
    """The id of the bill that a payload of `invoice_payload` names. Raises PaymentRefused."""
    named = _INVOICE.fullmatch(payload)
    if named is None:
        raise PaymentRefused("payload")
    return named[1]


def paid_in_place(bill: Bill) -> Money | None:
    """What was paid on a differing bill; None where no wallet can hold it, and for Stars, which no bill brings."""
    value, _, currency = bill.paid.partition(" ")
    known = CURRENCIES.get(currency)
    if known is None or known.top_up is not TopUp.BILL:
        return None
    minor = Decimal(value) * known.minor_units
    return Money(int(minor), currency) if minor == int(minor) and 0 < minor <= MAX_AMOUNT else None


def created(bill: Bill, reported: Reported) -> Bill:
    """The provider has made it."""
    return replace(
        bill, state=BillState.WAITING, pay_url=reported.pay_url, ref=reported.ref or bill.ref, version=bill.version + 1
    )


def credited(bill: Bill, charge_id: str, now: datetime) -> Bill:
    """It was paid, in time or late, and the money is in the wallet."""
    return _ended(bill, BillState.PAID, now, charge_id=charge_id)


def returned(bill: Bill, now: datetime) -> Bill:
    """What was paid in place of the amount goes back outside."""
    return _ended(bill, BillState.RETURNED, now)


def differing(bill: Bill, reported: Reported, now: datetime) -> Bill:
    """Something else was paid: credited to nobody until an operator decides."""
    return _ended(bill, BillState.DIFFERENT, now, paid=f"{reported.value} {reported.currency}")


def ended_unpaid(bill: Bill, state: BillState, now: datetime, *, finally_: bool) -> Bill:
    """Not paid. `finally_`: the provider takes no money for it any more; otherwise it is still asked about it."""
    after = _ended(bill, state, now)
    return after if finally_ else replace(after, look_at=now + timedelta(minutes=10))


def looked_later(bill: Bill, now: datetime) -> Bill:
    """An ended bill, still unpaid, is asked about again, ever more seldom, for a day; the same where that is over."""
    assert bill.ended_at is not None
    since = now - bill.ended_at
    look_at = now + max(since, timedelta(minutes=10)) if since < LOOKED_AFTER else None
    return replace(bill, look_at=look_at, version=bill.version + 1)


def _ended(bill: Bill, state: BillState, now: datetime, *, charge_id: str = "", paid: str = "") -> Bill:
    return replace(
        bill,
        state=state,
        ended_at=bill.ended_at or now,
        look_at=None,
        charge_id=charge_id or bill.charge_id,
        paid=paid or bill.paid,
        version=bill.version + 1,
    )
