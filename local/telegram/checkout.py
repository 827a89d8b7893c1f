"""The pay sheet: asks the bot whether the payment may go ahead, takes the Stars, tells the bot."""

from __future__ import annotations

import time
import uuid
from dataclasses import dataclass
from typing import Any

from local.telegram import charges, invoices
from local.telegram.context import Context
from local.telegram.errors import PageError, bad_request
from local.telegram.invoices import Invoice
from local.telegram.people import Person

MAX_ERROR = 200


@dataclass(frozen=True)
class Outcome:
    """How it went: `paid`, `refused` (by the bot), `timeout`, `not_enough` (Stars) or `unavailable`."""

    status: str
    words: str
    charge_id: str = ""

    def card(self) -> dict[str, Any]:
        """The outcome for the page."""
        return {"status": self.status, "words": self.words, "charge_id": self.charge_id}


def invoice_of(context: Context, person: Person, message_id: int | None, slug: str | None) -> Invoice:
    """The invoice meant by the number of its message or by the slug of its link. `PageError` 404 without one."""
    if message_id is not None:
        message = context.messages.find(person.id, message_id)
        slug = message.extra.get("invoice", {}).get("slug") if message else None
    invoice = invoices.find(context, slug) if slug else None
    if invoice is None:
        raise PageError(404, "There is no such invoice.")
    return invoice


def pay(context: Context, person: Person, invoice: Invoice) -> Outcome:
    """Pay an invoice, waiting up to ten seconds for the bot's answer."""
    obstacle = _obstacle(context, person, invoice)
    if obstacle:
        return obstacle
    checkout_id = _ask(context, person, invoice)
    status, words = _wait(context, checkout_id)
    if status == "refused":
        return Outcome("refused", words)
    if status != "approved":
        return Outcome("timeout", "The bot did not answer in time. Nothing was paid.")
    return _pay(context, person, invoice)


def _obstacle(context: Context, person: Person, invoice: Invoice) -> Outcome | None:
    row = invoices.find_row(context, invoice.slug)
    if row is None or row["paid"]:
        return Outcome("unavailable", "This invoice has been paid already.")
    if row["chat_id"] not in (None, person.id):
        return Outcome("unavailable", "This invoice is for someone else.")
    if invoice.period and charges.is_subscribed(context, person, invoice.slug):
        return Outcome("unavailable", "This subscription is running already.")
    stars = context.people.get(person.id).stars
    if invoice.in_stars and stars < invoice.amount:
        return Outcome("not_enough", f"It takes {invoice.amount} Stars, and there are {stars}.")
    return None


def _ask(context: Context, person: Person, invoice: Invoice) -> str:
    checkout_id = str(uuid.uuid4().int)[:19]
    with context.store.transaction():
        sql = "INSERT INTO checkouts VALUES (?, ?, ?, 'pending', '')"
        context.store.run(sql, checkout_id, person.id, invoice.slug)
        query = {
            "id": checkout_id,
            "from": person.user(),
            "currency": invoice.currency,
            "total_amount": invoice.amount,
            "invoice_payload": invoice.payload,
        }
        context.courier.send(person.id, "pre_checkout_query", query)
    return checkout_id


def _wait(context: Context, checkout_id: str) -> tuple[str, str]:
    deadline = time.monotonic() + context.checkout_seconds
    with context.checkouts:
        while True:
            row = context.store.row("SELECT status, error FROM checkouts WHERE id = ?", checkout_id)
            status, words = (row["status"], row["error"]) if row else ("expired", "")
            left = deadline - time.monotonic()
            if status != "pending":
                return status, words
            if left <= 0:
                context.store.run("UPDATE checkouts SET status = 'expired' WHERE id = ?", checkout_id)
                return "expired", ""
            context.checkouts.wait(left)


def answer(context: Context, checkout_id: str, *, ok: bool, words: str) -> None:
    """The bot's answer to a pre-checkout query. Raises `ApiError` 400 if it comes late or for none."""
    with context.checkouts:
        sql = "UPDATE checkouts SET status = ?, error = ? WHERE id = ? AND status = 'pending'"
        status = "approved" if ok else "refused"
        if context.store.run(sql, status, words[:MAX_ERROR], checkout_id) == 0:
            raise bad_request("query is too old and response timeout expired or query ID is invalid")
        context.checkouts.notify_all()


def _pay(context: Context, person: Person, invoice: Invoice) -> Outcome:
    """Take the Stars and book, in one step; what may have changed meanwhile is checked again."""
    with context.store.transaction():
        obstacle = _obstacle(context, person, invoice)
        if obstacle:
            return obstacle
        if invoice.in_stars:
            context.people.take_stars(person.id, invoice.amount)
        charge_id = charges.book(context, person, invoice)
        _mark_paid(context, invoice)
    return Outcome("paid", f"Paid: {invoice.title}", charge_id)


def _mark_paid(context: Context, invoice: Invoice) -> None:
    row = invoices.find_row(context, invoice.slug)
    if row is None or row["chat_id"] is None:
        return
    context.store.run("UPDATE invoices SET paid = 1 WHERE slug = ?", invoice.slug)
    message = context.messages.find(row["chat_id"], row["message_id"])
    if message:
        context.messages.replace(message, message.body, {**message.extra, "paid": True})
