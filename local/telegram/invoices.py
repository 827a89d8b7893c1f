"""Invoices: what Telegram accepts as one, and where they are kept until someone pays."""

from __future__ import annotations

import json
import secrets
import sqlite3
from dataclasses import asdict, dataclass
from typing import Any

from local.telegram.context import PREFIX, Context
from local.telegram.entities import units
from local.telegram.errors import bad_request
from local.telegram.params import Params

STARS = "XTR"
MAX_TITLE = 32
MAX_DESCRIPTION = 255
MAX_PAYLOAD_BYTES = 128
MAX_STARS = 100_000
MAX_SUBSCRIPTION_STARS = 10_000
SUBSCRIPTION_SECONDS = 2_592_000


@dataclass(frozen=True)
class Invoice:
    """An invoice; `period` is 0, or the seconds after which a subscription is paid again."""

    slug: str
    title: str
    description: str
    payload: str
    currency: str
    amount: int
    photo_url: str = ""
    start_parameter: str = ""
    period: int = 0

    @property
    def in_stars(self) -> bool:
        """Whether it is paid in Telegram Stars."""
        return self.currency == STARS

    def body(self) -> dict[str, Any]:
        """The invoice as a Bot API `Invoice`."""
        return {
            "title": self.title,
            "description": self.description,
            "start_parameter": self.start_parameter,
            "currency": self.currency,
            "total_amount": self.amount,
        }

    def card(self) -> dict[str, Any]:
        """The invoice as the pay sheet shows it; the payload is the bot's own business."""
        return {**self.body(), "slug": self.slug, "period": self.period, "photo_url": self.photo_url}


def read_invoice(params: Params, *, link: bool) -> Invoice:
    """The invoice of a call. Raises `ApiError` 400 where Telegram would; subscriptions exist by link only."""
    title, description, payload = (params.required(name) for name in ("title", "description", "payload"))
    if units(title) > MAX_TITLE:
        raise bad_request("INVOICE_TITLE_INVALID")
    if units(description) > MAX_DESCRIPTION:
        raise bad_request("INVOICE_DESCRIPTION_INVALID")
    if len(payload.encode()) > MAX_PAYLOAD_BYTES:
        raise bad_request("INVOICE_PAYLOAD_INVALID")
    currency = params.required("currency")
    return Invoice(
        slug=secrets.token_urlsafe(12),
        title=title,
        description=description,
        payload=payload,
        currency=currency,
        amount=_amount(params, currency),
        photo_url=params.text("photo_url"),
        start_parameter=params.text("start_parameter"),
        period=_period(params, currency) if link else 0,
    )


def _amount(params: Params, currency: str) -> int:
    prices = params.objects("prices")
    amounts = [price.get("amount") for price in prices]
    labelled = all(isinstance(price.get("label"), str) and price["label"] for price in prices)
    if not prices or not labelled or not all(type(amount) is int for amount in amounts):
        raise bad_request("can't parse prices JSON object")
    token = params.text("provider_token")
    if currency == STARS and (token or len(prices) != 1):
        raise bad_request("STARS_INVOICE_INVALID")
    if currency != STARS and not token:
        raise bad_request("PAYMENT_PROVIDER_INVALID")
    if currency != STARS and not (len(currency) == 3 and currency.isascii() and currency.isupper()):
        raise bad_request("CURRENCY_INVALID")
    total = sum(amount for amount in amounts if isinstance(amount, int))
    if total < 1 or total > (MAX_STARS if currency == STARS else 10**12):
        raise bad_request("CURRENCY_TOTAL_AMOUNT_INVALID")
    return total


def _period(params: Params, currency: str) -> int:
    period = params.integer("subscription_period")
    if period and (period != SUBSCRIPTION_SECONDS or currency != STARS):
        raise bad_request("SUBSCRIPTION_PERIOD_INVALID")
    if period and _amount(params, currency) > MAX_SUBSCRIPTION_STARS:
        raise bad_request("SUBSCRIPTION_AMOUNT_INVALID")
    return period


def keep(context: Context, invoice: Invoice, chat_id: int | None = None, message_id: int | None = None) -> None:
    """Store an invoice: of a message, which can be paid once, or of a link, which can be paid any number of times."""
    sql = "INSERT INTO invoices (slug, body, chat_id, message_id) VALUES (?, ?, ?, ?)"
    context.store.run(sql, invoice.slug, json.dumps(asdict(invoice)), chat_id, message_id)


def find(context: Context, slug: str) -> Invoice | None:
    """The invoice behind a slug."""
    row = context.store.row("SELECT body FROM invoices WHERE slug = ?", slug)
    return Invoice(**json.loads(row["body"])) if row else None


def find_row(context: Context, slug: str) -> sqlite3.Row | None:
    """Where the invoice was sent and whether it is paid."""
    return context.store.row("SELECT slug, chat_id, message_id, paid FROM invoices WHERE slug = ?", slug)


def link(context: Context, invoice: Invoice) -> str:
    """The address that opens the pay sheet."""
    return f"{context.site_url.rstrip('/')}{PREFIX}/invoice/{invoice.slug}"
