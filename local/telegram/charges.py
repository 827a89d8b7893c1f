"""Completed payments: their records, subscriptions that renew, refunds."""

from __future__ import annotations

import secrets
import sqlite3
from typing import Any

from local.telegram.context import Context
from local.telegram.errors import bad_request
from local.telegram.invoices import Invoice, find
from local.telegram.people import Person

MAX_TRANSACTIONS = 100


def book(context: Context, person: Person, invoice: Invoice, subscription: str = "", expires: int = 0) -> str:
    """Record a payment whose Stars were taken and tell the bot; the id of the charge.

    `subscription` is the id of a running one that renews until `expires`. To be called in a transaction.
    """
    charge_id = f"stx{secrets.token_urlsafe(30)}"
    renewal = bool(subscription)
    if invoice.period and not renewal:
        subscription, expires = charge_id, context.timestamp() + invoice.period
        sql = "INSERT INTO subscriptions (id, person_id, slug, expires) VALUES (?, ?, ?, ?)"
        context.store.run(sql, charge_id, person.id, invoice.slug, expires)
    payment = _payment(person, invoice, charge_id)
    context.store.run(
        "INSERT INTO charges VALUES (?, ?, ?, ?, ?, ?, ?, ?, NULL, ?)",
        charge_id,
        payment["provider_payment_charge_id"],
        person.id,
        invoice.title,
        invoice.currency,
        invoice.amount,
        invoice.payload,
        context.timestamp(),
        subscription or None,
    )
    if subscription:
        payment |= {"subscription_expiration_date": expires, "is_recurring": True}
        payment |= {} if renewal else {"is_first_recurring": True}
    context.say_as(person, {"successful_payment": payment}, {"title": invoice.title})
    return charge_id


def _payment(person: Person, invoice: Invoice, charge_id: str) -> dict[str, Any]:
    return {
        "currency": invoice.currency,
        "total_amount": invoice.amount,
        "invoice_payload": invoice.payload,
        "telegram_payment_charge_id": charge_id,
        "provider_payment_charge_id": f"{person.id}_{secrets.token_hex(6)}",
    }


def refund(context: Context, person: Person, charge_id: str) -> None:
    """Refund a whole charge, reported by the bot's own message in the person's chat.

    Raises `ApiError` 400 if it does not exist or was refunded before.
    """
    with context.store.transaction():
        row = context.store.row(
            "SELECT * FROM charges WHERE charge_id = ? AND person_id = ? AND currency = 'XTR'", charge_id, person.id
        )
        if row is None:
            raise bad_request("CHARGE_ID_INVALID")
        if row["refunded"]:
            raise bad_request("CHARGE_ALREADY_REFUNDED")
        context.store.run("UPDATE charges SET refunded = ? WHERE charge_id = ?", context.timestamp(), charge_id)
        if row["subscription"]:
            context.store.run("UPDATE subscriptions SET ended = 1 WHERE id = ?", row["subscription"])
        context.people.give_stars(person.id, row["amount"])
        refunded = {
            "currency": row["currency"],
            "total_amount": row["amount"],
            "invoice_payload": row["payload"],
            "telegram_payment_charge_id": charge_id,
            "provider_payment_charge_id": row["provider_id"],
        }
        context.report_as_bot(person, {"refunded_payment": refunded}, {"title": row["title"]})


def renew_due(context: Context) -> int:
    """Charge every subscription whose paid time is over, once per period; returns how many were checked."""
    sql = "SELECT * FROM subscriptions WHERE ended = 0 AND expires <= ? ORDER BY expires"
    done = 0
    while rows := context.store.rows(sql, context.timestamp()):
        for row in rows:
            _renew(context, row["id"])
        done += len(rows)
    return done


def _renew(context: Context, subscription_id: str) -> None:
    with context.store.transaction():
        row = context.store.row("SELECT * FROM subscriptions WHERE id = ? AND ended = 0", subscription_id)
        if row is None or row["expires"] > context.timestamp():
            return
        person, invoice = context.people.get(row["person_id"]), find(context, row["slug"])
        canceled = row["canceled_by_person"] or row["canceled_by_bot"]
        if canceled or invoice is None:
            context.store.run("UPDATE subscriptions SET ended = 1 WHERE id = ?", row["id"])
        elif not context.people.take_stars(person.id, invoice.amount):
            context.store.run("UPDATE subscriptions SET ended = 1 WHERE id = ?", row["id"])
            _tell_state(context, person, invoice, "failed")
        else:
            expires = row["expires"] + invoice.period
            context.store.run("UPDATE subscriptions SET expires = ? WHERE id = ?", expires, row["id"])
            book(context, person, invoice, row["id"], expires)


