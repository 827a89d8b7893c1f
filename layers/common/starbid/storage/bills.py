"""Bills in the table of payments: `bill#…` is how one stands, `order#…` what it is for, `open-bill#…` which is open."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from starbid.domain.bills import Bill, BillState
from starbid.domain.money import Money
from starbid.domain.payments import Order, Provider
from starbid.domain.unfinished import Unfinished
from starbid.services.ports import Page
from starbid.storage.codec import Item, encode, encode_value
from starbid.storage.errors import Unmet, aws_errors
from starbid.storage.models import PaymentRow, packed_act, wire_of
from starbid.storage.reading import Reader
from starbid.storage.rows import at, ms, shard, shards
from starbid.storage.unit_parts import Parts

LOOKS, DIFFERS = "bill", "differs"
"""In the index `due`: bills to ask a provider about, and bills that wait for an operator."""


class BillVerbs(Parts):
    """The part of `ports.Unit` about bills."""

    def add_bill(self, bill: Bill, order: Order) -> None:
        self._new("bill", bill.id, encode(bill_item(bill)), bill_from)
        self._new("order", order.id, wire_of(PaymentRow.of_order(order, ms(bill.created_at))), dict)
        self._new("open_bill", bill.id, encode(_open_key(bill) | {"bill_id": bill.id}), _opened)

    def save_bill(self, before: Bill, after: Bill) -> None:
        action = {"Item": encode(bill_item(after))}
        values = {":version": before.version}
        self._add("bill", after.id, "payments", "Put", action, "version = :version", values, bill_from)
        if before.is_open and not after.is_open:
            self._add("open_bill", after.id, "payments", "Delete", {"Key": encode(_open_key(after))}, "", {}, _opened)

    def _new(self, what: str, key: str, item: Any, read: Any) -> None:
        condition = "attribute_not_exists(payment_id)"
        self._add(what, key, "payments", "Put", {"Item": item}, condition, {}, read)


class BillReads(Reader):
    """The part of `ports.Store` that is about bills."""

    def bill(self, bill_id: str) -> Bill | None:
        item = self.get("payments", _key(bill_id), consistent=True)
        return bill_from(item) if item else None

    def open_bill(self, user_id: int, provider: Provider) -> str | None:
        item = self.get("payments", {"payment_id": f"open-bill#{user_id}#{provider}"}, consistent=True)
        return str(item["bill_id"]) if item else None

    def bills_of(self, user_id: int, *, limit: int = 20, cursor: str | None = None) -> Page[Bill]:
        items, following = self.page("payments", {"owner": f"bill#{user_id}"}, limit, cursor, index="by_owner")
        return Page(tuple(bill_from(item) for item in items), following)

    def due_bills(self, now: datetime, limit: int) -> list[str]:
        due = self.due("payments", shards(LOOKS), ms(now), limit)
        return [item["payment_id"].removeprefix("bill#") for item in due][:limit]

    def differing_bills(self, limit: int) -> list[Bill]:
        keys: list[Item] = []
        for place in shards(DIFFERS):
            found, _ = self.query("payments", {"due_shard": place}, index="due", Limit=limit)
            keys += [{"payment_id": item["payment_id"]} for item in found]
        items = self.get_many({"payments": keys}, consistent={"payments"})["payments"]
        known = [bill for bill in map(bill_from, items) if bill.state is BillState.DIFFERENT]
        return sorted(known, key=lambda bill: bill.ended_at or bill.created_at)[:limit]

    def change_act(self, order_id: str, unfinished: Unfinished | None) -> bool:
        act = "SET unfinished = :act" if unfinished else "REMOVE unfinished"
        values = {":open": "open"} | ({":act": packed_act(unfinished)} if unfinished else {})
        try:
            with aws_errors():
                self.client.update_item(
                    TableName=self.tables["payments"],
                    Key=encode({"payment_id": f"order#{order_id}"}),
                    UpdateExpression=act,
                    ConditionExpression="#state = :open",
                    ExpressionAttributeNames={"#state": "state"},
                    ExpressionAttributeValues={name: encode_value(value) for name, value in values.items()},
                )
        except Unmet:
            return False
        return True


def bill_item(bill: Bill) -> Item:
    """Times are milliseconds, amounts minor units."""
    due_shard, due_at = _due(bill)
    return _key(bill.id) | {
        "owner": f"bill#{bill.user_id}",
        "provider": bill.provider.value,
        "user_id": bill.user_id,
        "amount": bill.amount.amount,
        "currency": bill.amount.currency,
        "created_at": ms(bill.created_at),
        "expires_at": ms(bill.expires_at),
        "state": bill.state.value,
        "pay_url": bill.pay_url or None,
        "ref": bill.ref or None,
        "look_at": ms(bill.look_at) if bill.look_at else None,
        "paid": bill.paid or None,
        "puzzled": bill.puzzled or None,
        "charge_id": bill.charge_id or None,
        "ended_at": ms(bill.ended_at) if bill.ended_at else None,
        "version": bill.version,
        "due_shard": due_shard,
        "due_at": due_at,
    }


def bill_from(item: Item) -> Bill:
    return Bill(
        id=item["payment_id"].removeprefix("bill#"),
        provider=Provider(item["provider"]),
        user_id=item["user_id"],
        amount=Money(item["amount"], item["currency"]),
        created_at=at(item["created_at"]),
        expires_at=at(item["expires_at"]),
        state=BillState(item["state"]),
        pay_url=item.get("pay_url", ""),
        ref=item.get("ref", ""),
        look_at=at(item["look_at"]) if "look_at" in item else None,
        paid=item.get("paid", ""),
        puzzled=item.get("puzzled", False),
        charge_id=item.get("charge_id", ""),
        ended_at=at(item["ended_at"]) if "ended_at" in item else None,
        version=item["version"],
    )


def _due(bill: Bill) -> tuple[str | None, int | None]:
    """The place of a bill in the index `due`; nowhere once nothing is left to do about it."""
    if bill.state is BillState.DIFFERENT and bill.ended_at:
        return shard(DIFFERS, bill.id), ms(bill.ended_at)
    return (shard(LOOKS, bill.id), ms(bill.look_at)) if bill.look_at else (None, None)


def _key(bill_id: str) -> Item:
    return {"payment_id": f"bill#{bill_id}"}


def _open_key(bill: Bill) -> Item:
    return {"payment_id": f"open-bill#{bill.user_id}#{bill.provider}"}


def _opened(item: Item) -> str:
    return str(item["bill_id"])
