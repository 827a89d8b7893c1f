"""Who takes people's money for us and gives it back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from starbid.domain.bills import Bill, Reported
from starbid.domain.money import Money
from starbid.domain.payments import Charge, Order


class PaymentGateway(Protocol):
    """One provider of payments. Both methods may raise TryLater."""

    def invoice_link(self, order: Order, title: str, description: str, payload: str) -> str:
        """Have the provider ask for the money; answers where it is paid. `payload` comes back with the payment."""

    def refund(self, charge: Charge) -> bool:
        """True once refunded (already refunded counts); False where the provider refuses for good, as one does that
        gives nothing back; raises otherwise.
        """


class ProviderTrouble(Exception):
    """A provider of bills failed. `is_open`: the call may have been carried out all the same."""

    def __init__(self, said: str, *, is_open: bool) -> None:
        super().__init__(said)
        self.is_open = is_open


class BadCallback(Exception):
    """A callback that is not to be believed: its signature is wrong or missing."""


class Unreadable(Exception):
    """A signed callback that says nothing about a bill."""


class BillGateway(Protocol):
    """One provider of bills (spec, section 7, "Providers"). All but `read_callback` may raise ProviderTrouble."""

    def create(self, bill: Bill, comment: str) -> Reported:
        """Have the provider make the bill, `comment` being what people read on it. Never twice: one that may have been
        made already (`find` tells) is not to be asked for again.
        """

    def find(self, bill: Bill) -> Reported | None:
        """The bill as the provider has it, by our id where its own is not known; None where it has none."""

    def cancel(self, bill: Bill) -> None:
        """Let nobody pay it any more. One that is paid, gone or unknown to the provider is left as it is."""

    def read_callback(self, headers: Mapping[str, str], body: bytes) -> Reported:
        """What a callback reports; names of `headers` are in small letters. Raises BadCallback, Unreadable."""


@dataclass(frozen=True, slots=True)
class StarTransaction:
    """Stars that came to the bot (`incoming`) or left it. `id` is the charge's, for a refund too.

    `kind` is the partner as Telegram has it: `user/<what for>`, `chat`, `fragment/<state of a withdrawal>`, ...;
    `unreadable` where id, amount, time or side cannot be told. `nanostars` (10^-9) come on top of `amount` (whole
    Stars); `commission` is what an affiliate got of it, in nanostars. `payer_id` (the person on the other side, also
    where Stars leave) and payload where Telegram names them. `months` of Premium that were given to the person, or 0.
    """

    id: str
    amount: int
    at: datetime
    incoming: bool
    kind: str = "user/invoice_payment"
    nanostars: int = 0
    commission: int = 0
    payer_id: int | None = None
    payload: str = ""
    months: int = 0


class StarsAccount(Protocol):
    """What only Telegram Stars have: a list of all that moved, and subscriptions that Telegram renews."""

    def transactions(self, offset: int, limit: int) -> list[StarTransaction]:
        """The bot's transactions from number `offset` (from 0) on, oldest first; at most 100."""

    def balance(self) -> int:
        """The bot's own Stars, now."""

    def own_balance(self, connection_id: str) -> int | None:
        """The Stars of the person who connected the bot to their account; None where Telegram refuses to tell."""

    def end_renewal(self, user_id: int, charge_id: str) -> bool:
        """Telegram takes no further payment for the subscription whose first charge this is; safe to repeat. False
        where Telegram knows none that could be ended; raises where that is open.
        """

    def allow_renewal(self, user_id: int, charge_id: str) -> bool:
        """The person may resume a subscription that `end_renewal` ended, in Telegram; safe to repeat. False where
        Telegram knows none such, or its time is over; raises where that is open.
        """

    def give_premium(self, user_id: int, months: int, price: Money) -> bool:
        """Telegram Premium for 3, 6 or 12 months as a gift, out of the bot's own Stars, at exactly Telegram's price. No
        repeat is recognised. False where Telegram refuses for good; raises where the outcome is open.
        """


class StarsGateway(PaymentGateway, StarsAccount, Protocol):
    """Telegram Stars: a provider like others, with an account of their own."""
