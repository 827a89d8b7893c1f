"""Who takes people's money for us and gives it back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from starbid.domain.payments import Charge, Order


class PaymentGateway(Protocol):
    """One provider of payments. Both methods may raise TryLater."""

    def invoice_link(self, order: Order, title: str, description: str, payload: str) -> str:
        """Have the provider ask for the money; answers where it is paid. `payload` comes back with the payment."""

    def refund(self, charge: Charge) -> bool:
        """True once refunded (already refunded counts); False where the provider refuses for good, as one does that
        gives nothing back; raises otherwise.
        """


@dataclass(frozen=True, slots=True)
class StarTransaction:
    """Stars that came to the bot (`incoming`) or left it. `id` is the charge's, for a refund too.

    `kind` is the partner as Telegram has it: `user/<what for>`, `chat`, `fragment/<state of a withdrawal>`, ...;
    `unreadable` where id, amount, time or side cannot be told. `nanostars` (10^-9) come on top of `amount` (whole
    Stars); `commission` is what an affiliate got of it, in nanostars. Payer and payload where Telegram names them.
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


class StarsAccount(Protocol):
    """What only Telegram Stars have: a list of all that moved, and subscriptions that Telegram renews."""

    def transactions(self, offset: int, limit: int) -> list[StarTransaction]:
        """The bot's transactions from number `offset` (from 0) on, oldest first; at most 100."""

    def end_renewal(self, user_id: int, charge_id: str) -> bool:
        """Telegram takes no further payment for the subscription whose first charge this is; safe to repeat. False
        where Telegram knows none that could be ended; raises where that is open.
        """


class StarsGateway(PaymentGateway, StarsAccount, Protocol):
    """Telegram Stars: a provider like others, with an account of their own."""
