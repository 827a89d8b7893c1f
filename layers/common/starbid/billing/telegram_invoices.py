"""Invoices in a fiat currency inside Telegram, whose money a provider behind it collects (spec, section 7)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Protocol

from starbid.billing import wire
from starbid.domain.bills import Bill, ProviderStatus, Reported, invoice_payload
from starbid.domain.money import Money
from starbid.services.ports import BadCallback, ProviderTrouble, Rejected, TryLater


class InvoicesBot(Protocol):
    """What of the Bot API is needed here."""

    def create_invoice_link(
        self, title: str, description: str, payload: str, amount: Money, *, provider: str
    ) -> str: ...


class TelegramInvoices:
    """Implements BillGateway. Telegram reports payments itself (`successful_payment`), so there is nothing to find, to
    cancel or to call back: a pre-checkout of a bill that has ended is refused.
    """

    def __init__(self, bot: Callable[[], InvoicesBot], provider_token: Callable[[], str]) -> None:
        self._bot, self._provider_token = bot, provider_token

    def create(self, bill: Bill, comment: str) -> Reported:
        """A link that opens the invoice. A second one for the same bill does no harm: both name it."""
        payload, token = invoice_payload(bill), self._provider_token()
        try:
            link = self._bot().create_invoice_link(comment, comment, payload, bill.amount, provider=token)
        except (Rejected, TryLater) as error:
            raise ProviderTrouble(f"no link from Telegram ({type(error).__name__})", is_open=False) from error
        value = Decimal(wire.written(bill.amount))
        return Reported(bill.id, ProviderStatus.WAITING, value, bill.amount.currency, pay_url=link)

    def find(self, bill: Bill) -> Reported | None:
        del bill
        return None

    def cancel(self, bill: Bill) -> None:
        """The link stays, and what it opens is refused before the money moves."""

    def read_callback(self, headers: Mapping[str, str], body: bytes) -> Reported:
        del headers, body
        raise BadCallback("Telegram reports payments as updates")
