"""Wallets, transfers, charges and orders in DynamoDB."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from starbid.domain.ledger import Transfer
from starbid.domain.money import Money
from starbid.domain.payments import Charge, Order, Purpose
from starbid.domain.wallet import Wallet
from starbid.services.ports import IdempotencyRecord, Page
from starbid.storage import rows
from starbid.storage.codec import encode
from starbid.storage.models import PaymentRow
from starbid.storage.reading import Reader, named_errors
from starbid.storage.unit import memory_from


class MoneyReads(Reader):
    """The part of `ports.Store` that is about money."""

    def wallet(self, user_id: int, currency: str, *, consistent: bool = False) -> Wallet:
        item = self.get("wallets", {"user_id": user_id, "currency": currency}, consistent=consistent)
        return rows.wallet_from(item) if item else Wallet.empty(user_id, currency)

    def wallets(self, user_id: int, *, consistent: bool = False) -> list[Wallet]:
        items, _ = self.query("wallets", {"user_id": user_id}, ConsistentRead=consistent)
        return [rows.wallet_from(item) for item in items]

    def wallets_of(self, user_ids: Iterable[int], currency: str) -> dict[int, Wallet]:
        keys = [{"user_id": user_id, "currency": currency} for user_id in dict.fromkeys(user_ids)]
        items = self.get_many({"wallets": keys}, consistent={"wallets"})["wallets"]
        return {item["user_id"]: rows.wallet_from(item) for item in items}

    def transfers(self, user_id: int, currency: str, *, limit: int = 50, cursor: str | None = None) -> Page[Transfer]:
        person = {"person": f"{user_id}#{currency}"}
        items, following = self.page("ledger", person, limit, cursor, index="by_person")
        return Page(tuple(rows.transfer_from(item) for item in items), following)

    def add_order(self, order: Order, now: datetime) -> None:
        with named_errors():
            item = PaymentRow.of_order(order, rows.ms(now)).serialize()
            self.client.put_item(TableName=self.tables["payments"], Item=item)

    def order(self, order_id: str) -> Order | None:
        item = self._order_item(order_id)
        if item is None:
            return None
        return Order(order_id, Purpose(item["purpose"]), item["user_id"], Money(item["amount"], item["currency"]))

    def first_charge(self, order_id: str) -> str | None:
        item = self.get("payments", {"payment_id": f"order#{order_id}"}, consistent=True)
        return item.get("first_charge") if item else None

    def order_state(self, order_id: str, user_id: int) -> str | None:
        item = self._order_item(order_id)
        return item["state"] if item and item["user_id"] == user_id else None

    def _order_item(self, order_id: str) -> dict[str, Any] | None:
        """One that is only marked as paid is none: a signed payload outlives the row, as after a restoration."""
        item = self.get("payments", {"payment_id": f"order#{order_id}"}, consistent=True)
        return item if item and "user_id" in item else None

    def charge(self, charge_id: str) -> Charge | None:
        with named_errors():
            key = encode({"payment_id": f"charge#{charge_id}"})
            answer = self.client.get_item(TableName=self.tables["payments"], Key=key, ConsistentRead=True)
        return PaymentRow.from_raw_data(answer["Item"]).charge() if "Item" in answer else None

    def charges(self, charge_ids: Iterable[str]) -> dict[str, Charge]:
        keys = [{"payment_id": f"charge#{charge_id}"} for charge_id in dict.fromkeys(charge_ids)]
        items = self.get_many_wire({"payments": keys}, consistent={"payments"})["payments"]
        found = (PaymentRow.from_raw_data(item).charge() for item in items)
        return {charge.id: charge for charge in found}

    def charges_of(self, user_id: int, *, limit: int = 20) -> list[Charge]:
        with named_errors():
            found = PaymentRow.by_user.query(user_id, limit=limit, scan_index_forward=False)
            return [row.charge() for row in found]

    def due_refunds(self, now: datetime, limit: int) -> list[str]:
        due = self.due("payments", rows.shards("refund"), rows.ms(now), limit)
        return [item["payment_id"].removeprefix("charge#") for item in due][:limit]

    def idempotency_record(self, key: str) -> IdempotencyRecord | None:
        with named_errors():
            wire_key = encode({"pk": f"memory#{key}", "sk": "-"})
            answer = self.client.get_item(TableName=self.tables["scratch"], Key=wire_key, ConsistentRead=True)
        return memory_from(answer["Item"]) if "Item" in answer else None
