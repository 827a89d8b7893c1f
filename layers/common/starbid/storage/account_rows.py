"""People and payments as items, and back."""

from __future__ import annotations

from starbid.domain.money import XTR, Money
from starbid.domain.payments import Charge, ChargeState, Order, Purpose
from starbid.domain.people import Person
from starbid.storage.codec import Item
from starbid.storage.rows import at, ms, shelf


def person_item(person: Person) -> Item:
    """In the index `due` while a subscription runs."""
    until = ms(person.subscribed_until) if person.subscribed_until else None
    return {
        "user_id": person.id,
        "name": person.name,
        "username": person.username,
        "language": person.language,
        "joined_at": ms(person.joined_at),
        "subscribed_until": until,
        "blocked": person.blocked,
        "unreachable": person.unreachable,
        "version": person.version,
        "due_shelf": shelf("subscription", person.id) if until else None,
        "due_at": until,
    }


def person_from(item: Item) -> Person:
    return Person(
        id=item["user_id"],
        name=item["name"],
        username=item.get("username"),
        language=item["language"],
        joined_at=at(item["joined_at"]),
        subscribed_until=at(item["subscribed_until"]) if "subscribed_until" in item else None,
        blocked=item.get("blocked", False),
        unreachable=item.get("unreachable", False),
        version=item["version"],
    )


def order_item(order: Order, created_at: int) -> Item:
    """An invoice that we sent. `created_at` is milliseconds."""
    return {
        "payment_id": f"order#{order.id}",
        "user_id": order.user_id,
        "amount": order.amount.amount,
        "currency": order.amount.currency,
        "purpose": order.purpose.value,
        "state": "open",
        "created_at": created_at,
        "version": 1,
    }


def charge_item(charge: Charge) -> Item:
    """A charge that Telegram reported: in `by_user`, and half-way through a refund in `due`."""
    refunding = charge.state is ChargeState.REFUNDING
    return {
        "payment_id": f"charge#{charge.id}",
        "user_id": charge.user_id,
        "amount": charge.amount.amount,
        "currency": charge.amount.currency,
        "purpose": charge.purpose.value,
        "state": charge.state.value,
        "order_id": charge.order_id,
        "paid_at": ms(charge.paid_at),
        "version": charge.version,
        "due_shelf": shelf("refund", charge.id) if refunding else None,
        "due_at": ms(charge.paid_at) if refunding else None,
    }


def charge_from(item: Item) -> Charge:
    return Charge(
        id=item["payment_id"].removeprefix("charge#"),
        user_id=item["user_id"],
        amount=Money(item["amount"], item["currency"] or XTR),
        purpose=Purpose(item["purpose"]),
        order_id=item.get("order_id"),
        paid_at=at(item["paid_at"]),
        state=ChargeState(item["state"]),
        version=item["version"],
    )
