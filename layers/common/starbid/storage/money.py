"""Wallets, transfers, charges and orders in DynamoDB."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from starbid.domain.ledger import Transfer
from starbid.domain.payments import Charge, Order
from starbid.domain.wallet import Wallet
from starbid.services.ports import IdempotencyRecord, Page
from starbid.storage import rows
from starbid.storage.codec import encode
from starbid.storage.errors import aws_errors
from starbid.storage.models import PaymentRow, wire_of
from starbid.storage.reading import Reader
from starbid.storage.unit import idempotency_from, idempotency_key


class MoneyReads(Reader):
    """The part of `ports.Store` that is about money."""

    def wallet(self, user_id: int, currency: str, *, consistent: bool = False) -> Wallet:
        item = self.get("wallets", {"user_id": user_id, "currency": currency}, consistent=consistent)
        return rows.wallet_from(item) if item else Wallet.empty(user_id, currency)

    def wallets(self, user_id: int, *, consistent: bool = False) -> list[Wallet]:
        items, _ = self.query("wallets", {"user_id": user_id}, ConsistentRead=consistent)
        return [rows.wallet_from(item) for item in items if rows.is_used(item)]

    def wallets_of(self, user_ids: Iterable[int], currency: str) -> dict[int, Wallet]:
        keys = [{"user_id": user_id, "currency": currency} for user_id in dict.fromkeys(user_ids)]
        items = self.get_many({"wallets": keys}, consistent={"wallets"})["wallets"]
        return {item["user_id"]: rows.wallet_from(item) for item in items}

    def transfers(
        self,
        user_id: int,
        currency: str,
        *,
        limit: int = 50,
        cursor: str | None = None,
        until: datetime | None = None,
        since: datetime | None = None,
    ) -> Page[Transfer]:
        person, options = {"person": f"{user_id}#{currency}"}, dict[str, Any]()
        if until or since:  # "$" comes after the "#" that ends the time in an order, and no time is longer
            first, last = f"{rows.ms(since):013}" if since else "0", f"{rows.ms(until):013}$" if until else "9$"
            values = {":since": first, ":until": last}
            options = {
                "and_key": " AND #order BETWEEN :since AND :until",
                "names": {"#order": "order"},
                "values": values,
            }
        items, following = self.page("ledger", person, limit, cursor, index="by_person", **options)
        return Page(tuple(rows.transfer_from(item) for item in items), following)

    def transfers_named(self, transfer_ids: Iterable[str]) -> list[Transfer]:
        ids = list(dict.fromkeys(transfer_ids))
        keys = [{"transfer_id": transfer_id} for transfer_id in ids]
        items = self.get_many({"ledger": keys}, consistent={"ledger"})["ledger"]
        found = {item["transfer_id"]: rows.transfer_from(item) for item in items}
        return [found[transfer_id] for transfer_id in ids if transfer_id in found]

    def add_order(self, order: Order, now: datetime) -> None:
        row = wire_of(PaymentRow.of_order(order, rows.ms(now)))
        with aws_errors():
            self.client.put_item(TableName=self.tables["payments"], Item=row)

    def order(self, order_id: str) -> Order | None:
        row = self._order(order_id)
        return row.order() if row else None

    def first_charge(self, order_id: str) -> str | None:
        row = self._payment(f"order#{order_id}")
        return row.first_charge if row else None

    def order_state(self, order_id: str, user_id: int) -> str | None:
        row = self._order(order_id)
        return row.state if row and row.user_id == user_id else None

    def charge(self, charge_id: str) -> Charge | None:
        row = self._payment(f"charge#{charge_id}")
        return row.charge() if row else None

    def charges(self, charge_ids: Iterable[str]) -> dict[str, Charge]:
        keys = [{"payment_id": f"charge#{charge_id}"} for charge_id in dict.fromkeys(charge_ids)]
        items = self.get_many_wire({"payments": keys}, consistent={"payments"})["payments"]
        found = (PaymentRow.from_raw_data(item).charge() for item in items)
        return {charge.id: charge for charge in found}

    def charges_of(self, user_id: int, *, limit: int = 100) -> list[Charge]:
        key, options = {"user_id": user_id}, {"Limit": limit, "ScanIndexForward": False}
        items, _ = self.query_wire("payments", key, index="by_user", **options)
        return [PaymentRow.from_raw_data(item).charge() for item in items]

    def payments_of(
        self, user_id: int, *, limit: int = 20, cursor: str | None = None, until: datetime | None = None
    ) -> Page[Charge]:
        options: dict[str, Any] = {}
        if until:
            options = {"and_key": " AND paid_at <= :until", "values": {":until": rows.ms(until)}}
        items, following = self.page("payments", {"user_id": user_id}, limit, cursor, index="by_user", **options)
        charges = (PaymentRow.from_raw_data(encode(item)).charge() for item in items)
        return Page(tuple(charges), following)

    def _order(self, order_id: str) -> PaymentRow | None:
        """One that is only marked as paid is none: a signed payload outlives the row, as after a restoration."""
        row = self._payment(f"order#{order_id}")
        return row if row and row.user_id is not None else None

    def _payment(self, payment_id: str) -> PaymentRow | None:
        item = self.get_wire("payments", {"payment_id": payment_id}, consistent=True)
        return PaymentRow.from_raw_data(item) if item else None

    def due_refunds(self, now: datetime, limit: int) -> list[str]:
        due = self.due("payments", rows.shards("refund"), rows.ms(now), limit)
        return [item["payment_id"].removeprefix("charge#") for item in due][:limit]

    def idempotency_record(self, key: str) -> IdempotencyRecord | None:
        item = self.get("scratch", idempotency_key(key), consistent=True)
        return idempotency_from(item) if item else None