def _tell_state(context: Context, person: Person, invoice: Invoice, state: str) -> None:
    body = {"user": person.user(), "invoice_payload": invoice.payload, "state": state}
    context.courier.send(person.id, "subscription", body)


def set_canceled_by_person(context: Context, person: Person, subscription_id: str, *, canceled: bool) -> bool:
    """The person stops or resumes a subscription; whether that was possible."""
    sql = (
        "UPDATE subscriptions SET canceled_by_person = ?"
        " WHERE id = ? AND person_id = ? AND ended = 0 AND canceled_by_bot = 0 AND canceled_by_person <> ?"
    )
    with context.store.transaction():
        if context.store.run(sql, canceled, subscription_id, person.id, canceled) == 0:
            return False
        row = context.store.row("SELECT slug FROM subscriptions WHERE id = ?", subscription_id)
        invoice = find(context, row["slug"]) if row else None
        if invoice:
            _tell_state(context, person, invoice, "canceled" if canceled else "active")
        return True


def set_canceled_by_bot(context: Context, person: Person, charge_id: str, *, canceled: bool) -> None:
    """The bot stops a subscription, or lets the person resume it: until they do it is not renewed. `charge_id` is that
    of its first payment. Raises `ApiError` 400 for an unknown one.
    """
    sql = (
        "UPDATE subscriptions SET canceled_by_bot = ?, canceled_by_person = max(canceled_by_person, ?)"
        " WHERE person_id = ? AND ended = 0 AND id = ?"
    )
    if context.store.run(sql, canceled, canceled, person.id, charge_id) == 0:
        raise bad_request("CHARGE_ID_INVALID")


def is_subscribed(context: Context, person: Person, slug: str) -> bool:
    """Whether a subscription by this link runs already."""
    sql = "SELECT 1 FROM subscriptions WHERE person_id = ? AND slug = ? AND ended = 0"
    return context.store.row(sql, person.id, slug) is not None


def of_person(context: Context, person: Person) -> dict[str, Any]:
    """The payments and running subscriptions of a person, newest first, for the page."""
    paid = "SELECT charge_id, title, currency, amount, date, refunded FROM charges WHERE person_id = ?"
    running = "SELECT * FROM subscriptions WHERE person_id = ? AND ended = 0 ORDER BY expires DESC"
    subscriptions = context.store.rows(running, person.id)
    return {
        "charges": [dict(row) for row in context.store.rows(f"{paid} ORDER BY rowid DESC LIMIT 50", person.id)],
        "subscriptions": [_subscription(context, row) for row in subscriptions],
    }


def _subscription(context: Context, row: sqlite3.Row) -> dict[str, Any]:
    invoice = find(context, row["slug"])
    return {
        "id": row["id"],
        "title": invoice.title if invoice else "",
        "amount": invoice.amount if invoice else 0,
        "expires": row["expires"],
        "canceled": bool(row["canceled_by_person"] or row["canceled_by_bot"]),
        "by_bot": bool(row["canceled_by_bot"]),
    }


def balance(context: Context) -> int:
    """The bot's own Stars: paid minus refunded and given away."""
    row = context.store.row(
        "SELECT (SELECT coalesce(sum(amount), 0) FROM charges WHERE currency = 'XTR' AND refunded IS NULL)"
        " - (SELECT coalesce(sum(amount), 0) FROM gifts) AS n"
    )
    return int(row["n"]) if row else 0


def transactions(context: Context, offset: int, limit: int) -> list[dict[str, Any]]:
    """The bot's Star transactions, oldest first: payments as incoming ones, refunds and gifts as outgoing ones."""
    rows = context.store.rows(
        "SELECT charge_id AS id, person_id, amount, payload, subscription, 0 AS months, 0 AS back, date AS at"
        " FROM charges WHERE currency = 'XTR'"
        " UNION ALL SELECT charge_id, person_id, amount, payload, subscription, 0, 1, refunded"
        " FROM charges WHERE currency = 'XTR' AND refunded IS NOT NULL"
        " UNION ALL SELECT id, person_id, amount, '', NULL, months, 1, date FROM gifts"
        " ORDER BY at, back LIMIT ? OFFSET ?",
        limit,
        offset,
    )
    return [_transaction(context, row) for row in rows]


def _transaction(context: Context, row: sqlite3.Row) -> dict[str, Any]:
    partner: dict[str, Any] = {"type": "user", "user": context.people.get(row["person_id"]).user()}
    if row["months"]:
        partner |= {"transaction_type": "premium_purchase", "premium_subscription_duration": row["months"]}
    else:
        partner |= {"transaction_type": "invoice_payment", "invoice_payload": row["payload"]}
    if row["subscription"]:
        partner["subscription_period"] = 2_592_000
    side = "receiver" if row["back"] else "source"
    return {"id": row["id"], "amount": row["amount"], "date": row["at"], side: partner}
