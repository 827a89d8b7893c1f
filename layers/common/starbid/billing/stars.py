"""Telegram Stars as a source of money."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from starbid.domain.money import Money
from starbid.domain.payments import Charge, Order, Purpose
from starbid.services.ports import StarTransaction


class StarsBot(Protocol):
    """What of the Bot API is needed here. Its failures (TryLater and the like) pass as they are."""

    def create_invoice_link(
        self, title: str, description: str, payload: str, amount: Money, *, monthly: bool = False
    ) -> str: ...

    def allow_subscription(self, user_id: int, charge_id: str) -> bool: ...

    def business_star_balance(self, connection_id: str) -> int | None: ...

    def end_subscription(self, user_id: int, charge_id: str) -> bool: ...

    def gift_premium(self, user_id: int, months: int, price: Money) -> bool: ...

    def refund_stars(self, user_id: int, charge_id: str) -> bool: ...

    def star_balance(self) -> int: ...

    def star_transactions(self, offset: int, limit: int) -> list[StarTransaction]: ...


class TelegramStars:
    """Implements StarsGateway. `bot` is called only when Telegram is: most uses of money never import its library."""

    def __init__(self, bot: Callable[[], StarsBot]) -> None:
        self._bot = bot

    def invoice_link(self, order: Order, title: str, description: str, payload: str) -> str:
        """A link that opens the invoice in Telegram; one for a subscription renews every 30 days."""
        monthly = order.purpose is Purpose.SUBSCRIPTION
        return self._bot().create_invoice_link(title, description, payload, order.amount, monthly=monthly)

    def refund(self, charge: Charge) -> bool:
        """True once refunded ("already refunded" counts); False where Telegram refuses for good."""
        return self._bot().refund_stars(charge.user_id, charge.id)

    def transactions(self, offset: int, limit: int) -> list[StarTransaction]:
        return self._bot().star_transactions(offset, limit)

    def balance(self) -> int:
        return self._bot().star_balance()

    def own_balance(self, connection_id: str) -> int | None:
        return self._bot().business_star_balance(connection_id)

    def give_premium(self, user_id: int, months: int, price: Money) -> bool:
        """False where Telegram refuses for good."""
        return self._bot().gift_premium(user_id, months, price)

    def end_renewal(self, user_id: int, charge_id: str) -> bool:
        """False where there is nothing to end."""
        return self._bot().end_subscription(user_id, charge_id)

    def allow_renewal(self, user_id: int, charge_id: str) -> bool:
        """False where there is nothing to resume."""
        return self._bot().allow_subscription(user_id, charge_id)
